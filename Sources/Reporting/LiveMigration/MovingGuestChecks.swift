import Model

/// The guest itself: whether it runs, and what it has besides VFs that keeps it where it is.
enum MovingGuestChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        [running(migration), persistent(migration)] + hostDevices(migration)
    }

    private static func running(_ migration: LiveMigration) -> Diagnostic {
        let guest = migration.guest
        return guest.isActive
            ? migration.check(
                .guestRunning, .pass, "guest \(guest.name) is running: the checks look at its running document")
            : migration.check(
                .guestRunning, .note,
                "guest \(guest.name) is shut off: the checks look at the document of its next start",
                hints: ["start it: `virsh start \(shell: migration.name)`"])
    }

    private static func persistent(_ migration: LiveMigration) -> Diagnostic {
        let guest = migration.guest
        return guest.isPersistent
            ? migration.check(
                .guestPersistent, .pass, "guest \(guest.name) has a persistent document, for `--persistent`")
            : migration.check(
                .guestPersistent, .note,
                "guest \(guest.name) is transient: it is gone from the target, too, when it stops")
    }

    private static func hostDevices(_ migration: LiveMigration) -> [Diagnostic] {
        let devices = migration.moving.hostDevices
        guard !devices.isEmpty else {
            return [
                migration.check(
                    .hostDevices, .pass, "guest \(migration.guest.name) has no host device other than VFs and USB")
            ]
        }
        return devices.map { device in
            let rule = device.isVFIO ? StateTransfer(migration) : StateTransfer(ofOthers: migration)
            let what = "guest \(migration.guest.name) has a host device, \(device.title)"
            switch rule.answer {
            case .possible(let how): return migration.check(.hostDevices, .pass, "\(what): \(how)")
            case .refused(let why):
                return migration.check(
                    .hostDevices, .fail, "\(what): \(why)",
                    hints: ["unplug it before: `virsh detach-device \(shell: migration.name) FILE --live`"])
            case .unknown(let reason): return migration.unknown(.hostDevices, reason, subject: what)
            }
        }
    }
}
