/// Every target, by name.
package enum FuzzTargets {
    private static let makers: [(name: String, make: @Sendable () -> any FuzzTarget)] = [
        ("arguments", { ArgumentsTarget() }), ("etc", { BootTarget() }), ("guest", { GuestTarget() }),
        ("hook", { HookTarget() }), ("hosts", { HostsTarget() }), ("journal", { JournalTarget() }),
        ("labels", { LabelsTarget() }), ("netlink", { NetlinkTarget() }), ("network", { NetworkTarget() }),
        ("port", { PortTarget() }), ("spec", { SpecTarget() }), ("sysfs", { SysfsTarget() }),
    ]

    package static var names: [String] { makers.map(\.name) }

    /// The target of this name; nil where there is none.
    package static func target(_ name: String) -> (any FuzzTarget)? { makers.first { $0.name == name }?.make() }
}
