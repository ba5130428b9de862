import SRIOV
import Text
import XML

/// Edits of a hostdev network's document: which functions it hands out, its settings, vfpool's mark.
enum PoolDocument {
    /// What `<forward>` lists. libvirt drops `<pf>` silently when both stand there, so it is always one of the two.
    enum Functions: Equatable {
        case port(Name)
        case addresses([PCIAddress])

        /// All functions of a port: by its name where libvirt's grammar has room for that, else one by one.
        static func all(_ functions: [PCIAddress], of port: PhysicalFunction) -> Functions {
            guard let name = port.netdev, name.isDeviceName else { return .addresses(functions) }
            return .port(name)
        }
    }

    static func set(_ functions: Functions, in document: Document) throws(XMLError) {
        let forward = try document.selectOne("/network/forward")
        for child in forward.all("pf") + forward.all("address") + forward.all("interface") { child.remove() }
        switch functions {
        case .port(let name):
            forward.addChild("pf")[name: "dev"] = name
        case .addresses(let addresses):
            for address in addresses {
                let element = forward.addChild("address")
                element[attribute: "type"] = "pci"
                for (name, value) in address.attributes { element[attribute: name] = value }
            }
        }
    }

    static func functions(of configuration: PoolConfiguration) -> Functions {
        configuration.portName.map(Functions.port) ?? .addresses(configuration.addresses)
    }

    static func setVLAN(_ id: Int, in parent: Element, before next: Element? = nil) {
        let vlan = parent.first("vlan") ?? parent.addChild("vlan", before: next)
        for child in vlan.children { child.remove() }
        vlan[attribute: "trunk"] = nil
        vlan[attribute: "trunk"] = nil
        vlan.addChild("tag")[attribute: "id"] = String(id)
    }

    static func add(_ portgroup: Portgroup, to network: Element) {
        let element = network.addChild("portgroup")
        element[name: "name"] = portgroup.name
        if portgroup.isDefault { element[attribute: "default"] = "yes" }
        if let vlan = portgroup.vlan { setVLAN(vlan, in: element) }
    }

    /// Puts vfpool's mark, copied from the template's, into a network's metadata, and fills it.
    static func setMark(_ mark: PoolMark, from template: Document, in document: Document) throws(XMLError) {
        let root = document.root
        let metadata = root.first("metadata") ?? root.addChild("metadata", before: root.first("forward"))
        markElement(in: root)?.remove()
        guard let pattern = markElement(in: template.root) else {
            throw XMLError(.noSuchNode, "the template has no mark", path: "/network/metadata/pool")
        }
        fill(metadata.append(pattern), with: mark)
    }

    /// Puts a mark as it was into a network's metadata.
    static func putMark(_ mark: Element, in document: Document) throws(XMLError) {
        let root = document.root
        let metadata = root.first("metadata") ?? root.addChild("metadata", before: root.first("forward"))
        markElement(in: root)?.remove()
        _ = metadata.append(mark)
    }

    /// vfpool's mark in a network's metadata, among whatever others keep there.
    static func markElement(in root: Element) -> Element? {
        root.first("metadata")?.children.first { $0.name == "pool" && $0.namespaceURI == PoolMark.namespace }
    }

    /// Fills a mark that stands in the document: port, slot, MAC, and the selection where it is not everything.
    static func fill(_ pool: Element, with mark: PoolMark) {
        if let pf = pool.first("pf") {
            pf[name: "dev"] = mark.device
            pf[attribute: "address"] = mark.address?.description
            pf[attribute: "mac"] = mark.mac?.description
        }
        guard let functions = pool.first("functions") else { return }
        if mark.selection.isAll {
            functions.remove()
        } else {
            functions[attribute: "include"] = mark.selection.included?.description
            functions[attribute: "exclude"] =
                mark.selection.excluded.isEmpty ? nil : mark.selection.excluded.description
        }
    }
}

extension Name {
    /// Whether a document may name a device so: libvirt's `deviceName`, which is narrower than the kernel's names.
    var isDeviceName: Bool {
        !isEmpty && string.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "_.-\\:/") }
    }
}
