package import SRIOV
package import Text

/// What one hostdev network's document says: its PF or its list of functions, and the settings it hands out.
package struct PoolConfiguration: Sendable, Equatable {
    /// `managed='yes'`: libvirt switches drivers itself.
    package var isManagedByLibvirt: Bool
    /// `<pf dev>`; libvirt allows one.
    package var pfName: Name?
    /// `<address>` children of `<forward>`, in order; in a live document the functions found at start.
    package var addresses: [PCIAddress]
    /// The tag of `<vlan>`; nil without one.
    package var vlan: Int?
    /// More than one tag, or `trunk='yes'`: accepted by libvirt, refused by every VF at guest start.
    package var hasTrunk: Bool
    /// That of the network itself.
    package var trunk: VLANTrunk?
    package var portgroups: [Portgroup]
    /// vfpool's mark; nil for a network made by hand.
    package var mark: PoolMark?
    /// What vfpool's mark wants of the VFs.
    package var wanted = PoolSettings()
    /// The VFIO driver that its functions get.
    package var driver = FunctionDriver()
}
