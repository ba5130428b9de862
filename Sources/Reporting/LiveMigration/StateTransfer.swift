import Model
import SRIOV
import Text

/// Whether a device of the host could move along with what is inside it, without being unplugged: it can with few drivers,
/// and only QEMU knows.
///
/// libvirt refuses all but USB before 8.6.0, and where QEMU is older than 6.0; from then on it asks QEMU what is in the
/// way (`blocked-reasons` of `query-migrate`). To QEMU before 8.1 every VFIO device is.
struct StateTransfer {
    enum Answer: Equatable {
        /// How.
        case possible(String)
        /// Why not.
        case refused(String)
        /// Why it can't be told.
        case unknown(String)
    }

    let answer: Answer
    /// What would mend it.
    private(set) var hints: [Hint] = []

    /// Of a device that VFIO holds.
    init(_ migration: LiveMigration) {
        answer =
            Self.refusal(migration, .vfioMigration) ?? .unknown("whether its VFIO driver can transfer its state")
    }

    /// Of a VF: it has to be handed over here, and taken there.
    init(_ migration: LiveMigration, _ interface: MovingInterface) {
        if let refusal = Self.refusal(migration, .vfioMigration) {
            answer = refusal
            return
        }
        let here = Self.here(interface, migration)
        let there = Self.there(interface, migration)
        switch (here.answer, there.answer) {
        case (.refused(let reason), _):
            answer = .refused(reason.string)
            hints = here.hints
        case (_, .refused(let reason)):
            answer = .refused("on the target, \(reason)")
            hints = there.hints.map { "on the target: \($0)" }
        case (.unknown(let reason), _): answer = .unknown(reason.string)
        case (.possible(let driver), .unknown(let reason)):
            answer = .unknown(
                "VFIO driver \(driver) can transfer its state, but it is not known whether the target can: \(reason)")
            hints = ["`vfpool doctor` says it on the target, as vf-migratable"]
        case (.possible(let one), .possible(let other)):
            answer =
                one == other
                ? .possible("VFIO driver \(one) can transfer its state, here and on the target")
                : .refused("its VFIO driver is \(one) here and \(other) on the target")
        }
    }

    private static func here(_ interface: MovingInterface, _ migration: LiveMigration) -> VFTransfer {
        let host = migration.source
        let address = interface.interface.attachment.pinnedAddress
        if let function = address.flatMap(host.state.function) {
            let driver = interface.driver ?? host.state.driver(of: function, in: nil, host.migration)
            return .of(function, driver: driver, host.migration)
        }
        return any(of: interface.network, host) ?? .unknown("whether its VFIO driver can transfer its state")
    }

    private static func there(_ interface: MovingInterface, _ migration: LiveMigration) -> VFTransfer {
        let host = migration.target
        if let function = interface.fixed.flatMap(host.state.function) {
            // The document that names a driver travels.
            let driver =
                interface.interface.driver.model?.string ?? host.state.driver(of: function, in: nil, host.migration)
            return .of(function, driver: driver, host.migration)
        }
        return any(of: interface.network, host) ?? .unknown("which VF it gets on the target")
    }

    /// Of whichever VF a pool hands out: what is true of the worst.
    private static func any(of pool: Name?, _ host: LiveMigrationHost) -> VFTransfer? {
        guard let pool = pool.flatMap(host.state.network), pool.isPool else { return nil }
        let all = VFTransfer.all(of: pool, host.state, host.migration).map(\.transfer)
        return all.first { if case .refused = $0.answer { true } else { false } }
            ?? all.first { if case .unknown = $0.answer { true } else { false } } ?? all.first
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
