package import SRIOV

/// What `vfpool boot`, or `--persist` of another command, was asked for.
package struct BootRequest: Sendable {
    package var pf: PhysicalFunction
    /// How many VFs the PF is to have after a boot; nil: those it has now.
    package var count: Int?
    /// Whether they get a driver of the host's; nil: as it is now.
    package var hostDrivers: Bool?
    /// Take away what sets the count.
    package var removes: Bool
    /// What sets counts at boot now.
    package var boot: BootSetup
    /// The vfpool that the units run.
    package var program: String
    /// What others than root can change of what the units run.
    package var weaknesses: [Weakness]

    package init(
        pf: PhysicalFunction, count: Int? = nil, hostDrivers: Bool? = nil, removes: Bool = false, boot: BootSetup,
        program: String, weaknesses: [Weakness] = []
    ) {
        self.pf = pf
        self.count = count
        self.hostDrivers = hostDrivers
        self.removes = removes
        self.boot = boot
        self.program = program
        self.weaknesses = weaknesses
    }
}
