/// What `vfpool bind --failover` was told: a network or bridge, by name.
package struct FailoverWish: Sendable, Equatable {
    package var name: String
    /// Whether the host has a Linux bridge of that name; nil where that can't be seen.
    package var isBridge: Bool?

    package init(_ name: String, isBridge: Bool? = nil) {
        self.name = name
        self.isBridge = isBridge
    }
}
