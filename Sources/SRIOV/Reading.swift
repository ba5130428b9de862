import Text

/// One look at a host's functions; holds what is asked once and used for all of them.
final class Reading {
    let system: Sysfs
    private let netdevs: Folder?
    private var groupMembers: [Int: Int] = [:]
    private(set) lazy var netlink: Netlink? = system.readsNetlink ? Netlink() : nil
    private lazy var addresses: [Int: [String]] = netlink?.addresses() ?? [:]

    init(_ system: Sysfs) {
        self.system = system
        netdevs = Folder(system.root + "/class/net")
    }

    /// The network ports that can have virtual functions, in order.
    func ports(in devices: borrowing Folder) -> [PCIAddress] {
        (devices.names() ?? []).filter { name in
            devices.has(name + "/sriov_totalvfs") && Self.isNetwork(name, in: devices)
        }.compactMap { PCIAddress($0) }.sorted()
    }

    /// PCI class 0x02: Ethernet, InfiniBand and other network controllers.
    static func isNetwork(_ device: String, in devices: borrowing Folder) -> Bool {
        devices.text(device + "/class")?.hasPrefix(bytes: "0x02") ?? false
    }

    func physicalFunction(_ address: PCIAddress, in devices: borrowing Folder) -> PhysicalFunction? {
        guard let device = devices.folder(address.description) else { return nil }
        let names = Self.netdevs(of: device)
        var port = PhysicalFunction(
            netdev: names.first, otherNetdevs: Array(names.dropFirst()), address: address,
            driver: device.linkName("driver"), enabledVFs: device.number("sriov_numvfs") ?? 0,
            possibleVFs: device.number("sriov_totalvfs"), numaNode: Self.numaNode(of: device),
            iommuGroup: device.linkName("iommu_group").flatMap { Int($0) })
        port.firstOffset = device.number("sriov_offset")
        port.stride = device.number("sriov_stride")
        port.probesDrivers = device.number("sriov_drivers_autoprobe").map { $0 == 1 }
        var table: [Int: VFSettings]?
        if let name = names.first, let netdev = device.folder("net/\(name)") {
            port.mac = netdev.text("address").flatMap { MACAddress($0) }
            port.isUp = netdev.number("flags").map { $0 & 1 == 1 }  // IFF_UP
            port.hasCarrier = netdev.number("carrier").map { $0 == 1 }
            let link = link(name, netdev)
            table = link?.settings
            port.permanentMAC = permanentMAC(name, netdev, isHere: link != nil)
        }
        for name in device.names(startingWith: "virtfn") ?? [] {
            guard let index = name.without(prefix: "virtfn").flatMap({ Int(digits: $0) }),
                let address = device.linkName(name).flatMap({ PCIAddress($0) }), let folder = device.folder(name)
            else { continue }
            port.functions.append(virtualFunction(index, address, folder, settings: table?[index]))
        }
        port.functions.sort { $0.index < $1.index }
        return port
    }

    private func virtualFunction(
        _ index: Int, _ address: PCIAddress, _ device: borrowing Folder, settings: VFSettings?
    ) -> VirtualFunction {
        var function = VirtualFunction(
            index: index, address: address, driver: device.linkName("driver"), numaNode: Self.numaNode(of: device),
            iommuGroup: device.linkName("iommu_group").flatMap { Int($0) }, settings: settings)
        if let group = function.iommuGroup { function.groupMembers = members(ofGroup: group, device) }
        // The kernel makes the folder `net` with a device's first netdev and removes it with the last. A netdev that is
        // moved to another namespace is no longer listed in it, but is still there, and so is the folder.
        guard let names = device.names(in: "net")?.map({ Name($0) }).sorted() else { return function }
        function.netdev = names.first
        if names.isEmpty, let driver = function.driver, !Self.isPassThrough(driver) {
            function.hostUses.append(.otherNamespace)
        }
        for name in names {
            guard let netdev = device.folder("net/\(name)") else { continue }
            if function.netdevMAC == nil {
                function.netdevMAC = netdev.text("address").flatMap { MACAddress($0) }
                function.hasRandomMAC = netdev.number("addr_assign_type") == 1  // NET_ADDR_RANDOM
            }
            function.hostUses += uses(name, netdev)
        }
        return function
    }

    /// Drivers that make no netdev but hand the device to a program or a guest.
    private static func isPassThrough(_ driver: String) -> Bool {
        driver.contains(bytes: "vfio") || ["pci-stub", "uio_pci_generic", "igb_uio", "pciback"].contains(driver)
    }

    private static func numaNode(of device: borrowing Folder) -> Int? {
        device.number("numa_node").flatMap { $0 < 0 ? nil : $0 }
    }

    /// A port's own netdevs, the first one first.
    static func netdevs(of device: borrowing Folder) -> [Name] {
        let names = device.names(in: "net") ?? []
        guard names.count > 1 else { return names.map { Name($0) } }
        return names.compactMap { name -> (Int, Int, Name)? in
            // In switchdev mode the port's folder also has a representor for each VF.
            if let port = device.text("net/" + name + "/phys_port_name"), isRepresentor(port) { return nil }
            return (
                device.number("net/" + name + "/dev_port") ?? 0, device.number("net/" + name + "/ifindex") ?? 0,
                Name(name)
            )
        }.sorted { $0 < $1 }.map(\.2)
    }

    /// `pf0vf3`, `c1pf0sf88`; the port itself is `p0`.
    private static func isRepresentor(_ physicalPort: String) -> Bool {
        physicalPort.contains(bytes: "pf")
            && (physicalPort.contains(bytes: "vf") || physicalPort.contains(bytes: "sf"))
    }

    /// How many devices of an IOMMU group a guest would have to take; VFIO leaves bridges (class 0x06) to the host.
    private func members(ofGroup group: Int, _ device: borrowing Folder) -> Int? {
        if let known = groupMembers[group] { return known }
        guard let names = device.names(in: "iommu_group/devices") else { return nil }
        let members =
            names.count == 1
            ? 1
            : names.count { name in
                device.text("iommu_group/devices/" + name + "/class").map { !$0.hasPrefix(bytes: "0x06") } ?? true
            }
        groupMembers[group] = members
        return members
    }

    // MARK: Netdevs

    /// What a netdev of a virtual function is used for.
    func uses(_ name: Name, _ netdev: borrowing Folder) -> [HostUse] {
        var uses: [HostUse] = []
        if !addresses.isEmpty, let index = netdev.number("ifindex"), let found = addresses[index],
            Netlink.name(ofIndex: index) == name
        {
            uses += found.map { .address($0) }
        }
        return uses + uppers(netdev).map { .upper(kind: kind(of: $0), name: $0) }
    }

    /// The netdevs that stand on this one. Whether they are up does not matter: they were put there to be used. One
    /// that was then moved to another namespace (a container's macvlan) the kernel shows to nobody here.
    private func uppers(_ netdev: borrowing Folder) -> [Name] {
        var names = Set(
            netdev.names(startingWith: "upper_")?.compactMap { $0.without(prefix: "upper_").map { Name($0) } } ?? [])
        if let master = netdev.linkName("master") { names.insert(Name(master)) }
        return names.sorted()
    }

    /// One of the kinds that `HostUse` names. Netlink knows it; sysfs does for all but macvlan.
    private func kind(of upper: Name) -> String {
        guard let netdev = netdevs?.folder(upper.string) else { return "other" }
        if let kind = link(upper, netdev)?.kind { return Self.kinds.contains(kind) ? kind : "other" }
        if netdev.has("bridge") { return "bridge" }
        if netdev.has("bonding") { return "bond" }
        if netdev.has("macvtap") { return "macvtap" }
        let type = netdev.bytes("uevent") { bytes -> String? in
            bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "DEVTYPE=".utf8) }
                .map { String(decoding: $0.dropFirst("DEVTYPE=".utf8.count), as: UTF8.self) }
        }
        return type.flatMap { Self.kinds.contains($0) ? $0 : nil } ?? "other"
    }

    private static let kinds: Set = ["bridge", "bond", "vlan", "macvlan", "macvtap"]

    // MARK: Netlink

    /// A netdev as netlink tells it, if it is this very netdev and not another one of its name.
    private func link(_ name: Name, _ netdev: borrowing Folder) -> LinkMessage? {
        guard let index = netdev.number("ifindex"), let link = netlink?.link(index: index), link.name == name,
            link.mac == netdev.text("address").flatMap({ MACAddress($0) })
        else { return nil }
        return link
    }

    /// The driver's answer; without one, the present MAC where the kernel says that it is the permanent one
    /// (`addr_assign_type` 0, NET_ADDR_PERM) or, in a pretend tree, says nothing.
    private func permanentMAC(_ name: Name, _ netdev: borrowing Folder, isHere: Bool) -> MACAddress? {
        if isHere, let mac = netlink?.permanentMAC(of: name) { return mac }
        guard netdev.number("addr_assign_type") ?? 0 == 0 else { return nil }
        return netdev.text("address").flatMap { MACAddress($0) }.flatMap { $0.isZero ? nil : $0 }
    }

    func permanentMAC(of name: Name, at device: borrowing Folder) -> MACAddress? {
        guard let netdev = device.folder("net/\(name)") else { return nil }
        return permanentMAC(name, netdev, isHere: link(name, netdev) != nil)
    }
}
