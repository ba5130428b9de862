package import SRIOV
package import Text

/// What `vfpool bind` was asked for, for one guest.
package struct BindRequest: Sendable {
    package var guest: Name
    package var pool: Name?
    /// MACs, aliases or indices; none means all pinned ones, or the only one.
    package var interfaces: [String]
    /// Add an interface instead of pointing one elsewhere.
    package var adds: Bool
    package var mac: MACAddress?
    /// A MAC made up for this request, to be used only where the user asked for a new one.
    package var newMAC: MACAddress?
    package var vlan: Int?
    package var portgroup: Name?
    /// Take the interface's own VLAN away: it then has its pool's.
    package var leavesVLAN = false
    /// Take the interface off its portgroup.
    package var leavesPortgroup = false
    /// Leave the VF of a failover pair as the one interface.
    package var endsPair = false
    /// Live, plug an interface anew that is on the pool already, so that it has what its document says now.
    package var replugs = false
    /// Make each a pair with an emulated card that stays when the VF is unplugged.
    package var failover: FailoverRequest?
    /// Move the running guest's interface now, by hot-unplug and hot-plug.
    package var live: Bool
    /// What may be dropped although it guards security or service: `filterref`, `bandwidth`, `port`, `virtualport`.
    package var drop: Set<String>
    /// Seconds to wait for the guest to release its device.
    package var patience: Double
    /// What is wanted of the interfaces' VFs.
    package var settings: SettingsRequest

    package init(
        guest: Name, pool: Name? = nil, interfaces: [String] = [], adds: Bool = false, mac: MACAddress? = nil,
        newMAC: MACAddress? = nil, vlan: Int? = nil, portgroup: Name? = nil, failover: FailoverRequest? = nil,
        live: Bool = false,
        drop: Set<String> = [], patience: Double = 20, settings: SettingsRequest = .none
    ) {
        self.guest = guest
        self.pool = pool
        self.interfaces = interfaces
        self.adds = adds
        self.mac = mac
        self.newMAC = newMAC
        self.vlan = vlan
        self.portgroup = portgroup
        self.failover = failover
        self.live = live
        self.drop = drop
        self.patience = patience
        self.settings = settings
    }

    /// The command line so far, for hints.
    package var command: ShellCommand {
        guard let failover else { return "vfpool bind \(shell: guest)" }
        return "vfpool bind \(shell: guest) --failover \(shell: failover.name)"
    }
}
