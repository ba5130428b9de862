package import Text

/// A named set of settings in a network, for guests that ask for it by name, or for all that ask for none.
package struct Portgroup: Sendable, Hashable {
    package var name: Name
    /// The VLAN every interface of the group is on, 1–4094; nil is the network's own.
    package var vlan: Int?
    package var trunk: VLANTrunk?
    package var isDefault: Bool

    package init(name: Name, vlan: Int?, isDefault: Bool) {
        self.name = name
        self.vlan = vlan
        self.isDefault = isDefault
    }
}
