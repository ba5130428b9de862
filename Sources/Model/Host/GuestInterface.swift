package import SRIOV
package import Text

/// One interface of a guest: an `<interface>`, or a plain `<hostdev>` whose device is a virtual function.
package struct GuestInterface: Sendable, Equatable {
    /// Position among the guest's interfaces, from 0: first all `<interface>`s, then plain hostdevs.
    package var index: Int
    /// Where it stands in the guest's document, as an XPath that selects it alone.
    package var path: String
    package var mac: MACAddress?
    /// `<alias name>`; in inactive documents only names set by people (`ua-…`).
    package var alias: Name?
    package var attachment: Attachment
    /// The tag of `<vlan>`; nil without one, or with several.
    package var vlan: Int?
    package var hasTrunk: Bool
    package var trunk: VLANTrunk?
    /// `<teaming>`: half of a pair with the same MAC, which is legal.
    package var isTeamed: Bool
    /// The half of such a pair that stays when the other is unplugged.
    package var isPersistentHalf: Bool
    /// What its `<driver>` says of a function's: of an interface that is pinned.
    package var driver = FunctionDriver()
    /// The guest's NUMA nodes that its device belongs to: `<acpi nodeset>` (libvirt 11.8.0).
    package var acpiNodes: Name?
    /// The type of its virtualport: `openvswitch`, `802.1Qbh`.
    package var virtualport: String?
    /// The alias of the other half, which has the same MAC.
    package var partner: Name?
    /// Guest-side PCI address, as libvirt spells it in attributes; it decides the guest's name for the interface.
    package var guestAddress: PCIAddress?
    /// What the guest's metadata wants of its VF; its pool may want more.
    package var wanted = WantedSettings()

    package init(
        index: Int, path: String, mac: MACAddress?, alias: Name? = nil, attachment: Attachment, vlan: Int? = nil,
        hasTrunk: Bool = false, isTeamed: Bool = false, isPersistentHalf: Bool = false, guestAddress: PCIAddress? = nil
    ) {
        self.index = index
        self.path = path
        self.mac = mac
        self.alias = alias
        self.attachment = attachment
        self.vlan = vlan
        self.hasTrunk = hasTrunk
        self.isTeamed = isTeamed
        self.isPersistentHalf = isPersistentHalf
        self.guestAddress = guestAddress
    }
}
