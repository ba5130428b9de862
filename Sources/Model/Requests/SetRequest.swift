package import Text

/// What `vfpool set` was asked for.
package struct SetRequest: Sendable {
    /// A pool, a pool and a portgroup with a colon between them, or a guest.
    package var target: Name
    /// MACs, aliases or indices of a guest's interfaces; none means all on pools.
    package var interfaces: [String]
    package var wish: SettingsWish

    package init(target: Name, interfaces: [String] = [], wish: SettingsWish) {
        self.target = target
        self.interfaces = interfaces
        self.wish = wish
    }
}
