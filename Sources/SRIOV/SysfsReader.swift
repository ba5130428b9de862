import Glibc
import Text

/// One look at a host's functions; holds what is asked once and used for all of them.
final class SysfsReader {
    let system: Sysfs
    private let netdevs: Folder?
    private var groupMembers: [Int: Int] = [:]
    private var openNetlink: Result<Netlink?, HostError>?
    private lazy var devlink = system.readsNetlink ? Devlink() : nil
    private var readAddresses: Result<[Int: [String]], HostError>?
    private var readExtras: Result<[Int: NetdevExtras], HostError>?

    init(_ system: Sysfs) throws(HostError) {
        self.system = system
        netdevs = try Folder(system.root + "/class/net")
    }

    /// Nil where netlink is not to be asked.
    func netlink() throws(HostError) -> Netlink? {
        let answer =
            openNetlink
            ?? Result { () throws(HostError) -> Netlink? in
                guard system.readsNetlink else { return nil }
                return try Netlink()
            }
        openNetlink = answer
        return try answer.get()
    }

    private func addresses() throws(HostError) -> [Int: [String]] {
        let answer =
            readAddresses
            ?? Result { () throws(HostError) -> [Int: [String]] in
                guard system.readsNetlink else { return [:] }
                return try Netlink.addresses()
            }
        readAddresses = answer
        return try answer.get()
    }

    /// What a netdev has that few have; nil for most.
    private func extras(_ name: Name, _ netdev: borrowing Folder) throws(HostError) -> NetdevExtras? {
        let answer =
            readExtras
            ?? Result { () throws(HostError) -> [Int: NetdevExtras] in
                guard system.readsNetlink else { return [:] }
                return try Netlink.extras()
            }
        readExtras = answer
        let all = try answer.get()
        guard !all.isEmpty, let index = try netdev.number("ifindex"), let found = all[index],
            try Netlink.name(ofIndex: index) == name
        else { return nil }
        return found
    }

    /// The network ports that can have virtual functions, in order.
    func pfs(in devices: borrowing Folder) throws(HostError) -> [PCIAddress] {
        var pfs: [PCIAddress] = []
        for name in try devices.names() ?? [] {
            guard try devices.has(name + "/sriov_totalvfs"), try Self.isNetwork(name, in: devices),
                let address = PCIAddress(name)
            else { continue }
            pfs.append(address)
        }
        return pfs.sorted()
    }

    /// PCI class 0x02: Ethernet, InfiniBand and other network controllers.
    static func isNetwork(_ device: String, in devices: borrowing Folder) throws(HostError) -> Bool {
        try devices.text(device + "/class")?.hasPrefix(bytes: "0x02") ?? false
    }

    /// ARPHRD_INFINIBAND.
    private static let infiniBandType = 32
    /// What a card is without a netdev to tell it: one that can be either has this class while it is InfiniBand.
    private static let infiniBandClass = "0x0207"

    /// - Throws: where not all of its functions, or not all that is to be known of the PF itself, can be read. A
    ///   function whose own files can't be read is there, and of unknown use.
    func physicalFunction(_ address: PCIAddress, in devices: borrowing Folder) throws(HostError) -> PhysicalFunction? {
        guard let device = try devices.folder(address.description) else { return nil }
        let names = try Self.netdevs(of: device)
        var pf = PhysicalFunction(
            netdev: names.first, otherNetdevs: Array(names.dropFirst()), address: address,
            driver: try device.linkName("driver"), enabledVFs: try device.number("sriov_numvfs") ?? 0,
            possibleVFs: try device.number("sriov_totalvfs"), numaNode: try Self.numaNode(of: device),
            iommuGroup: try device.linkName("iommu_group").flatMap { Int($0) })
        pf.firstOffset = try device.number("sriov_offset")
        pf.stride = try device.number("sriov_stride")
        pf.probesDrivers = try device.number("sriov_drivers_autoprobe").map { $0 == 1 }
        pf.isSwitchdev = devlink?.isSwitchdev(address)
        if pf.isSwitchdev == nil { pf.isSwitchdev = try Self.showsRepresentors(device) }
        var table: [Int: VFSettings]?
        if let name = names.first, let netdev = try device.folder("net/\(name)") {
            pf.mac = try netdev.text("address").flatMap { MACAddress($0) }
            for upper in try uppers(netdev) where try kind(of: upper) == "bridge" { pf.bridges.append(upper) }
            pf.isUp = try netdev.number("flags").map { $0 & 1 == 1 }  // IFF_UP
            pf.hasCarrier = try netdev.number("carrier").map { $0 == 1 }
            let link = try link(name, netdev)
            table = link?.settings
            pf.alternativeNames = link?.alternativeNames ?? []
            pf.permanentMAC = try permanentMAC(name, netdev, isHere: link != nil)
            pf.isInfiniBand = try netdev.number("type") == Self.infiniBandType
        } else {
            pf.isInfiniBand = try device.text("class")?.hasPrefix(bytes: Self.infiniBandClass) ?? false
        }
        for name in try device.names(startingWith: "virtfn") ?? [] {
            guard let index = name.without(prefix: "virtfn").flatMap({ Int(digits: $0) }),
                let address = try device.linkName(name).flatMap({ PCIAddress($0) })
            else { continue }
            do throws(HostError) {
                guard let folder = try device.folder(name) else { continue }
                pf.functions.append(try virtualFunction(index, address, folder, settings: table?[index]))
            } catch {
                pf.functions.append(
                    VirtualFunction(index: index, address: address, hostUses: [.unreadable(error)]))
            }
        }
        pf.functions.sort { $0.index < $1.index }
        return pf
    }

    private func virtualFunction(
        _ index: Int, _ address: PCIAddress, _ device: borrowing Folder, settings: VFSettings?
    ) throws(HostError) -> VirtualFunction {
        var function = VirtualFunction(
            index: index, address: address, driver: try device.linkName("driver"),
            numaNode: try Self.numaNode(of: device),
            iommuGroup: try device.linkName("iommu_group").flatMap { Int($0) }, settings: settings)
        if let group = function.iommuGroup { function.groupMembers = try members(ofGroup: group, device) }
        // The kernel makes the folder `net` with a device's first netdev and removes it with the last. A netdev that is
        // moved to another namespace is no longer listed in it, but is still there, and so is the folder.
        guard let names = try device.names(in: "net")?.map({ Name($0) }).sorted() else { return function }
        function.netdev = names.first
        if names.isEmpty, let driver = function.driver, !Self.isPassThrough(driver) {
            function.hostUses.append(.otherNamespace)
        }
        for name in names {
            guard let netdev = try device.folder("net/\(name)") else { continue }
            if function.netdevMAC == nil {
                function.netdevMAC = try netdev.text("address").flatMap { MACAddress($0) }
                function.hasRandomMAC = try netdev.number("addr_assign_type") == 1  // NET_ADDR_RANDOM
            }
            function.alternativeNames += try extras(name, netdev)?.alternativeNames ?? []
            function.hostUses += try uses(name, netdev)
        }
        return function
    }

    /// Drivers that make no netdev but hand the device to a program or a guest.
    private static func isPassThrough(_ driver: String) -> Bool {
        driver.contains(bytes: "vfio") || ["pci-stub", "uio_pci_generic", "igb_uio", "pciback"].contains(driver)
    }

    private static func numaNode(of device: borrowing Folder) throws(HostError) -> Int? {
        try device.number("numa_node").flatMap { $0 < 0 ? nil : $0 }
    }

    /// A PF's own netdevs, the first one first.
    static func netdevs(of device: borrowing Folder) throws(HostError) -> [Name] {
        let names = try device.names(in: "net") ?? []
        guard names.count > 1 else { return names.map { Name($0) } }
        var ordered: [(Int, Int, Name)] = []
        for name in names {
            if try isRepresentor(name, of: device) { continue }
            ordered.append(
                (
                    try device.number("net/" + name + "/dev_port") ?? 0,
                    try device.number("net/" + name + "/ifindex") ?? 0, Name(name)
                ))
        }
        return ordered.sorted { $0 < $1 }.map(\.2)
    }

    /// In switchdev mode the PF's folder also has a netdev for each VF, at the card's own switch. The driver says so of it:
    /// `pf0vf3`, `pf0hpf`, `c1pf0sf88`; the PF itself is `p0`.
    static func isRepresentor(_ netdev: String, of device: borrowing Folder) throws(HostError) -> Bool {
        guard let port = try device.text("net/" + netdev + "/phys_port_name") else { return false }
        let place = port.without(prefix: "c")?.drop(bytes: \.isDigit) ?? port[...]
        return place.hasPrefix(bytes: "pf")
    }

    /// True where there are representors; nil says nothing.
    private static func showsRepresentors(_ device: borrowing Folder) throws(HostError) -> Bool? {
        let names = try device.names(in: "net") ?? []
        guard names.count > 1 else { return nil }
        for name in names {
            if try isRepresentor(name, of: device) { return true }
        }
        return nil
    }

    /// How many devices of an IOMMU group a guest would have to take; VFIO leaves bridges (class 0x06) to the host.
    private func members(ofGroup group: Int, _ device: borrowing Folder) throws(HostError) -> Int? {
        if let known = groupMembers[group] { return known }
        guard let names = try device.names(in: "iommu_group/devices") else { return nil }
        var members = names.count
        if members > 1 {
            for name in names {
                let kind = try device.text("iommu_group/devices/" + name + "/class")
                if kind?.hasPrefix(bytes: "0x06") ?? false { members -= 1 }
            }
        }
        groupMembers[group] = members
        return members
    }

    // MARK: Netdevs

    /// What a netdev of a virtual function is used for.
    func uses(_ name: Name, _ netdev: borrowing Folder) throws(HostError) -> [HostUse] {
        var uses: [HostUse] = []
        let addresses = try addresses()
        if !addresses.isEmpty, let index = try netdev.number("ifindex"), let found = addresses[index],
            try Netlink.name(ofIndex: index) == name
        {
            uses += found.map { .address($0) }
        }
        if let program = try extras(name, netdev)?.xdpProgram { uses.append(.xdp(program: program)) }
        for upper in try uppers(netdev) { uses.append(.upper(kind: try kind(of: upper), name: upper)) }
        return uses
    }

    /// The netdevs that stand on this one. Whether they are up does not matter: they were put there to be used. One
    /// that was then moved to another namespace (a container's macvlan) the kernel shows to nobody here.
    func uppers(_ netdev: borrowing Folder) throws(HostError) -> [Name] {
        let uppers = try netdev.names(startingWith: "upper_") ?? []
        var names = Set(uppers.compactMap { $0.without(prefix: "upper_").map { Name($0) } })
        if let master = try netdev.linkName("master") { names.insert(Name(master)) }
        return names.sorted()
    }

    /// One of the kinds that `HostUse` names. Netlink knows it; sysfs does for all but macvlan.
    func kind(of upper: Name) throws(HostError) -> String {
        guard let netdev = try netdevs?.folder(upper.string) else { return "other" }
        if let kind = try link(upper, netdev)?.kind { return Self.kinds.contains(kind) ? kind : "other" }
        if try netdev.has("bridge") { return "bridge" }
        if try netdev.has("bonding") { return "bond" }
        if try netdev.has("macvtap") { return "macvtap" }
        let type = try netdev.bytes("uevent") { bytes -> String? in
            bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "DEVTYPE=".utf8) }
                .map { String(decoding: $0.dropFirst("DEVTYPE=".utf8.count), as: UTF8.self) }
        }
        return type.flatMap { Self.kinds.contains($0) ? $0 : nil } ?? "other"
    }

    private static let kinds: Set = ["bridge", "bond", "vlan", "macvlan", "macvtap"]

    // MARK: Netlink

    /// A netdev as netlink tells it, if it is this very netdev and not another one of its name.
    private func link(_ name: Name, _ netdev: borrowing Folder) throws(HostError) -> LinkMessage? {
        guard let netlink = try netlink(), let index = try netdev.number("ifindex") else { return nil }
        let found: LinkMessage?
        do throws(HostError) {
            found = try netlink.link(index: index)
        } catch  where error.number == EMSGSIZE {
            // More VFs than the kernel's message can hold: then their settings are unknown, as without netlink.
            return nil
        }
        guard let link = found, link.name == name,
            link.mac == (try netdev.text("address").flatMap { MACAddress($0) })
        else { return nil }
        return link
    }

    /// The driver's answer; without one, the present MAC where the kernel says that it is the permanent one
    /// (`addr_assign_type` 0, NET_ADDR_PERM) or, in a pretend tree, says nothing.
    private func permanentMAC(
        _ name: Name, _ netdev: borrowing Folder, isHere: Bool
    ) throws(HostError) -> MACAddress? {
        if isHere, let mac = try netlink()?.permanentMAC(of: name) { return mac }
        guard try netdev.number("addr_assign_type") ?? 0 == 0 else { return nil }
        return try netdev.text("address").flatMap { MACAddress($0) }.flatMap { $0.isZero ? nil : $0 }
    }

    func permanentMAC(of name: Name, at device: borrowing Folder) throws(HostError) -> MACAddress? {
        guard let netdev = try device.folder("net/\(name)") else { return nil }
        return try permanentMAC(name, netdev, isHere: try link(name, netdev) != nil)
    }
}
