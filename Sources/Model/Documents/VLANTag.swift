package import XML

/// What a `<vlan>` element asks for: one tag, or a trunk.
package struct VLANTag: Sendable {
    var tag: Int?
    package var isTrunk: Bool

    package init(_ vlan: Element?) {
        let tags = vlan?.all("tag") ?? []
        isTrunk =
            tags.count > 1 || vlan?[attribute: "trunk"] == "yes" || tags.contains { $0[attribute: "nativeMode"] != nil }
        tag = isTrunk ? nil : tags.first?[attribute: "id"].flatMap(Int.init)
    }
}
