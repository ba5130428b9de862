package import Libvirt
import Model
import SRIOV
package import Text
import XML

/// libvirt's rules, as measured: who may define, start and claim what, and with which code it refuses.
extension PretendHost {
    package static let ofNetwork: Int32 = 19

    static func refusal(_ code: LibvirtError.Code, _ message: String, domain: Int32 = ofNetwork) -> LibvirtError {
        LibvirtError(code: code, domain: domain, message: message)
    }

    // MARK: Networks

    /// Keeps a document as libvirt prints it: its own layout, `<pf>` dropped where there are addresses.
    package mutating func defineNetwork(_ xml: String) throws(LibvirtError) {
        let document = try Self.parsed(xml)
        guard let name = document.root.first("name").map({ Name($0.text) }), !name.isEmpty,
            let uuid = document.root.first("uuid")?.text
        else { throw Self.refusal(.xmlError, "no name or UUID") }
        for other in networks.values where (other.name == name) != (other.uuid == uuid) {
            throw Self.refusal(.operationFailed, "network \(other.name) already exists with uuid \(other.uuid)")
        }
        if let forward = document.root.first("forward"), forward.first("address") != nil {
            forward.first("pf")?.remove()
        }
        networks[name, default: Net(name: name, uuid: uuid)].persistent = document.canonical()
    }

    package mutating func undefineNetwork(_ name: Name) throws(LibvirtError) {
        guard var network = networks[name] else { throw Self.refusal(.noNetwork, name.string) }
        guard network.persistent != nil else { throw Self.refusal(.operationInvalid, "transient") }
        network.persistent = nil
        network.autostart = false
        networks[name] = network.live == nil ? nil : network
    }

    package mutating func setAutostart(_ name: Name, _ on: Bool) throws(LibvirtError) {
        guard networks[name] != nil else { throw Self.refusal(.noNetwork, name.string) }
        guard networks[name]?.persistent != nil else { throw Self.refusal(.operationInvalid, "transient") }
        networks[name]?.autostart = on
    }

    package mutating func startNetwork(_ name: Name) throws(LibvirtError) {
        guard let network = networks[name] else { throw Self.refusal(.noNetwork, name.string) }
        guard network.live == nil, let text = network.persistent else {
            throw Self.refusal(.operationInvalid, "network is already active")
        }
        let document = try Self.parsed(text)
        if let forward = document.root.first("forward"), forward[attribute: "mode"] == "hostdev",
            let device = forward.first("pf")?[name: "dev"]
        {
            guard let pf = pfs.first(where: { $0.netdev == device }), !pf.functions.isEmpty,
                !pf.functions.contains(where: { $0.hostUses.contains(.otherNamespace) })
            else { throw Self.refusal(.internalError, "Could not get Virtual functions on \(device)") }
            for function in pf.functions {
                let element = forward.addChild("address")
                element[attribute: "type"] = "pci"
                for (name, value) in function.address.attributes { element[attribute: name] = value }
            }
        }
        networks[name]?.live = document.canonical()
    }

    package mutating func stopNetwork(_ name: Name) throws(LibvirtError) {
        guard var network = networks[name] else { throw Self.refusal(.noNetwork, name.string) }
        guard network.live != nil else { throw Self.refusal(.operationInvalid, "network is not active") }
        network.live = nil
        network.ports = [:]
        networks[name] = network.persistent == nil ? nil : network
    }

    package mutating func createReservation(_ name: Name, _ xml: String) throws(LibvirtError) {
        guard let network = networks[name] else { throw Self.refusal(.noNetwork, name.string) }
        guard supportsPorts else { throw Self.refusal(.noSupport, "virNetworkPortCreateXML") }
        guard network.live != nil else { throw Self.refusal(.operationInvalid, "network is not active") }
        guard let port = NetworkReader.port(in: try Self.parsed(xml)), !port.ownerName.isEmpty, port.mac != nil,
            let address = port.address
        else { throw Self.refusal(.internalError, "network port has no owner, MAC or plug") }
        guard network.ports[port.uuid] == nil else {
            throw Self.refusal(LibvirtError.Code(rawValue: 106), "network port exists")
        }
        guard Self.addresses(network).contains(address),
            !network.ports.values.contains(where: { $0.address == address })
        else { throw Self.refusal(.internalError, "\(address) is in use, or not of \(name)") }
        networks[name]?.ports[port.uuid] = port
    }

    package mutating func deletePort(_ name: Name, uuid: String) throws(LibvirtError) {
        guard networks[name]?.ports.removeValue(forKey: uuid) != nil else { throw Self.refusal(.noNetworkPort, uuid) }
    }

    static func addresses(_ network: Net) -> [PCIAddress] {
        network.live.flatMap { try? Document(parsing: $0) }.flatMap { NetworkReader.configuration(in: $0) }?.addresses
            ?? []
    }

    /// libvirt's allocator: the first function without a port, whoever holds it; it never tries the next.
    mutating func allocate(
        _ name: Name, for guest: Machine, mac: String?
    ) throws(LibvirtError) -> PCIAddress? {
        guard let network = networks[name] else { throw Self.refusal(.noNetwork, name.string) }
        guard let live = network.live else { throw Self.refusal(.operationInvalid, "network is not active") }
        guard NetworkReader.configuration(in: try Self.parsed(live)) != nil else { return nil }
        let taken = Set(network.ports.values.compactMap(\.address))
        guard let address = Self.addresses(network).first(where: { !taken.contains($0) }) else {
            throw Self.refusal(.internalError, "requires exclusive access to interfaces, but none are available")
        }
        let digits = String(format(address))
        let uuid = "33333333-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
        networks[name]?.ports[uuid] = NetworkPortState(
            uuid: uuid, ownerName: guest.name, ownerUUID: guest.uuid, mac: mac.flatMap { MACAddress($0) },
            address: address)
        return address
    }

    private func format(_ address: PCIAddress) -> String {
        address.description.filter { $0.isHexDigit }
    }

    static func parsed(_ xml: String) throws(LibvirtError) -> Document {
        do throws(XMLError) {
            return try Document(parsing: xml)
        } catch {
            throw refusal(.xmlError, error.message)
        }
    }
}
