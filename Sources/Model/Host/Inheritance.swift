package import Text
package import XML

/// What a network and its portgroup give an interface at the guest's start, besides what it has itself.
///
/// libvirt's order (`networkAllocatePort`): the interface's own goes first, then its portgroup's, or the default one's where
/// it names none, then the network's; virtualports are put together. A network's bandwidth is all its guests' together.
package struct Inheritance: Sendable {
    /// A child of the network's document, or of its portgroup's.
    private struct Piece: Sendable {
        var name: String
        var text: String
        /// The `type` of a virtualport.
        var type: String?
        var vlan: VLANTag?
        var tags: [String]
        var origin: String

        init(_ element: Element, from origin: String) {
            name = element.name
            text = element.canonical()
            type = element[attribute: "type"]
            vlan = name == "vlan" ? VLANTag(element) : nil
            tags = element.all("tag").compactMap { $0[attribute: "id"] }
            self.origin = origin
        }
    }

    private var pieces: [Piece] = []
    /// Attributes, with what they say.
    private var attributes: [(name: String, value: String, origin: String)] = []

    /// Nothing, for an interface on no network.
    ///
    /// - Throws: `invalid-document`.
    package init(_ attachment: Attachment, _ state: State) throws(Failure) {
        guard case .network(let name, let portgroup) = attachment, let network = state.network(name) else { return }
        let root = try readable("network \(name)") { () throws(XMLError) in
            try Document(parsing: network.inactiveXML).root
        }
        let group = root.all("portgroup").first { group in
            portgroup == nil ? group[attribute: "default"] == "yes" : group[name: "name"] == portgroup
        }
        let places = [
            group.map { ($0, "portgroup \($0[name: "name"]?.string ?? "") of network \(name)", Self.ofPortgroups) },
            (root, "network \(name)", Self.ofPortgroups + Self.ofNetworks),
        ]
        for (place, origin, names) in places.compactMap(\.self) {
            for name in names {
                guard let child = place.first(name), Self.says(child) else { continue }
                pieces.append(Piece(child, from: origin))
            }
            if let value = place[attribute: Self.filterTrust] { attributes.append((Self.filterTrust, value, origin)) }
        }
    }

    /// The tag of one VLAN.
    package var vlan: Int? { vlanPiece?.vlan?.tag }

    /// Where the VLAN is from.
    var vlanOrigin: String? { vlanPiece?.origin }

    /// The type of the virtualport.
    package var virtualport: String? { pieces.lazy.filter { $0.name == "virtualport" }.compactMap(\.type).first }

    /// The tags of a trunk, or of a VLAN in a native mode.
    package var trunk: [String]? { vlanPiece.flatMap { $0.vlan?.isTrunk ?? false ? $0.tags : nil } }

    private var vlanPiece: Piece? { pieces.first { $0.vlan != nil } }

    /// Writes it into an interface's element, as if it were its own: what is said of the one is then said of the other.
    ///
    /// - Parameter leavesOut: what the interface is not to have from there.
    /// - Returns: where each came from, by the name of the element or attribute.
    package func settle(in element: Element, leavesOut: Set<Name> = []) throws(Failure) -> [Name: String] {
        var origins: [Name: String] = [:]
        for piece in pieces where !leavesOut.contains(Name(piece.name)) {
            let given = try readable(piece.origin) { () throws(XMLError) in try Document(parsing: piece.text).root }
            if let own = element.first(piece.name) {
                if piece.name == "virtualport" { Self.merge(given, into: own) }
                // An interface that says nothing of isolation has its network's.
                guard piece.name == "port", own[attribute: "isolated"] == nil else { continue }
                own.remove()
            }
            if let next = element.first("address") {
                element.insert(given, before: next)
            } else {
                element.append(given)
            }
            origins[Name(piece.name)] = piece.origin
        }
        for attribute in attributes
        where element[attribute: attribute.name] == nil && !leavesOut.contains(Name(attribute.name)) {
            element[attribute: attribute.name] = attribute.value
            origins[Name(attribute.name)] = attribute.origin
        }
        return origins
    }

    /// What a pool can't give.
    package static let emulatedOnly: Set<Name> = ["bandwidth", "port", "mtu", "filterref", "trustGuestRxFilters"]

    // MARK: Details

    private static let ofPortgroups = ["vlan", "virtualport", "bandwidth"]
    private static let ofNetworks = ["port", "mtu", "filterref"]
    private static let filterTrust = "trustGuestRxFilters"

    /// Whether an element says something at all.
    private static func says(_ child: Element) -> Bool {
        switch child.name {
        case "vlan": child.first("tag") != nil
        case "port": child[attribute: "isolated"] == "yes"
        default: true
        }
    }

    /// What the one leaves open, the other says.
    private static func merge(_ other: Element, into own: Element) {
        for (name, value) in other.attributes where own[attribute: name] == nil { own[attribute: name] = value }
        guard let more = other.first("parameters") else { return }
        let parameters = own.first("parameters") ?? own.addChild("parameters")
        for (name, value) in more.attributes where parameters[attribute: name] == nil {
            parameters[attribute: name] = value
        }
    }
}
