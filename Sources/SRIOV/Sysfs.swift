import Glibc
package import Text

/// What the kernel of this host says of its SR-IOV PFs. Reads, never writes: that is for `VFTable`.
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

    /// Every network port that can have virtual functions, in order of PCI address; empty where there is no /sys.
    ///
    /// `includingPrograms` also looks for the processes that have a VF's VFIO device open, if any VF is bound to VFIO:
    /// that reads the open files of every process of the host, so ask for it only where the answer matters.
    ///
    /// - Throws: where the PFs, or which functions they have, can't be read. What else can't be read makes a
    ///   function's use unknown (`HostUse.unreadable`).
    package func physicalFunctions(includingPrograms: Bool = false) throws(HostError) -> [PhysicalFunction] {
        try look(includingPrograms: includingPrograms).pfs
    }

    /// Also tells every PCI device, and whether the open files of every process could be seen, which takes root.
    package func look(
        includingPrograms: Bool
    ) throws(HostError) -> (pfs: [PhysicalFunction], devices: Set<PCIAddress>, seesEveryProgram: Bool) {
        guard let devices = try Folder(root + "/bus/pci/devices") else { return ([], [], true) }
        let reading = try SysfsReader(self)
        var pfs: [PhysicalFunction] = []
        for address in try reading.pfs(in: devices) {
            if let pf = try reading.physicalFunction(address, in: devices) { pfs.append(pf) }
        }
        let seesEveryProgram = includingPrograms ? reading.addPrograms(to: &pfs, in: devices) : true
        let addresses = (try devices.names() ?? []).compactMap { PCIAddress($0) }
        return (pfs, Set(addresses), seesEveryProgram)
    }

    /// The PF of that netdev name, alternative name, PCI address (`0000:03:00.0`, `03:00.0`) or MAC.
    ///
    /// A MAC is the permanent one of a PF, else the present one of a single card.
    package func physicalFunction(
        _ name: String, includingPrograms: Bool = false
    ) throws(SRIOVError) -> PhysicalFunction {
        let found: Result<PhysicalFunction, SRIOVError>
        do throws(HostError) {
            found = try find(name, includingPrograms: includingPrograms)
        } catch {
            throw SRIOVError(.unreadable(error), subject: name)
        }
        return try found.get()
    }

    private func find(
        _ name: String, includingPrograms: Bool
    ) throws(HostError) -> Result<PhysicalFunction, SRIOVError> {
        let path = root + "/bus/pci/devices"
        guard let devices = try Folder(path) else { throw HostError(path, ENOENT) }
        let reading = try SysfsReader(self)
        let address: PCIAddress
        switch try reading.find(name, in: devices) {
        case .success(let found): address = found
        case .failure(let refusal): return .failure(refusal)
        }
        guard let pf = try reading.physicalFunction(address, in: devices) else {
            return .failure(SRIOVError(.noSuchDevice, subject: name))
        }
        guard includingPrograms else { return .success(pf) }
        var pfs = [pf]
        reading.addPrograms(to: &pfs, in: devices)
        return .success(pfs.first ?? pf)
    }

    /// Whether the host has an IOMMU and uses it; nil where the kernel does not say.
    package func iommuEnabled() -> Bool? {
        try? isIOMMUOn()
    }

    private func isIOMMUOn() throws(HostError) -> Bool? {
        guard let kernel = try Folder(root + "/kernel/iommu_groups"), let groups = try kernel.names() else {
            return nil
        }
        // VFIO's own mode without an IOMMU makes groups too, of this name.
        for group in groups {
            if try kernel.text(group + "/name") != "vfio-noiommu" { return true }
        }
        return false
    }

    /// Whether there is a Linux bridge of that name; nil where that cannot be told.
    package func isBridge(_ name: String) -> Bool? {
        guard !name.isEmpty, !name.contains(bytes: "/"), name != ".", name != ".." else { return false }
        return try? isThere(name + "/bridge", below: root + "/class/net")
    }

    /// Whether a Linux bridge tells VLANs apart; nil where there is none of that name, or that can't be told.
    package func filtersVLANs(_ name: String) -> Bool? {
        guard isBridge(name) == true, let folder = try? Folder(root + "/class/net") else { return nil }
        guard let text = try? folder.text(name + "/bridge/vlan_filtering") else { return nil }
        return text.isSame(as: "1")
    }

    /// All Linux bridges; nil where that cannot be told.
    package func bridges() -> Set<Name>? {
        guard let netdevs = try? Folder(root + "/class/net"), let names = try? netdevs.names() else { return nil }
        var bridges: Set<Name> = []
        for name in names {
            guard let isBridge = try? netdevs.has(name + "/bridge") else { return nil }
            if isBridge { bridges.insert(Name(name)) }
        }
        return bridges
    }

    private func isThere(_ name: String, below folder: String) throws(HostError) -> Bool? {
        guard let folder = try Folder(folder) else { return nil }
        return try folder.has(name)
    }

    /// Whether vfio-pci is loaded, or can be; nil where that cannot be told.
    package func vfioAvailable() -> Bool? { hasDriver("vfio-pci") }

    /// Whether a PCI driver is loaded, or modprobe can load it, as libvirt would; nil where that cannot be told.
    package func hasDriver(_ name: String) -> Bool? {
        try? isDriverThere(name)
    }

    /// One of depmod's lists of the running kernel's modules; nil where there is none.
    func moduleList(_ name: String) throws(HostError) -> [UInt8]? {
        guard let release = try Folder(processes)?.text("sys/kernel/osrelease"),
            let folder = try Folder(modules + "/" + release)
        else { return nil }
        return try folder.contents(name, limit: 16 << 20)
    }

    private func isDriverThere(_ name: String) throws(HostError) -> Bool? {
        // A module's name has `_` for each `-` of its file's.
        let module = name.replacing(bytes: "-", with: "_")
        guard !name.isEmpty, !name.contains(bytes: "/"), name != ".", name != ".." else { return false }
        if let system = try Folder(root) {
            if try system.has("bus/pci/drivers/" + name) { return true }
            if try system.has("module/" + module) { return true }
        }
        var answer: Bool?
        for list in ["modules.dep", "modules.builtin"] {
            guard let bytes = try moduleList(list) else { continue }
            let isListed = bytes.split(separator: UInt8(ascii: "\n")).contains { line in
                let file = line.prefix { $0 != UInt8(ascii: ":") }.split(separator: UInt8(ascii: "/")).last ?? []
                let plain = file.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
                return plain.starts(with: module.utf8) && plain.dropFirst(module.utf8.count).starts(with: ".ko".utf8)
            }
            if isListed { return true }
            answer = false
        }
        return answer
    }
}
