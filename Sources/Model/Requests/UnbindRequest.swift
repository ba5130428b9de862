package import Text

/// What `vfpool unbind` was asked for, for one guest.
package struct UnbindRequest: Sendable {
    package var guest: Name
    /// MACs, aliases or indices; none means every interface on a pool.
    package var interfaces: [String]
    package var target: UnbindTarget
    /// Whether the bridge that the target names is there; nil where that can't be seen, or for any other target.
    package var isBridge: Bool?
    /// The emulated NIC's model, on a network or bridge.
    package var model: String?
    package var live: Bool
    package var patience: Double
    /// What may be dropped although it decides the guest's network: `vlan`, `virtualport`.
    package var drop: Set<String>

    package init(
        guest: Name, interfaces: [String] = [], target: UnbindTarget = .former, isBridge: Bool? = nil,
        model: String? = nil, live: Bool = false, patience: Double = 20, drop: Set<String> = []
    ) {
        self.guest = guest
        self.interfaces = interfaces
        self.target = target
        self.isBridge = isBridge
        self.model = model
        self.live = live
        self.patience = patience
        self.drop = drop
    }
}

/// Where an interface goes when it leaves its pool.
package enum UnbindTarget: Sendable, Equatable {
    /// Back to what it was before it was bound, by the journal.
    case former
    case network(Name)
    case bridge(Name)
    /// One function, by PCI address or as `PF:INDEX`.
    case function(String)
}
