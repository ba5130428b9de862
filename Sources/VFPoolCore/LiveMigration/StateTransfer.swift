import Libvirt

/// Whether a device of the host could move along with what is inside it, without being unplugged: it can with few drivers,
/// and only QEMU knows.
///
/// libvirt refuses all but USB before 8.6.0, and where QEMU is older than 6.0; from then on it asks QEMU what is in the
/// way (`blocked-reasons` of `query-migrate`). To QEMU before 8.1 every VFIO device is.
struct StateTransfer {
    enum Answer: Equatable {
        /// Why not.
        case refused(String)
        /// Why it can't be told.
        case unknown(String)
    }

    let answer: Answer

    /// Of a VF, or of another device that VFIO holds.
    ///
    /// - Parameter driver: the VFIO driver that has it; `vfio-pci` itself can't do it.
    init(_ migration: LiveMigration, driver: String? = nil) {
        if let refusal = Self.refusal(migration, .vfioMigration) {
            answer = refusal
        } else if driver == "vfio-pci" {
            answer = .refused("its driver vfio-pci can't hand over what is inside it")
        } else if let driver {
            answer = .unknown("whether its driver \(driver), here and on the target, hands over what is inside it")
        } else {
            answer = .unknown("whether its VFIO driver hands over what is inside it")
        }
    }

    /// Of a device that is not VFIO's, such as a SCSI disk of the host.
    init(ofOthers migration: LiveMigration) {
        answer =
            Self.refusal(migration, .migrationBlockers)
            ?? .unknown("whether QEMU takes it along")
    }

    private static func refusal(_ migration: LiveMigration, _ gate: VersionGate) -> Answer? {
        let hosts = [migration.source, migration.target]
        for version in hosts.compactMap(\.state.libvirtVersion) where VersionGate.blockedReasons.isLacking(version) {
            return .refused("libvirt \(version) moves no running guest with that")
        }
        for version in hosts.compactMap(\.emulator.value) where gate.isLacking(version) {
            return .refused("QEMU \(version) moves no running guest with that")
        }
        return hosts.lazy.compactMap(\.emulator.reason).first.map { .unknown($0) }
    }
}
