package import Libvirt
import Model
import SRIOV
package import Text
import XML

/// How libvirt treats guests: what their start takes, and what a hot-plug changes.
extension PretendHost {
    /// Keeps a document as libvirt prints it, with a new MAC wherever it names none.
    package mutating func defineGuest(_ xml: String) throws(LibvirtError) {
        let document = try Self.parsed(xml)
        guard let name = document.root.first("name").map({ Name($0.text) }),
            let uuid = document.root.first("uuid")?.text,
            let devices = document.root.first("devices")
        else { throw Self.refusal(.xmlError, "no guest", domain: 20) }
        for other in guests.values where (other.name == name) != (other.uuid == uuid) {
            throw Self.refusal(.operationFailed, "guest \(other.name) already exists", domain: 20)
        }
        for interface in devices.all("interface") where interface.first("mac") == nil {
            interface.addChild("mac", before: interface.children.first)[attribute: "address"] =
                "52:54:00:" + (0..<3).map { _ in String(Int.random(in: 16...255), radix: 16) }.joined(separator: ":")
        }
        guests[uuid, default: Machine(name: name, uuid: uuid)].persistent = document.canonical()
    }

    /// - Throws: libvirt's refusal; nothing is kept of a start that failed.
    package mutating func startGuest(_ name: Name) throws {
        var trial = self
        try trial.start(try guest(name))
        self = trial
    }

    private mutating func start(_ guest: Machine) throws(LibvirtError) {
        guard guest.live == nil, let text = guest.persistent else {
            throw Self.refusal(.operationInvalid, "guest is running", domain: 20)
        }
        let document = try Self.parsed(text)
        guard let devices = document.root.first("devices") else { return }
        guests[guest.uuid]?.live = text
        for element in devices.all("interface") + devices.all("hostdev") { try plug(element, into: guest) }
        guests[guest.uuid]?.live = document.canonical()
    }

    package mutating func stopGuest(_ name: Name) throws(NotThere) {
        var guest = try guest(name)
        releasePFs(of: guest) { _ in true }
        guest.live = nil
        guest.held = []
        guests[guest.uuid] = guest.persistent == nil ? nil : guest
    }

    /// Whether a start would succeed.
    package func canStart(_ name: Name) -> Bool {
        var trial = self
        do { try trial.startGuest(name) } catch { return false }
        return true
    }

    /// Live documents become the persistent ones; PFs and everything transient are gone.
    package mutating func reboot() throws {
        for guest in guests.values {
            guests[guest.uuid]?.live = nil
            guests[guest.uuid]?.held = []
            if guest.persistent == nil { guests[guest.uuid] = nil }
        }
        for network in networks.values {
            networks[network.name]?.live = nil
            networks[network.name]?.ports = [:]
            if network.persistent == nil { networks[network.name] = nil }
        }
        for name in networks.keys.sorted() where networks[name]?.autostart == true { try? startNetwork(name) }
        for guest in guests.values.sorted(by: { $0.name < $1.name }) where guest.autostart {
            try? startGuest(guest.name)
        }
    }

    // MARK: Devices

    package mutating func plug(_ uuid: String, _ xml: String) throws(LibvirtError) {
        guard let guest = guests[uuid] else { throw Self.refusal(.noDomain, uuid, domain: 20) }
        guard let live = guest.live else { throw Self.refusal(.operationInvalid, "not running", domain: 20) }
        let document = try Self.parsed(live)
        guard let devices = document.root.first("devices") else { return }
        let element = devices.append(try Self.parsed(xml).root)
        var trial = self
        try trial.plug(element, into: guest)
        trial.guests[uuid]?.live = document.canonical()
        self = trial
    }

    /// Gives a device what it needs, and writes its element as the live document shows it.
    private mutating func plug(_ element: Element, into guest: Machine) throws(LibvirtError) {
        let function: PCIAddress?
        if element.name == "hostdev" {
            function = GuestReader.pinnedFunction(element)
        } else if element[attribute: "type"] == "hostdev" {
            function = element.first(path: ["source", "address"]).flatMap(GuestReader.pciAddress)
        } else if element[attribute: "type"] == "network", let source = element.first("source") {
            try inherit(element, source)
            function = try allocate(
                source[name: "network"] ?? "", for: guest, mac: element.first("mac")?[attribute: "address"])
            if let function { Self.resolve(element, to: function) }
        } else {
            function = nil
        }
        let number = guests[guest.uuid]?.held.count ?? 0
        if let function {
            if let other = guests.values.first(where: { $0.held.contains(function) }) {
                throw Self.refusal(.operationInvalid, "PCI device \(function) is in use by \(other.name)", domain: 0)
            }
            guard pfs.contains(where: { $0.functions.contains { $0.address == function } }) else {
                throw Self.refusal(LibvirtError.Code(rawValue: 67), "Virtual Functions only", domain: 0)
            }
            guests[guest.uuid]?.held.insert(function)
        }
        if element.first("alias") == nil {
            element.addChild("alias", before: element.first("address"))[attribute: "name"] =
                function == nil ? "net\(element.line)" : "hostdev\(number)"
        }
    }

    /// The live document has the VLAN that the running network or its portgroup gives, where the interface has none.
    private func inherit(_ element: Element, _ source: Element) throws(LibvirtError) {
        guard let text = networks[source[name: "network"] ?? ""]?.live, element.first("vlan") == nil else { return }
        let root = try Self.parsed(text).root
        guard root.first("forward")?[attribute: "mode"] == "hostdev" else { return }
        let group = root.all("portgroup").first { group in
            source[name: "portgroup"].map { group[name: "name"] == $0 } ?? (group[attribute: "default"] == "yes")
        }
        if let vlan = group?.first("vlan") ?? root.first("vlan") { element.insert(vlan, before: source) }
    }

    /// The live document of a pooled interface says `hostdev`, and names no network.
    private static func resolve(_ element: Element, to function: PCIAddress) {
        element[attribute: "type"] = "hostdev"
        element[attribute: "managed"] = "yes"
        guard let source = element.first("source") else { return }
        source[attribute: "network"] = nil
        source[attribute: "portgroup"] = nil
        let address = source.addChild("address")
        address[attribute: "type"] = "pci"
        for (name, value) in function.attributes { address[attribute: name] = value }
    }

    package mutating func unplug(_ uuid: String, _ xml: String) throws(LibvirtError) {
        guard let guest = guests[uuid] else { throw Self.refusal(.noDomain, uuid, domain: 20) }
        guard let live = guest.live else { throw Self.refusal(.operationInvalid, "not running", domain: 20) }
        let document = try Self.parsed(live)
        let wanted = try Self.parsed(xml).root
        let all = document.root.first("devices")?.all(wanted.name) ?? []
        var found = all.filter { Self.isSame($0, wanted) }
        if found.count > 1 {
            let place = wanted.first("address").flatMap(GuestReader.pciAddress)
            found = found.filter { place != nil && $0.first("address").flatMap(GuestReader.pciAddress) == place }
        }
        guard let element = found.first, found.count == 1 else {
            throw Self.refusal(
                found.isEmpty ? .deviceMissing : .operationFailed, "matching devices: \(found.count)", domain: 20)
        }
        let mac = element.first("mac")?[attribute: "address"].flatMap { MACAddress($0) }
        let function =
            GuestReader.pinnedFunction(element)
            ?? (element[attribute: "type"] == "hostdev"
                ? element.first(path: ["source", "address"]).flatMap(GuestReader.pciAddress) : nil)
        element.remove()
        guests[uuid]?.live = document.canonical()
        if let function {
            releasePFs(of: guest) { $0.address == function && $0.mac == mac }
            guests[uuid]?.held.remove(function)
        }
    }

    private static func isSame(_ element: Element, _ wanted: Element) -> Bool {
        if wanted.name == "hostdev" { return GuestReader.pinnedFunction(element) == GuestReader.pinnedFunction(wanted) }
        let mac = wanted.first("mac")?[attribute: "address"]
        // As libvirt does since 7.3.
        if let alias = wanted.first("alias")?[attribute: "name"], let own = element.first("alias")?[attribute: "name"],
            alias != own
        {
            return false
        }
        return mac != nil && element.first("mac")?[attribute: "address"]?.lowercased() == mac?.lowercased()
    }

    /// A guest's own ports go with its devices; reservations that name it as their owner stay.
    private mutating func releasePFs(of guest: Machine, where gone: (NetworkPortState) -> Bool) {
        for network in networks.values {
            for port in network.ports.values where port.ownerUUID == guest.uuid && gone(port) {
                if !Reservation.isOurs(port) { networks[network.name]?.ports[port.uuid] = nil }
            }
        }
    }
}
