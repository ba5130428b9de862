package import Libvirt

/// What libvirt or QEMU can do from some version on, or can't in some: every decision by version is made here, and
/// docs/versions.md has them all.
package struct VersionGate: Sendable, Hashable {
    package enum Program: String, Sendable { case libvirt, qemu = "QEMU" }

    package let program: Program
    /// The first version that has it.
    package let since: LibvirtVersion
    /// The first version that has it no more: of faults.
    package let until: LibvirtVersion?
    /// What it is, as docs/versions.md says it.
    package let what: String

    private init(
        _ what: String, _ major: UInt, _ minor: UInt, of program: Program = .libvirt, until: LibvirtVersion? = nil
    ) {
        self.what = what
        self.program = program
        since = LibvirtVersion(major: major, minor: minor, release: 0)
        self.until = until
    }

    package func has(_ version: LibvirtVersion) -> Bool {
        version >= since && (until.map { version < $0 } ?? true)
    }

    /// Whether a version is known and lacks it.
    package func isLacking(_ version: LibvirtVersion?) -> Bool { version.map { !has($0) } ?? false }

    // MARK: libvirt

    package static let ports = VersionGate("network ports, and with them reservations", 5, 5)
    package static let pairs = VersionGate("pairs of a VF and a virtio card (`<teaming>`)", 6, 1)
    package static let hookFolders = VersionGate("folders of hooks", 6, 5)
    package static let hostdevPairs = VersionGate("`<teaming>` of a plain `<hostdev>`", 7, 1)
    package static let networkValidation = VersionGate("networks held to the daemon's own grammar", 7, 7)
    package static let blockedReasons = VersionGate(
        "a live migration with devices of the host, where QEMU has nothing against it", 8, 6)
    package static let driverModel = VersionGate("a VFIO driver by name (`<driver model>`)", 10, 0)
    package static let bridgeVLANs = VersionGate("VLANs on Linux bridges", 11, 0)
    package static let plugFault = VersionGate(
        "a crash when an interface of a pool is plugged in", 12, 1,
        until: LibvirtVersion(major: 12, minor: 2, release: 0))

    // MARK: QEMU

    package static let failover = VersionGate("a VF that is unplugged while its guest moves", 4, 2, of: .qemu)
    package static let migrationBlockers = VersionGate("what is in the way of a live migration", 6, 0, of: .qemu)
    package static let vfioMigration = VersionGate("a live migration with what is in a VF", 8, 1, of: .qemu)

    package static let all = [
        ports, pairs, hookFolders, hostdevPairs, networkValidation, blockedReasons, driverModel, bridgeVLANs, plugFault,
        failover,
        migrationBlockers, vfioMigration,
    ]
}
