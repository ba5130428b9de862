import Glibc
import Text

/// From the name a person gave to the PCI address of a port.
extension Reading {
    func address(of name: String, in devices: borrowing Folder) throws(SRIOVError) -> PCIAddress {
        let address: PCIAddress
        if let given = PCIAddress(name) {
            address = given
        } else if let mac = MACAddress(name) {
            address = try self.address(of: mac, name, in: devices)
        } else {
            address = try self.address(ofNetdev: name)
        }
        guard let device = devices.folder(address.description) else { throw SRIOVError(.noSuchDevice, subject: name) }
        if let port = device.folder("physfn") {
            let pf = Self.netdevs(of: port).first?.string ?? device.linkName("physfn") ?? ""
            throw SRIOVError(.isVirtualFunction(pf: pf), subject: name)
        }
        guard Self.isNetwork(address.description, in: devices) else { throw SRIOVError(.notNetwork, subject: name) }
        guard device.has("sriov_totalvfs") else { throw SRIOVError(.notCapable, subject: name) }
        return address
    }

    private func address(ofNetdev name: String) throws(SRIOVError) -> PCIAddress {
        guard !name.isEmpty, !name.contains(bytes: "/"), name != ".", name != "..",
            let netdevs = Folder(system.root + "/class/net")
        else { throw SRIOVError(.noSuchDevice, subject: name) }
        var netdev = name
        if !netdevs.has(netdev) {
            // sysfs knows a netdev by its one name, the kernel also by alternative names.
            guard let known = netlink?.link(named: name)?.name.string, netdevs.has(known) else {
                throw SRIOVError(.noSuchDevice, subject: name)
            }
            netdev = known
        }
        // A bridge or VLAN is no device; others sit on virtio, USB or an auxiliary bus.
        guard let address = device(ofNetdev: netdev) else { throw SRIOVError(.notCapable, subject: name) }
        return address
    }

    /// The PCI device a netdev sits on. The kernel's links always end in the device's name, made-up ones may not.
    private func device(ofNetdev netdev: String) -> PCIAddress? {
        guard let path = realpath(system.root + "/class/net/" + netdev + "/device", nil) else { return nil }
        defer { free(path) }
        return String(cString: path).split(byte: "/").last.flatMap { PCIAddress(String($0)) }
    }

    /// The permanent MAC decides, for a bond gives one MAC to several ports.
    private func address(
        of mac: MACAddress, _ name: String, in devices: borrowing Folder
    ) throws(SRIOVError) -> PCIAddress {
        var found: Set<PCIAddress> = []
        for port in ports(in: devices) {
            guard let device = devices.folder(port.description) else { continue }
            if Self.netdevs(of: device).contains(where: { permanentMAC(of: $0, at: device) == mac }) {
                found.insert(port)
            }
        }
        if found.isEmpty, let netdevs = Folder(system.root + "/class/net") {
            for netdev in netdevs.names() ?? [] {
                guard netdevs.text(netdev + "/address").flatMap({ MACAddress($0) }) == mac,
                    let address = device(ofNetdev: netdev)
                else { continue }
                found.insert(address)
            }
        }
        guard let first = found.first else { throw SRIOVError(.noSuchDevice, subject: name) }
        guard found.count == 1 else {
            throw SRIOVError(.ambiguous(found.sorted().map { netdev($0, devices) }), subject: name)
        }
        return first
    }

    /// A port's netdev, or its address if it has none.
    private func netdev(_ port: PCIAddress, _ devices: borrowing Folder) -> String {
        guard let device = devices.folder(port.description) else { return port.description }
        return Self.netdevs(of: device).first?.string ?? port.description
    }
}
