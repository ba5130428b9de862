import Model

/// Whether libvirt and QEMU, here and there, know pairs.
enum VersionChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        let (source, target) = (migration.source, migration.target)
        return [
            libvirt(.sourceLibvirt, source, migration), emulator(.sourceQEMU, source, migration),
            libvirt(.targetLibvirt, target, migration), emulator(.targetQEMU, target, migration),
        ]
    }

    private static func libvirt(_ name: Diagnostic.Code, _ host: LiveMigrationHost, _ migration: LiveMigration)
        -> Diagnostic
    {
        guard let version = host.state.libvirtVersion else {
            return migration.unknown(name, "the daemon does not give its version")
        }
        let isPlain = migration.withFunctions.contains {
            if case .hostdev = $0.interface.attachment { true } else { false }
        }
        let gate = isPlain ? VersionGate.hostdevPairs : .pairs
        guard gate.has(version) else {
            return migration.check(
                name, .fail,
                "libvirt \(version) knows no pairs\(isPlain && VersionGate.pairs.has(version) ? " of plain hostdevs" : "")",
                hints: ["upgrade libvirt to \(gate.since) or later"])
        }
        if VersionGate.plugFault.has(version) {
            return migration.check(
                name, .warn, "libvirt \(version) crashes when an interface of a pool is plugged",
                hints: ["upgrade libvirt to 12.2 or later"])
        }
        return migration.check(name, .pass, "libvirt \(version)")
    }

    private static func emulator(_ name: Diagnostic.Code, _ host: LiveMigrationHost, _ migration: LiveMigration)
        -> Diagnostic
    {
        switch host.emulator {
        case .known(let version) where VersionGate.failover.isLacking(version):
            migration.check(
                name, .fail, "QEMU \(version) can't unplug a VF for the time of the move",
                hints: ["upgrade QEMU to 4.2 or later, and start the guest with it"])
        case .known(let version): migration.check(name, .pass, "QEMU \(version)")
        case .absent: migration.unknown(name, "libvirt finds no QEMU")
        case .unknown(let reason): migration.unknown(name, reason)
        }
    }
}
