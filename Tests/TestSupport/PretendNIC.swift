package import SRIOV
package import Text
import XML

/// One network interface of a made-up guest.
package enum PretendNIC: Sendable {
    /// `<interface type='hostdev'>` of a PF's function.
    case pin(Name, Int)
    /// A plain `<hostdev>` of a PF's function: libvirt knows no MAC.
    case hostdev(Name, Int)
    /// A network, pool or not.
    case network(Name, portgroup: Name? = nil)
    case bridge(Name)
    /// The element as it stands.
    case xml(String)
}

extension PretendHost {
    /// `52:54:00:` and three bytes made of the guest's number and the interface's.
    package static func mac(_ guest: Int, _ interface: Int) -> String {
        "52:54:00:00:" + twoDigits(guest) + ":" + twoDigits(interface)
    }

    package static func uuid(_ number: Int) -> String {
        let text = String(number, radix: 16)
        return "11111111-2222-4333-8444-" + String(repeating: "0", count: 12 - text.count) + text
    }

    private static func twoDigits(_ number: Int) -> String {
        let text = String(number & 255, radix: 16)
        return text.count < 2 ? "0" + text : text
    }

    /// Adds a guest with these interfaces; its MACs are `mac(n, 0)`, `mac(n, 1)`, … where n counts the guests from 1.
    package mutating func addGuest(
        _ name: Name, _ interfaces: [PretendNIC], running: Bool = false, persistent: Bool = true,
        autostart: Bool = false, extra: String = ""
    ) throws {
        let number = guests.count + 1
        var devices = ""
        for (index, interface) in interfaces.enumerated() { devices += try element(interface, number, index) }
        let xml = """
            <domain type='kvm'>
              <name>\(name)</name>
              <uuid>\(Self.uuid(number))</uuid>
              <memory unit='KiB'>1048576</memory>
              <vcpu placement='static'>1</vcpu>
              <os>
                <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
              </os>
              <devices>
                <controller type='pci' index='0' model='pcie-root'/>
                <controller type='pci' index='7' model='pcie-root-port'/>
                <controller type='pci' index='8' model='pcie-root-port'/>
                \(devices)
                <graphics type='vnc' port='-1' autoport='yes' passwd='secret'/>
                \(extra)
              </devices>
            </domain>
            """
        try defineGuest(xml)
        guests[Self.uuid(number)]?.autostart = autostart
        if running { try startGuest(name) }
        if !persistent { guests[Self.uuid(number)]?.persistent = nil }
    }

    private func element(_ interface: PretendNIC, _ number: Int, _ index: Int) throws -> String {
        let place = "<address type='pci' domain='0x0000' bus='0x0\(index + 1)' slot='0x00' function='0x0'/>"
        let mac = "<mac address='\(Self.mac(number, index))'/>"
        switch interface {
        case .pin(let pf, let function):
            return """
                <interface type='hostdev' managed='yes'>\(mac)<driver name='vfio'/>\
                <source>\(Self.xml(try address(pf, function)))</source>\(place)</interface>
                """
        case .hostdev(let pf, let function):
            return """
                <hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/>\
                <source>\(Self.xml(try address(pf, function), type: false))</source>\(place)</hostdev>
                """
        case .network(let name, let portgroup):
            let group = portgroup.map { " portgroup='\($0)'" } ?? ""
            return "<interface type='network'>\(mac)<source network='\(name)'\(group)/>\(place)</interface>"
        case .bridge(let name):
            return """
                <interface type='bridge'>\(mac)<source bridge='\(name)'/><model type='virtio'/>\(place)</interface>
                """
        case .xml(let text): return text
        }
    }

    package static func xml(_ address: PCIAddress, type: Bool = true) -> String {
        let attributes = address.attributes.map { " \($0.name)='\($0.value)'" }.joined()
        return "<address\(type ? " type='pci'" : "")\(attributes)/>"
    }

    /// Adds a network; the text may leave out its UUID.
    package mutating func addNetwork(_ xml: String, active: Bool = true, autostart: Bool = true) throws {
        let document = try Document(parsing: xml)
        if document.root.first("uuid") == nil {
            document.root.addChild("uuid", before: document.root.children.dropFirst().first).text =
                "22222222-2222-4333-8444-" + String(100_000_000_000 + networks.count)
        }
        let name = Name(document.root.first("name")?.text ?? "")
        try defineNetwork(document.serialized())
        try setAutostart(name, autostart)
        if active { try startNetwork(name) }
    }

    /// A pool made by hand: no mark.
    package mutating func addPoolByHand(
        _ name: Name, pf: Name? = nil, functions: [(Name, Int)] = [], inside: String = "", active: Bool = true
    ) throws {
        var forward = pf.map { "<pf dev='\($0)'/>" } ?? ""
        for (pf, function) in functions { forward += Self.xml(try address(pf, function)) }
        try addNetwork(
            """
            <network><name>\(name)</name><forward mode='hostdev' managed='yes'>\(forward)</forward>\(inside)</network>
            """, active: active)
    }

    /// An ordinary network.
    package mutating func addBridgedNetwork(_ name: Name) throws {
        try addNetwork("<network><name>\(name)</name><forward mode='bridge'/><bridge name='br0'/></network>")
    }
}
