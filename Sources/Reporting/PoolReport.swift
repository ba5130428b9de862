package import Model
package import Text

/// One pool: what its document says, and who has which of its functions.
package struct PoolReport: Sendable, Equatable {
    package var name: Name
    package var uuid: String
    /// Whether it carries vfpool's mark.
    package var isManaged: Bool
    package var isActive: Bool
    package var isPersistent: Bool
    package var autostart: Bool
    package var titles: Titles
    package var driver: FunctionDriver
    package var vlan: Int?
    package var portgroups: [Portgroup]
    /// What it wants of its VFs.
    package var wanted: PoolSettings
    /// Most pools have one.
    package var pfs: [PoolPFReport]
    /// Whether it is known which functions it has: not where its PF can't be seen and it lists no addresses.
    package var isCoverageKnown: Bool
    /// In index order, PF by PF; those that are gone last.
    package var functions: [FunctionReport]
    package var counts: FunctionCounts
    /// Guests that point at it or have a function of it, sorted.
    package var guests: [Name]

    /// Its first PF that is on this host.
    package var pf: PoolPFReport? { pfs.first { $0.title != nil } }

    package var isOfSeveral: Bool { pfs.count > 1 }
}
