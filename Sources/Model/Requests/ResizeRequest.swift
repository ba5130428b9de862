package import SRIOV

/// What `vfpool resize`, or `create --vfs-count`, was asked for.
package struct ResizeRequest: Sendable {
    package var pf: PhysicalFunction
    package var count: Int
    /// Whether the host's own drivers are to get new VFs; nil leaves that as it is.
    package var hostDrivers: Bool?
    /// What sets the count at boot; nil where that is not known.
    package var boot: BootSetup?

    package init(pf: PhysicalFunction, count: Int, hostDrivers: Bool? = nil, boot: BootSetup? = nil) {
        self.pf = pf
        self.count = count
        self.hostDrivers = hostDrivers
        self.boot = boot
    }
}
