/// What a PF is, where it is not an Intel 82599 with nothing set of its VFs. Every part that is nil is as of that card.
///
/// ```swift`
/// .pf("enp9s0f0", vfs: 2, hardware: .switchdev)
/// .pf("p4p2", vfs: 2, bus: "04", hardware: RigHardware { $0.function = 1 })
/// ````
package struct RigHardware: Encodable, Sendable {
    package var vendor: Int?
    package var device: Int?
    package var vfDevice: Int?
    /// The PCI class, and that of the VFs; `infiniband` sets both.
    package var `class`: Int?
    package var vfClass: Int?
    package var domain: String?
    /// The number of the function, for another PF of a card at the same bus.
    package var function: Int?
    /// How the VFs' addresses go on from the PF's.
    package var offset: Int?
    package var stride: Int?
    /// The names of VFs' netdevs: this, `v`, and their number.
    package var vfPrefix: String?
    /// The MAC that the PF has now, where it is not the burnt-in one.
    package var currentMAC: String?
    /// False: its driver makes no netdev.
    package var netdev: Bool?
    /// Further netdevs of the same function.
    package var extraNetdevs: [Netdev]?
    package var altnames: [String]?
    /// An InfiniBand PF: netdevs of type 32 with 20 bytes of address, and no MAC or VLAN of VFs to set.
    package var infiniband: Bool?
    /// Its netdev has no link layer and no MAC, as that of a Chelsio card's management function.
    package var tun: Bool?
    /// Its netdev is below a device of the PCI function's: `/virtio3`.
    package var netBelow: String?
    /// How many netdevs each VF has.
    package var vfNetdevs: Int?
    /// VLAN and spoof check that the driver says of VFs nobody has set anything of.
    package var vfVlan: Int?
    package var vfSpoof: Int?
    /// The driver that the host gives VFs instead of their own when they come (driverctl).
    package var vfDriverOverride: String?
    /// Its driver also makes RDMA devices, of itself and of each VF.
    package var rdma: Bool?
    /// `legacy` or `switchdev`: devlink knows the card. In switchdev mode there is a representor for each VF.
    package var eswitch: String?
    /// The names of representors, before their numbers; else the PF's and an `r`.
    package var representors: String?
    /// devlink's `migratable` of each VF in switchdev mode; nil: there is no such switch.
    package var migratable: [Bool?]?
    /// The kernel tells in debugfs which VFs' VFIO drivers can hand over what is inside: all but vfio-pci.
    package var vfioDebugfs: Bool?
    /// The card's functions and the bridge above them are one IOMMU group.
    package var oneGroup: Bool?
    /// What the driver says to a setting: `["trust": "unsupported", "min-rate": "invalid"]`; also `mac`, `vlan`, `max-rate`,
    /// `spoof-check`, `link-state`, `vlan-protocol`.
    package var refuses: [String: String]?

    package init(_ describe: (inout RigHardware) -> Void = { _ in }) { describe(&self) }

    package struct Netdev: Encodable, Sendable {
        var name: String
        var mac: String?

        package init(_ name: String, mac: String? = nil) {
            self.name = name
            self.mac = mac
        }
    }

    /// An mlx5 card with a VF right behind its PF.
    package static let mlx5 = RigHardware {
        ($0.vendor, $0.device, $0.vfDevice, $0.offset, $0.stride) = (0x15b3, 0x101d, 0x101e, 2, 1)
    }

    /// An mlx5 card whose switch is under the host's control.
    package static let switchdev = RigHardware {
        $0 = .mlx5
        $0.eswitch = "switchdev"
    }

    /// An mlx5 card's InfiniBand PF.
    package static let infiniband = RigHardware {
        $0 = .mlx5
        $0.infiniband = true
    }

    /// A card of mlx4 with two PFs at one function, whose driver says VLAN 4095 of VFs without a VLAN.
    package static func mlx4(second: String) -> RigHardware {
        RigHardware {
            ($0.vendor, $0.device, $0.vfDevice, $0.offset, $0.stride) = (0x15b3, 0x1003, 0x1004, 1, 1)
            ($0.vfVlan, $0.vfSpoof, $0.extraNetdevs) = (4095, 0, [Netdev(second)])
        }
    }
}

/// What was set of a VF through its PF before the test, as by `ip link set eth3 vf 0 vlan 42`. A reboot forgets it.
package struct RigVFSettings: Encodable, Sendable {
    package var mac: String?
    package var vlan: Int?
    package var qos: Int?
    /// `8100` or `88a8`.
    package var `protocol`: String?
    package var spoofCheck: Bool?
    package var trust: Bool?
    /// 0: as the PF's; 1: up; 2: down.
    package var link: Int?
    package var minRate: Int?
    package var maxRate: Int?

    package init(
        mac: String? = nil, vlan: Int? = nil, qos: Int? = nil, protocol: String? = nil, spoofCheck: Bool? = nil,
        trust: Bool? = nil, link: Int? = nil, minRate: Int? = nil, maxRate: Int? = nil
    ) {
        self.mac = mac
        self.vlan = vlan
        self.qos = qos
        self.protocol = `protocol`
        self.spoofCheck = spoofCheck
        self.trust = trust
        self.link = link
        self.minRate = minRate
        self.maxRate = maxRate
    }
}
