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
    package var vlan: Int?
    package var portgroups: [Portgroup]
    /// What it wants of its VFs.
    package var wanted: PoolSettings
    /// Indices as people write them, where the pool covers a part of its port.
    package var selection: String?
    /// The port's netdev, else its PCI address; nil when the port is not on this host.
    package var port: Name?
    /// All of them, where a network made by hand has functions of several.
    package var ports: [Name] = []
    package var portAddress: String?
    /// What its document calls the port.
    package var portName: Name?
    /// Whether it is known which functions it has: not where its port can't be seen and it lists no addresses.
    package var isCoverageKnown: Bool
    /// In index order; those that are gone last.
    package var functions: [FunctionReport]
    package var counts: FunctionCounts
    /// Guests that point at it or have a function of it, sorted.
    package var guests: [Name]
}
