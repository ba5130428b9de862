import Text

/// Why no guest could start with the VFIO driver that a pool names.
package enum DriverModel {
    /// That the daemon can be told of it, and that the host has it.
    ///
    /// - Throws: `unsupported`, `no-such-driver`.
    package static func check(_ name: String, _ state: State) throws(Failure) {
        if let version = state.libvirtVersion, VersionGate.driverModel.isLacking(version) {
            throw Failure(
                .unsupported, "libvirt \(version) can't choose the VFIO driver of VFs",
                cause: "that came with \(VersionGate.driverModel.since)",
                hints: ["leave the driver to libvirt, which takes vfio-pci before \(VersionGate.driverModel.since)"])
        }
        guard let reason = missing(name, state) else { return }
        throw Failure(
            .noSuchDriver, "no guest could start on the pool: \(reason)", hints: hints(name))
    }

    static func missing(_ name: String, _ state: State) -> String? {
        guard state.vfioDrivers[Name(name)] == false else { return nil }
        return "its VFIO driver \(name) is not on the host, neither loaded nor among the kernel's modules"
    }

    private static func hints(_ name: String) -> [Hint] {
        [
            "install the kernel's package that has it, and look: `modprobe \(shell: name)`",
            "or leave the driver to libvirt, which takes the one that the kernel knows for the card",
        ]
    }
}
