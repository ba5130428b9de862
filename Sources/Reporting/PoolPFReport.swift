import Model
package import Text

/// One PF of a pool, as it is on the host or as the pool's document names it.
package struct PoolPFReport: Sendable, Equatable {
    /// Its netdev, else its PCI address; nil when it is not on this host.
    package var title: Name?
    package var address: String?
    /// What the pool's document calls it.
    package var documentName: Name?
    /// Indices as people write them, where the pool covers a part of it.
    package var selection: String?
}
