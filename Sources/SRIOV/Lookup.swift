import Glibc
import Text

/// From the name a person gave to the PCI address of a PF.
extension SysfsReader {
    /// The PF's address, or why there is none.
    func find(_ name: String, in devices: borrowing Folder) throws(HostError) -> Result<PCIAddress, SRIOVError> {
        let address: PCIAddress
        let word = DeviceWord(name)
        if let given = word.address {
            address = given
        } else if let mac = word.mac, try netdev(named: name) == nil {
            let found = try pfs(of: mac, in: devices)
            guard let first = found.first else { return .failure(SRIOVError(.noSuchDevice, subject: name)) }
            guard found.count == 1 else {
                return .failure(SRIOVError(.ambiguous(try titles(of: found, devices)), subject: name))
            }
            address = first
        } else {
            guard let netdev = try netdev(named: name) else {
                return .failure(SRIOVError(.noSuchDevice, subject: name))
            }
            // A bridge or VLAN is no device; others sit on USB or a platform bus.
            guard let device = try device(ofNetdev: netdev) else {
                let made = try kind(of: Name(netdev))
                let below = try pfs(below: Name(netdev), in: devices)
                let isUnknown = made == "other" && below.isEmpty
                return .failure(SRIOVError(isUnknown ? .notCapable : .isUpper(kind: made, pfs: below), subject: name))
            }
            if let folder = try devices.folder(device.description), try Self.isRepresentor(netdev, of: folder) {
                let pf = try Self.netdevs(of: folder).first?.string ?? device.description
                return .failure(SRIOVError(.isRepresentor(pf: pf), subject: name))
            }
            address = device
        }
        if let kind = try refusal(of: address, in: devices) { return .failure(SRIOVError(kind, subject: name)) }
        return .success(address)
    }

    /// Why a device is no PF with virtual functions; nil for one that is.
    private func refusal(
        of address: PCIAddress, in devices: borrowing Folder
    ) throws(HostError) -> SRIOVError.Kind? {
        guard let device = try devices.folder(address.description) else { return .noSuchDevice }
        if let pf = try device.folder("physfn") {
            let address = try device.linkName("physfn") ?? ""
            return .isVirtualFunction(pf: try Self.netdevs(of: pf).first?.string ?? address)
        }
        guard try Self.isNetwork(address.description, in: devices) else { return .notNetwork }
        if try device.has("sriov_totalvfs") { return nil }
        return try isFunction(device) ? .functionWithoutPort : .notCapable
    }

    /// Virtual functions of ConnectX cards, which have their PFs' driver.
    private static let functionsOfMellanox: Set = [
        "0x1004", "0x1012", "0x1014", "0x1016", "0x1018", "0x101a", "0x101c", "0x101e",
    ]

    /// Whether a device is made as a virtual function, by its driver or its number: the kernel tells it by its PF alone.
    private func isFunction(_ device: borrowing Folder) throws(HostError) -> Bool {
        if let driver = try device.linkName("driver"), driver.hasSuffix(bytes: "vf") { return true }
        guard try device.text("vendor") == "0x15b3", let number = try device.text("device") else { return false }
        return Self.functionsOfMellanox.contains(number)
    }

    /// The name by which sysfs knows a netdev: its one name, where the kernel also has alternative ones.
    private func netdev(named name: String) throws(HostError) -> String? {
        guard !name.isEmpty, !name.contains(bytes: "/"), name != ".", name != "..",
            let netdevs = try Folder(system.root + "/class/net")
        else { return nil }
        if try netdevs.has(name) { return name }
        let word = DeviceWord(name)
        if !word.isName, let found = try netdevs.names()?.first(where: { word.isNodeDevice(of: Name($0)) }) {
            return found
        }
        guard let known = try netlink()?.link(named: name)?.name.string, try netdevs.has(known) else { return nil }
        return known
    }

    /// The PFs that a bridge, bond or VLAN stands on, itself or by others.
    private func pfs(below upper: Name, in devices: borrowing Folder) throws(HostError) -> [String] {
        guard let netdevs = try Folder(system.root + "/class/net") else { return [] }
        var found: [String] = []
        for pf in try pfs(in: devices) {
            guard let device = try devices.folder(pf.description) else { continue }
            for netdev in try Self.netdevs(of: device) {
                var open = [netdev]
                var seen: Set<Name> = []
                while let name = open.popLast(), !seen.contains(upper) {
                    guard seen.insert(name).inserted, let folder = try netdevs.folder(name.string) else { continue }
                    open += try uppers(folder)
                }
                if seen.contains(upper) { found.append(netdev.string) }
            }
        }
        return found
    }

    /// The PCI device a netdev sits on, itself or by a virtio device. The kernel's links always have the devices' names,
    /// made-up ones may not.
    private func device(ofNetdev netdev: String) throws(HostError) -> PCIAddress? {
        let link = system.root + "/class/net/" + netdev + "/device"
        guard let path = realpath(link, nil) else { return try SystemFile.absent(link) }
        defer { free(path) }
        let devices = String(cString: path).split(byte: "/").suffix(2)
        let isVirtio = devices.last?.hasPrefix(bytes: "virtio") ?? false
        return (isVirtio ? devices.first : devices.last).flatMap { PCIAddress(String($0)) }
    }

    /// The PFs of a MAC, in order. The permanent one decides, for a bond gives one MAC to several PFs.
    private func pfs(of mac: MACAddress, in devices: borrowing Folder) throws(HostError) -> [PCIAddress] {
        var found: Set<PCIAddress> = []
        for pf in try pfs(in: devices) {
            guard let device = try devices.folder(pf.description) else { continue }
            for netdev in try Self.netdevs(of: device) {
                if try permanentMAC(of: netdev, at: device) == mac { found.insert(pf) }
            }
        }
        if found.isEmpty, let netdevs = try Folder(system.root + "/class/net") {
            for netdev in try netdevs.names() ?? [] {
                guard try netdevs.text(netdev + "/address").flatMap({ MACAddress($0) }) == mac,
                    let address = try device(ofNetdev: netdev)
                else { continue }
                found.insert(address)
            }
        }
        return found.sorted()
    }

    /// The PFs' netdevs, or the address of one that has none.
    private func titles(of pfs: [PCIAddress], _ devices: borrowing Folder) throws(HostError) -> [String] {
        var titles: [String] = []
        for pf in pfs {
            var netdev: String?
            if let device = try devices.folder(pf.description) { netdev = try Self.netdevs(of: device).first?.string }
            titles.append(netdev ?? pf.description)
        }
        return titles
    }
}
