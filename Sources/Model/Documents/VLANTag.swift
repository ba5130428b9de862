package import XML

/// What a `<vlan>` element asks for: one tag, or a trunk.
package struct VLANTag: Sendable {
    var tag: Int?
    var trunk: VLANTrunk?
    package var isTrunk: Bool { trunk != nil }

    package init(_ vlan: Element?) {
        let tags = vlan?.all("tag") ?? []
        guard
            tags.count > 1 || vlan?[attribute: "trunk"] == "yes"
                || tags.contains(where: { $0[attribute: "nativeMode"] != nil })
        else {
            tag = tags.first?[attribute: "id"].flatMap(Int.init)
            return
        }
        trunk = VLANTrunk(
            tags.compactMap { tag in
                tag[attribute: "id"].flatMap(Int.init).map { VLANTrunk.Tag($0, nativeMode: tag[name: "nativeMode"]) }
            })
    }
}
