package import Text

/// Several VLANs on one interface, or one in a native mode: libvirt accepts it, and every VF refuses it at guest start.
package struct VLANTrunk: Sendable, Hashable {
    package struct Tag: Sendable, Hashable {
        package var id: Int
        /// `tagged` or `untagged`: the trunk's native VLAN.
        package var nativeMode: Name?

        package init(_ id: Int, nativeMode: Name? = nil) {
            self.id = id
            self.nativeMode = nativeMode
        }
    }

    package var tags: [Tag]

    package init(_ tags: [Tag]) { self.tags = tags }

    /// `a trunk of 4, 5 (untagged)`.
    package var words: String {
        "a trunk of "
            + tags.map { tag in tag.nativeMode.map { "\(tag.id) (\($0))" } ?? String(tag.id) }.joined(separator: ", ")
    }
}
