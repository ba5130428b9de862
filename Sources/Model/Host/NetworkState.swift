package import Text

/// One libvirt network as it was read: its documents, whether it runs, and its ports.
package struct NetworkState: Sendable, Equatable {
    package var name: Name
    package var uuid: String
    package var isActive: Bool
    package var isPersistent: Bool
    package var autostart: Bool
    /// The persistent document; on the test driver, which has no INACTIVE flag, the only one.
    @Bytewise package var inactiveXML: String
    /// Whether `inactiveXML` is the persistent document even while the network runs; not on the test driver.
    package var showsPersistent = true
    /// What the persistent document says, for a hostdev network; nil for any other.
    package var configuration: PoolConfiguration?
    /// What the running network hands out: the functions found when it started.
    package var live: PoolConfiguration?
    /// What the persistent document says, for a network of any kind.
    package var settings = NetworkSettings()
    /// A pool of vfpool's whose document has lost its mark: the mark as it was.
    package var lostMark: LostMark?
    /// The netdevs that the running network hands out macvtaps on; nil where that is not known.
    package var liveDevices: [Name]?
    /// Ports by libvirt; nil where they can't be had (before 5.5.0, or the test driver), which is not "none".
    package var ports: [NetworkPortState]?
    /// How many ports of the running network libvirt lists and does not count: their functions are free to it.
    package var uncountedPorts = 0

    package init(
        name: Name, uuid: String, isActive: Bool, isPersistent: Bool, autostart: Bool, inactiveXML: String,
        configuration: PoolConfiguration? = nil, live: PoolConfiguration? = nil, ports: [NetworkPortState]? = nil
    ) {
        self.name = name
        self.uuid = uuid
        self.isActive = isActive
        self.isPersistent = isPersistent
        self.autostart = autostart
        self.inactiveXML = inactiveXML
        self.configuration = configuration
        self.live = live
        self.ports = ports
    }

    /// A hostdev network: it hands out functions, whoever made it.
    package var isPool: Bool { configuration != nil }

    /// A pool that carries vfpool's mark.
    package var isManaged: Bool { configuration?.mark != nil }

    /// Ports that a guest got from libvirt, without vfpool's reservations; nil where unknown.
    package var guestPorts: [NetworkPortState]? {
        ports?.filter { !Reservation.isReservation($0, of: uuid) }
    }

    /// vfpool's reservations among the ports.
    package var reservations: [NetworkPortState] {
        ports?.filter { Reservation.isReservation($0, of: uuid) } ?? []
    }
}

extension NetworkState {
    /// Whether the running pool gives its functions another VFIO driver than its document says: that was edited since.
    package var hasOtherDriver: Bool {
        guard isActive, isPersistent, showsPersistent, let live, let next = configuration else { return false }
        return live.driver != next.driver
    }
}
