import CLibvirt

/// Which domains to list. See also `virConnectListAllDomainsFlags`, since 0.9.13.
package struct DomainListFlags: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Those that are gone when they stop. The corresponding C constant is `VIR_CONNECT_LIST_DOMAINS_TRANSIENT`.
    package static let transient = Self(rawValue: VIR_CONNECT_LIST_DOMAINS_TRANSIENT.rawValue)
    /// Those that start with the host. The corresponding C constant is `VIR_CONNECT_LIST_DOMAINS_AUTOSTART`.
    package static let autostart = Self(rawValue: VIR_CONNECT_LIST_DOMAINS_AUTOSTART.rawValue)
    /// Those that are paused. The corresponding C constant is `VIR_CONNECT_LIST_DOMAINS_PAUSED`.
    package static let paused = Self(rawValue: VIR_CONNECT_LIST_DOMAINS_PAUSED.rawValue)
    /// Those with a managed save image. The corresponding C constant is `VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE`.
    package static let managedSave = Self(rawValue: VIR_CONNECT_LIST_DOMAINS_MANAGEDSAVE.rawValue)
    /// Those with snapshots. The corresponding C constant is `VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT`.
    package static let snapshot = Self(rawValue: VIR_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT.rawValue)
}
