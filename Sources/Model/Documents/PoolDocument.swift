package import SRIOV
package import Text
package import XML

/// Edits of a hostdev network's document: which functions it hands out, its settings, vfpool's mark.
package enum PoolDocument {
    /// What `<forward>` lists. libvirt drops `<pf>` silently when both stand there, so it is always one of the two.
    package enum Functions: Equatable {
        case pf(Name)
        case addresses([PCIAddress])
    }

    package static func set(_ functions: Functions, in document: Document) throws(XMLError) {
        let forward = try document.selectOne("/network/forward")
        for child in forward.all("pf") + forward.all("address") + forward.all("interface") { child.remove() }
        switch functions {
        case .pf(let name):
            forward.addChild("pf")[name: "dev"] = name
        case .addresses(let addresses):
            for address in addresses {
                let element = forward.addChild("address")
                element[attribute: "type"] = "pci"
                for (name, value) in address.attributes { element[attribute: name] = value }
            }
        }
    }

    package static func functions(of configuration: PoolConfiguration) -> Functions {
        configuration.pfName.map(Functions.pf) ?? .addresses(configuration.addresses)
    }

    package static func setVLAN(_ id: Int, in parent: Element, before next: Element? = nil) {
        let vlan = parent.first("vlan") ?? parent.addChild("vlan", before: next)
        for child in vlan.children { child.remove() }
        vlan[attribute: "trunk"] = nil
        vlan.addChild("tag")[attribute: "id"] = String(id)
    }

    package static func add(_ portgroup: Portgroup, to network: Element) {
        let element = network.addChild("portgroup")
        element[name: "name"] = portgroup.name
        if portgroup.isDefault { element[attribute: "default"] = "yes" }
        if let vlan = portgroup.vlan { setVLAN(vlan, in: element) }
    }

    /// Puts vfpool's mark, copied from the template's, into a network's metadata, and fills it.
    package static func setMark(_ mark: PoolMark, from template: Document, in document: Document) throws(XMLError) {
        let root = document.root
        let metadata = root.first("metadata") ?? root.addChild("metadata", before: root.first("forward"))
        markElement(in: root)?.remove()
        guard let pattern = markElement(in: template.root) else {
            throw XMLError(.noSuchNode, "the template has no mark", path: "/network/metadata/pool")
        }
        fill(metadata.append(pattern), with: mark)
    }

    /// Puts a mark as it was into a network's metadata.
    package static func putMark(_ mark: Element, in document: Document) throws(XMLError) {
        let root = document.root
        let metadata = root.first("metadata") ?? root.addChild("metadata", before: root.first("forward"))
        markElement(in: root)?.remove()
        _ = metadata.append(mark)
    }

    /// vfpool's mark in a network's metadata, among whatever others keep there.
    package static func markElement(in root: Element) -> Element? {
        root.first("metadata")?.first("pool", in: PoolMark.namespace)
    }

    /// Fills a mark that stands in the document: PF, slot, MAC, and the selection where it is not everything.
    package static func fill(_ pool: Element, with mark: PoolMark) {
        if let several = pool.first("several"), mark.isOfSeveral { return fill(pool, several, with: mark) }
        guard let only = mark.pfs.first else { return }
        pool.first("several")?.remove()
        if let pf = pool.first("pf") { name(pf, only) }
        guard let functions = pool.first("functions") else { return }
        if only.selection.isAll {
            functions.remove()
        } else {
            select(functions, only.selection)
        }
    }

    /// What stands where a pool of one PF has it says that the pool has no PF and no function, for a vfpool that looks there
    /// alone.
    private static func fill(_ pool: Element, _ several: Element, with mark: PoolMark) {
        pool.first("pf")?.remove()
        if let functions = pool.first("functions") {
            functions[attribute: "include"] = ""
            functions[attribute: "exclude"] = nil
        }
        several[attribute: "order"] = mark.order.rawValue
        var elements = several.all("pf")
        while let pattern = elements.first, elements.count < mark.pfs.count { elements.append(several.append(pattern)) }
        for surplus in elements.dropFirst(mark.pfs.count) { surplus.remove() }
        for (element, pf) in zip(elements, mark.pfs) {
            name(element, pf)
            select(element, pf.selection)
        }
    }

    private static func name(_ element: Element, _ pf: PFMark) {
        element[name: "dev"] = pf.device
        element[attribute: "address"] = pf.address?.description
        element[attribute: "mac"] = pf.mac?.description
    }

    private static func select(_ element: Element, _ selection: VFSelection) {
        element[attribute: "include"] = selection.included?.description
        element[attribute: "exclude"] = selection.excluded.isEmpty ? nil : selection.excluded.description
    }
}

extension Name {
    /// Whether a document may name a device so: libvirt's `deviceName`, which is narrower than the kernel's names.
    package var isDeviceName: Bool {
        !isEmpty && string.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "_.-\\:/") }
    }
}
