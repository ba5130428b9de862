package import Text

/// What `vfpool bind --failover` was told: a network or bridge, by name.
package struct FailoverRequest: Sendable, Equatable {
    package var name: Name
    /// Whether the host has a Linux bridge of that name; nil where that can't be seen.
    package var isBridge: Bool?

    package init(_ name: Name, isBridge: Bool? = nil) {
        self.name = name
        self.isBridge = isBridge
    }
}
