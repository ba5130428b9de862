import Text

/// A guest and its interfaces, as JSON has them.
extension Schema {
    struct Guest: Encodable {
        var name: Name
        var configuration: GuestConfiguration
        var status: GuestStatus
        var interfaces: [GuestInterface]
    }

    struct GuestConfiguration: Encodable {
        var uuid: String
        @Nullable var title: Name?
        @Nullable var description: Name?
        var autostart: Bool
        var persistent: Bool
    }

    struct GuestStatus: Encodable {
        var active: Bool
        /// Whether the next start uses a managed save image.
        var savedState: Bool
        /// Whether an interface on a pool or VF changes at the next start.
        var pending: Bool
    }

    struct GuestInterface: Encodable {
        /// As `bind --interface` counts; `null` for one that the next start will not have.
        @Nullable var index: Int?
        @Nullable var alias: Name?
        @Nullable var mac: String?
        @Nullable var vlan: Int?
        var teamed: Bool
        /// The guest's NUMA nodes that its device belongs to.
        @Nullable var acpiNodes: Name?
        var pending: Bool
        /// What the next start will use.
        @Nullable var configuration: Connection?
        /// What runs now.
        @Nullable var status: Connection?
        var unknown: [String: String]
    }

    struct Connection: Encodable {
        /// `pool`, `hostdev-interface`, `hostdev`, `network`, `bridge`, `direct`, `other`.
        var kind: String
        /// The pool, network, bridge or netdev; of any other kind the interface's type.
        @Nullable var name: Name?
        @Nullable var portgroup: Name?
        /// The function's PCI address.
        @Nullable var address: String?
        /// The VFIO driver that the document of the interface, or of its pool, names; `null` leaves it to libvirt.
        @Nullable var driverModel: Name?
        /// `null` where there is no function.
        @Nullable var iommufd: Bool?
    }
}
