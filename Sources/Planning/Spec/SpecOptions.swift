package import Model
package import SRIOV
package import Text

/// How a spec is to be compared with a host and applied to it, and whom to ask what a picture does not have.
package struct SpecOptions {
    /// Take away what bears vfpool's mark and is not in the spec.
    package var prunes = false
    /// Move running guests' interfaces now.
    package var isLive = false
    /// Seconds to wait for a guest to release a device.
    package var patience: Double = 20
    /// What a VF can't provide and may be dropped although it is a promise, as for `bind`.
    package var drop: Set<String> = []
    /// What sets VF counts at boot; nil where that is not known.
    package var boot: BootSetup?
    /// Finds a PF by a person's word, and says why not.
    package var pf: (Name, State) throws(Failure) -> PhysicalFunction
    /// What `vfpool boot` would plan; nil count: take it away.
    package var bootPlan: (State, PhysicalFunction, _ count: Int?, _ hostDrivers: Bool?) throws(Failure) -> Plan
    /// Whether the host has a Linux bridge of that name.
    package var isBridge: (Name) -> Bool?
    /// What goes with wanted settings: whether the hook is there.
    package var request: (SettingsChange) -> SettingsRequest
    package var uuid: () -> String

    package init(
        pf: @escaping (Name, State) throws(Failure) -> PhysicalFunction,
        bootPlan: @escaping (State, PhysicalFunction, Int?, Bool?) throws(Failure) -> Plan,
        isBridge: @escaping (Name) -> Bool?, request: @escaping (SettingsChange) -> SettingsRequest,
        uuid: @escaping () -> String
    ) {
        self.pf = pf
        self.bootPlan = bootPlan
        self.isBridge = isBridge
        self.request = request
        self.uuid = uuid
    }
}
