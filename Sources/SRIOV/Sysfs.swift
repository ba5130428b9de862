import Text

/// What the kernel of this host says of its SR-IOV ports. Reads, never writes: that is for `VFTable`.
///
/// The folders can be moved, for hosts made up in tests. `readsNetlink` adds what only a socket can tell: the IP
/// addresses, the VF table and the permanent MAC. They are asked of the network namespace we run in; a netdev of the
/// tree that is not there (same name, same index, same MAC) has none of these, which is not an error.
package struct Sysfs: Sendable {
    let root: String
    let processes: String
    let modules: String
    let readsNetlink: Bool

    package init(
        root: String = "/sys", processes: String = "/proc", modules: String = "/lib/modules", readsNetlink: Bool = true
    ) {
        self.root = root
        self.processes = processes
        self.modules = modules
        self.readsNetlink = readsNetlink
    }

    /// Every network port that can have virtual functions, in order of PCI address; empty where /sys cannot be read.
    ///
    /// `includingPrograms` also looks for the processes that have a VF's VFIO device open, if any VF is bound to VFIO:
    /// that reads the open files of every process of the host, so ask for it only where the answer matters.
    package func physicalFunctions(includingPrograms: Bool = false) -> [PhysicalFunction] {
        guard let devices = Folder(root + "/bus/pci/devices") else { return [] }
        let reading = Reading(self)
        var ports = reading.ports(in: devices).compactMap { reading.physicalFunction($0, in: devices) }
        if includingPrograms { reading.addPrograms(to: &ports, in: devices) }
        return ports
    }

    /// The port of that netdev name, alternative name, PCI address (`0000:03:00.0`, `03:00.0`) or MAC.
    ///
    /// A MAC is the permanent one of a port, else the present one of a single card.
    package func physicalFunction(
        _ name: String, includingPrograms: Bool = false
    ) throws(SRIOVError) -> PhysicalFunction {
        guard let devices = Folder(root + "/bus/pci/devices") else { throw SRIOVError(.unreadable, subject: name) }
        let reading = Reading(self)
        let address = try reading.address(of: name, in: devices)
        guard let port = reading.physicalFunction(address, in: devices) else {
            throw SRIOVError(.noSuchDevice, subject: name)
        }
        guard includingPrograms else { return port }
        var ports = [port]
        reading.addPrograms(to: &ports, in: devices)
        return ports.first ?? port
    }

    /// Whether the host has an IOMMU and uses it; nil where the kernel does not say.
    package func iommuEnabled() -> Bool? {
        guard let kernel = Folder(root + "/kernel/iommu_groups"), let groups = kernel.names() else { return nil }
        // VFIO's own mode without an IOMMU makes groups too, of this name.
        return groups.contains { kernel.text($0 + "/name") != "vfio-noiommu" }
    }

    /// Whether there is a Linux bridge of that name; nil where that cannot be told.
    package func isBridge(_ name: String) -> Bool? {
        guard let netdevs = Folder(root + "/class/net") else { return nil }
        guard !name.isEmpty, !name.contains(bytes: "/"), name != ".", name != ".." else { return false }
        return netdevs.has(name + "/bridge")
    }

    /// Whether vfio-pci is loaded, or can be; nil where that cannot be told.
    package func vfioAvailable() -> Bool? {
        if let system = Folder(root), system.has("bus/pci/drivers/vfio-pci") || system.has("module/vfio_pci") {
            return true
        }
        guard let release = Folder(processes)?.text("sys/kernel/osrelease"),
            let folder = Folder(modules + "/" + release)
        else { return nil }
        let lists = ["modules.dep", "modules.builtin"].compactMap { list in
            folder.contents(list, limit: 16 << 20).map { bytes in
                bytes.split(separator: UInt8(ascii: "\n")).contains { line in
                    line.prefix { $0 != UInt8(ascii: ":") }.split(separator: UInt8(ascii: "/")).last?
                        .starts(with: "vfio-pci.ko".utf8) ?? false
                }
            }
        }
        return lists.isEmpty ? nil : lists.contains(true)
    }
}
