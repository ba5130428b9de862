package import Text

/// What `vfpool set` was asked for.
package struct SetRequest: Sendable {
    /// A pool, a pool and a portgroup with a colon between them, or a guest.
    package var target: Name
    /// MACs, aliases or indices of a guest's interfaces; none means all on pools.
    package var interfaces: [String]
    package var settings: SettingsRequest

    package init(target: Name, interfaces: [String] = [], settings: SettingsRequest) {
        self.target = target
        self.interfaces = interfaces
        self.settings = settings
    }
}
