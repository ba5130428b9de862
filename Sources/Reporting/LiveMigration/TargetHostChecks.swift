import Model
import SRIOV
import Text

/// The target as a host: that it is another one, and has room for this guest's name, UUID and MACs.
enum TargetHostChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        [host(migration)] + guest(migration) + macs(migration)
    }

    private static func host(_ migration: LiveMigration) -> Diagnostic {
        let (source, target) = (migration.source, migration.target)
        if source.state.uri.isSame(as: target.state.uri) {
            return migration.check(
                .targetHost, .fail, "\(target.state.uri) is where guest \(migration.guest.name) is now",
                hints: ["name another host: `--to qemu+ssh://HOST/system`"])
        }
        guard let here = source.uuid.value, let there = target.uuid.value else {
            return migration.unknown(
                .targetHost, source.uuid.reason ?? target.uuid.reason ?? "libvirt gives no UUID of its host")
        }
        guard here != there else {
            return migration.check(
                .targetHost, .fail, "both hosts have the UUID \(there): libvirt takes them for one",
                hints: [
                    "if they are two, give one another UUID: `host_uuid` in /etc/libvirt/libvirtd.conf, with modular daemons virtqemud.conf"
                ])
        }
        return migration.check(.targetHost, .pass, "\(target.state.uri) is another host")
    }

    private static func guest(_ migration: LiveMigration) -> [Diagnostic] {
        let guest = migration.guest
        let same = migration.target.state.guests.filter { $0.uuid == guest.uuid || $0.name == guest.name }
        let checks = same.map { found in
            if found.uuid != guest.uuid {
                return migration.check(
                    .targetGuest, .fail, "the target has another guest \(found.name), with the UUID \(found.uuid)",
                    hints: [
                        "rename it there: `virsh \(shell: migration.there) domrename \(shell: found.word) NEW-NAME`"
                    ])
            }
            if found.name != guest.name {
                return migration.check(
                    .targetGuest, .fail, "guest \(guest.name) is defined on the target under the name \(found.name)",
                    hints: [
                        "give it one name: `virsh \(shell: migration.there) domrename \(shell: found.word) \(shell: migration.name)`"
                    ])
            }
            if found.isPausedForMigration {
                return migration.check(
                    .targetGuest, .fail, "guest \(guest.name) is being migrated to the target",
                    hints: [
                        "see how far it is: `virsh domjobinfo \(shell: migration.name)`"
                    ])
            }
            if found.isActive {
                return migration.check(
                    .targetGuest, .fail, "guest \(guest.name) runs on the target already",
                    hints: [
                        "see which of the two is the right one: `virsh \(shell: migration.there) dominfo \(shell: migration.name)`"
                    ])
            }
            return migration.check(
                .targetGuest, .note,
                "guest \(guest.name) is defined on the target, shut off: its document there is replaced only with `--persistent`"
            )
        }
        return checks.isEmpty
            ? [migration.check(.targetGuest, .pass, "the target has no guest of the name or UUID of \(guest.name)")]
            : checks
    }

    private static func macs(_ migration: LiveMigration) -> [Diagnostic] {
        let macs = Set((migration.guest.interfaces + migration.guest.liveInterfaces).compactMap(\.mac))
        let checks = macs.sorted().flatMap { mac in
            migration.target.state.guests.filter { other in
                other.uuid != migration.guest.uuid
                    && (other.interfaces + other.liveInterfaces).contains { $0.mac == mac }
            }.map { other in
                migration.check(
                    .targetMAC, .fail, "guest \(other.name) on the target has the MAC \(mac), too",
                    hints: ["give it another: `virsh \(shell: migration.there) edit \(shell: other.word)`"])
            }
        }
        return checks.isEmpty
            ? [migration.check(.targetMAC, .pass, "no guest on the target has one of its MACs")] : checks
    }
}
