package import Text

/// One slice of a PF, with its own PCI address, that a guest can be given.
package struct VirtualFunction: Sendable, Equatable {
    /// Its number in its PF, from 0: the N of sysfs's `virtfnN` and of `ip link set … vf N`.
    package var index: Int
    package var address: PCIAddress
    /// What holds it: `vfio-pci`, or a network driver such as `iavf`; nil when nothing does.
    package var driver: String?
    /// Its netdev on the host, in this network namespace.
    package var netdev: Name?
    /// Other names that the kernel has for its netdev (`ip link property add … altname`).
    package var alternativeNames: [Name] = []
    /// nil: the host has one node, or does not say.
    package var numaNode: Int?
    /// nil: no IOMMU.
    package var iommuGroup: Int?
    /// Devices in its IOMMU group, itself included, bridges left out: above 1, a guest takes them together.
    package var groupMembers: Int?
    package var hostUses: [HostUse]
    /// Its row of the PF's VF table; nil where the kernel cannot be asked.
    package var settings: VFSettings?
    /// The MAC of its netdev on the host, while it has one.
    package var netdevMAC: MACAddress?
    /// That MAC was made up by its driver when it was probed: the next probe makes up another.
    package var hasRandomMAC = false
    /// Who has its VFIO device, or another file of it, open. Looked for on request only, see `Sysfs.physicalFunctions`.
    package var holders: [VFIOHolder]

    package init(
        index: Int, address: PCIAddress, driver: String? = nil, netdev: Name? = nil, numaNode: Int? = nil,
        iommuGroup: Int? = nil, groupMembers: Int? = nil, hostUses: [HostUse] = [], settings: VFSettings? = nil,
        netdevMAC: MACAddress? = nil, holders: [VFIOHolder] = []
    ) {
        self.index = index
        self.address = address
        self.driver = driver
        self.netdev = netdev
        self.numaNode = numaNode
        self.iommuGroup = iommuGroup
        self.groupMembers = groupMembers
        self.hostUses = hostUses
        self.settings = settings
        self.netdevMAC = netdevMAC
        self.holders = holders
    }

    /// The MAC the wire sees: the one set through the PF, else that of the netdev on the host.
    package var actualMAC: MACAddress? {
        if let mac = settings?.mac, !mac.isZero { return mac }
        return netdevMAC
    }

    /// Whether its netdev is called so.
    package func hasNetdev(_ name: Name) -> Bool { netdev == name || alternativeNames.contains(name) }

    /// Why it could not be read whether the host uses it; nil where it could.
    package var unreadUse: HostError? {
        for case .unreadable(let error) in hostUses { return error }
        return nil
    }

    /// Held for pass-through by VFIO: vfio-pci itself, or a vendor's variant such as mlx5_vfio_pci.
    package var isBoundToVFIO: Bool { driver?.contains(bytes: "vfio") ?? false }
}
