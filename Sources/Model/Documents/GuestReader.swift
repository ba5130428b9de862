package import SRIOV
import Text
package import XML

/// Reads the interfaces out of a guest's document.
package enum GuestReader {
    /// What of a guest's document has to be parsed to read its interfaces.
    package static let part = Part(of: "devices", keeping: ["interface", "hostdev"])

    /// The interfaces of a guest: every `<interface>`, then every plain hostdev whose device is one of `functions`, or
    /// every plain PCI hostdev where those are not known yet (see `GuestDevices.sort`).
    ///
    /// Works on a `<domain>` and on a `<domstatus>` around one. Throws when the text is no guest document.
    package static func interfaces(
        in document: Document, functions: Set<PCIAddress>?
    ) throws(XMLError) -> [GuestInterface] {
        let (domain, devices) = try devices(in: document)
        var result: [GuestInterface] = []
        var place = 0
        for element in devices.all("interface") {
            place += 1
            result.append(
                interface(element, index: result.count, path: "//domain/devices/interface[\(place)]"))
        }
        place = 0
        for element in devices.all("hostdev") {
            place += 1
            guard let address = pinnedFunction(element), functions?.contains(address) ?? true else { continue }
            var found = interface(element, index: result.count, path: "//domain/devices/hostdev[\(place)]")
            found.attachment = .hostdev(address)
            result.append(found)
        }
        let wanted = SettingsDocument.settings(ofGuest: domain)
        if !wanted.isEmpty {
            for index in result.indices { result[index].wanted = result[index].mac.flatMap { wanted[$0] } ?? .init() }
        }
        return result
    }

    /// Every function or device that a plain PCI hostdev of the document fixes.
    package static func pinnedAddresses(in document: Document) throws(XMLError) -> Set<PCIAddress> {
        Set(try devices(in: document).devices.all("hostdev").compactMap(pinnedFunction))
    }

    /// The guest's element: the root, or the one within the status that libvirt keeps of a guest that runs.
    package static func domain(in document: Document) -> Element? {
        let root = document.root
        guard root.namespaceURI == nil else { return nil }
        return root.name == "domain" ? root : root.first("domain")
    }

    /// Step by step: an XPath with `//` looks at every node, which for a host's guests takes as long as parsing them.
    static func devices(in document: Document) throws(XMLError) -> (domain: Element, devices: Element) {
        guard let domain = domain(in: document), let devices = domain.first("devices")
        else { throw XMLError(.noSuchNode, "there is no `domain/devices`", path: "/domain/devices") }
        return (domain, devices)
    }

    /// One device, as it stands in a guest's document or alone: an `<interface>`, or a plain hostdev of a function.
    package static func device(_ element: Element, functions: Set<PCIAddress>) -> GuestInterface? {
        if element.name == "interface" { return interface(element, index: 0, path: "/interface") }
        guard let address = pinnedFunction(element), functions.contains(address) else { return nil }
        var found = interface(element, index: 0, path: "/hostdev")
        found.attachment = .hostdev(address)
        return found
    }

    /// The function that a plain `<hostdev mode='subsystem' type='pci'>` fixes; nil for every other hostdev.
    package static func pinnedFunction(_ element: Element) -> PCIAddress? {
        guard element.name == "hostdev", element[attribute: "type"] == "pci",
            element[attribute: "mode"] ?? "subsystem" == "subsystem"
        else { return nil }
        return element.first("source")?.first("address").flatMap(pciAddress)
    }

    private static func interface(_ element: Element, index: Int, path: String) -> GuestInterface {
        let vlan = VLANTag(element.first("vlan"))
        var found = GuestInterface(
            index: index, path: path,
            mac: element.first("mac")?[attribute: "address"].flatMap { MACAddress($0) },
            alias: element.first("alias")?[name: "name"],
            attachment: attachment(element), vlan: vlan.tag, hasTrunk: vlan.isTrunk,
            isTeamed: element.first("teaming") != nil,
            isPersistentHalf: element.first("teaming")?[attribute: "type"] == "persistent",
            guestAddress: element.first("address").flatMap(pciAddress))
        if found.attachment.pinnedAddress != nil || element.name == "hostdev" {
            found.driver = FunctionDriver(element.first("driver"))
        }
        found.trunk = vlan.trunk
        found.acpiNodes = element.first("acpi")?[name: "nodeset"]
        found.virtualport = element.first("virtualport")?[attribute: "type"]
        found.partner = element.first("teaming")?[name: "persistent"]
        return found
    }

    private static func attachment(_ element: Element) -> Attachment {
        let source = element.first("source")
        switch element[attribute: "type"] {
        case "network":
            return .network(
                name: source?[name: "network"] ?? "", portgroup: source?[name: "portgroup"])
        case "hostdev": return .hostdevInterface(source?.first("address").flatMap(pciAddress))
        case "bridge": return .bridge(source?[name: "bridge"] ?? "")
        case "direct":
            return .direct(
                device: source?[name: "dev"] ?? "", mode: source?[attribute: "mode"] ?? "vepa")
        case let type: return .other(type: type ?? "")
        }
    }

    /// A PCI `<address>`; libvirt leaves `type` out where only PCI can stand.
    package static func pciAddress(_ element: Element) -> PCIAddress? {
        guard element[attribute: "type"] ?? "pci" == "pci" else { return nil }
        return PCIAddress(
            domain: element[attribute: "domain"], bus: element[attribute: "bus"], slot: element[attribute: "slot"],
            function: element[attribute: "function"])
    }
}
