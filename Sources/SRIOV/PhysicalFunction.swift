package import Text

/// A network port that can be split into virtual functions.
package struct PhysicalFunction: Sendable, Equatable {
    /// Its netdev, e.g. `eth3`; nil when its driver makes none, or it is in another network namespace.
    package var netdev: Name?
    /// more netdevs at the same PCI address: the second port of a ConnectX-3, which shares one set of VFs.
    package var otherNetdevs: [Name]
    /// Other names of its netdev (altnames).
    package var alternativeNames: [Name] = []
    package var address: PCIAddress
    /// The MAC burnt into the card: what names this PF when slots and netdev names have changed.
    package var permanentMAC: MACAddress?
    /// The MAC it uses now; a bond sets it to another's.
    package var mac: MACAddress?
    /// Bridges that have its netdev as a port of theirs.
    package var bridges: [Name] = []
    package var driver: String?
    /// `sriov_numvfs`.
    package var enabledVFs: Int
    /// `sriov_totalvfs`.
    package var possibleVFs: Int?
    /// Set up by the administrator (IFF_UP): libvirt refuses to configure the VFs of a PF that is not.
    package var isUp: Bool?
    /// The cable has a link; nil while the PF is down.
    package var hasCarrier: Bool?
    package var numaNode: Int?
    package var iommuGroup: Int?
    /// Where its functions stand among the bus's devices: `sriov_offset`, `sriov_stride`.
    package var firstOffset: Int?
    package var stride: Int?
    /// Its netdev is an InfiniBand one, whose MAC of six bytes, which a guest's interface has, no VF can be given.
    package var isInfiniBand = false
    /// The card's switch is under the host's control, with a netdev (a representor) for each VF; nil where that can't be told.
    package var isSwitchdev: Bool?
    /// Whether the kernel looks for a driver for new functions: `sriov_drivers_autoprobe`.
    package var probesDrivers: Bool?
    /// In order of their index.
    package var functions: [VirtualFunction]

    package init(
        netdev: Name?, otherNetdevs: [Name] = [], address: PCIAddress, permanentMAC: MACAddress? = nil,
        mac: MACAddress? = nil, driver: String? = nil, enabledVFs: Int, possibleVFs: Int? = nil, isUp: Bool? = nil,
        hasCarrier: Bool? = nil, numaNode: Int? = nil, iommuGroup: Int? = nil, functions: [VirtualFunction] = []
    ) {
        self.netdev = netdev
        self.otherNetdevs = otherNetdevs
        self.address = address
        self.permanentMAC = permanentMAC
        self.mac = mac
        self.driver = driver
        self.enabledVFs = enabledVFs
        self.possibleVFs = possibleVFs
        self.isUp = isUp
        self.hasCarrier = hasCarrier
        self.numaNode = numaNode
        self.iommuGroup = iommuGroup
        self.functions = functions
    }
}
