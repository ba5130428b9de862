import Model
import SRIOV
import Text

/// Pairs: a VF leaves a guest that moves, and another half with the same MAC carries its traffic meanwhile.
enum PairChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        let functions = migration.withFunctions
        guard !functions.isEmpty else {
            return [migration.check(.pair, .pass, "guest \(migration.guest.name) has no VF: none has to be unplugged")]
                + unplugged(migration)
        }
        let checks = functions.flatMap { of($0, migration) }
        let alone = functions.filter { !$0.isTransient }.map(\.interface.index)
        return checks + unplugged(migration)
            + nextStart(migration, isWell: checks.allSatisfy { $0.severity == .pass }, alone: Set(alone))
    }

    private static func of(_ interface: MovingInterface, _ migration: LiveMigration) -> [Diagnostic] {
        let what = "\(interface.title) of guest \(migration.guest.name)"
        guard interface.isTransient else {
            return [alone(interface, migration, what)]
        }
        let problems = problems(interface, migration)
        guard problems.isEmpty else {
            return problems.map {
                migration.check(
                    .pair, .fail, "\(what) is an incomplete failover pair: \($0)",
                    hints: failoverHints(interface, migration))
            }
        }
        if let problem = interface.placeProblem {
            return [
                migration.check(
                    .pair, .fail, "\(what) can't be unplugged during the move: \(problem)",
                    hints: [
                        "take its <address> out, and libvirt finds a place at its next start: `virsh edit \(shell: migration.name)`"
                    ])
            ]
        }
        if interface.interface.mac == nil {
            return [
                migration.check(
                    .pair, .warn,
                    "\(what) is a plain hostdev: libvirt sets no MAC on the VF that it gets on the target, and without the MAC of its other half they are no pair",
                    hints: [
                        "point it at a pool: `vfpool bind \(shell: migration.name) --interface \(shell: interface.name)`"
                    ])
            ]
        }
        return [
            migration.check(
                .pair, .pass,
                "\(what) is unplugged during the move, and \(interface.interface.partner ?? "") carries on with the same MAC"
            )
        ]
    }

    // MARK: No pair

    private static func alone(_ interface: MovingInterface, _ migration: LiveMigration, _ what: String) -> Diagnostic {
        if let configured = configured(interface, migration), configured.isTeamed, !configured.isPersistentHalf {
            return migration.check(
                .pair, .fail, "\(what) runs on a VF that gets its failover pair only at the guest's next start",
                hints: [
                    "shut it down and start it: `virsh shutdown \(shell: migration.name)`",
                    "or move it now, by the same `vfpool bind --failover` again with --live",
                ])
        }
        let transfer = StateTransfer(migration, interface)
        let hints = transfer.hints + failoverHints(interface, migration)
        switch transfer.answer {
        case .possible(let how):
            return migration.check(
                .pair, .pass, "\(what) has a VF that is not in a failover pair, and moves with its VF: \(how)")
        case .refused(let why):
            return migration.check(
                .pair, .fail, "\(what) has a VF that is not in a failover pair: \(why)", hints: hints)
        case .unknown(let reason):
            var check = migration.unknown(.pair, reason, subject: "\(what) has a VF that is not in a failover pair")
            check.hints = hints
            return check
        }
    }

    /// What the interface is in the document of the next start; nil where that is what is looked at.
    private static func configured(_ interface: MovingInterface, _ migration: LiveMigration) -> GuestInterface? {
        guard migration.guest.isActive else { return nil }
        return migration.guest.interfaces.first {
            migration.guest.live(for: $0)?.index == interface.interface.index
                || (interface.interface.mac != nil && $0.mac == interface.interface.mac && !$0.isPersistentHalf)
        }
    }

    private static func failoverHints(_ interface: MovingInterface, _ migration: LiveMigration) -> [Hint] {
        [
            "make it a pair: `vfpool bind \(shell: migration.name) --interface \(shell: interface.name) --failover NETWORK`, or a bridge"
        ]
    }

    // MARK: Half a pair

    private static func problems(_ interface: MovingInterface, _ migration: LiveMigration) -> [String] {
        guard let alias = interface.interface.partner, !alias.isEmpty else { return ["it names no other half"] }
        guard let other = migration.moving.interfaces.first(where: { $0.interface.alias == alias }) else {
            return ["there is no interface \(alias)"]
        }
        var problems: [String] = []
        if !other.interface.isPersistentHalf { problems.append("\(alias) is not marked as the persistent half") }
        if !alias.string.hasPrefix(bytes: "ua-") {
            problems.append(
                "the name \(alias) is libvirt's own, which may be another's on the target; one set by people begins with ua-"
            )
        }
        if !(other.model?.hasPrefix(bytes: "virtio") ?? false) {
            problems.append("the persistent half has to be virtio, and \(alias) is \(other.model ?? "of no model")")
        }
        if let mac = interface.interface.mac, other.interface.mac != mac {
            problems.append("\(alias) has another MAC, \(other.interface.mac?.description ?? "none")")
        }
        return problems
    }

    // MARK: Half a pair, for the time being

    /// Of a VF that was unplugged by hand, QEMU knows nothing on the target.
    private static func unplugged(_ migration: LiveMigration) -> [Diagnostic] {
        let guest = migration.guest
        guard guest.isActive else { return [] }
        return guest.interfaces.filter { half in
            let persistent = guest.persistentHalf(of: half)
            return half.isTeamed && !half.isPersistentHalf && guest.live(for: half) == nil
                && guest.liveInterfaces.contains { $0.isPersistentHalf && $0.alias == persistent?.alias }
        }.map { half in
            let name = half.mac?.description ?? String(half.index)
            return migration.check(
                .pair, .note,
                "interface \(name) of guest \(guest.name) is without its VF now, and on the target as well",
                hints: ["give it one first: `vfpool bind \(shell: migration.name) --interface \(shell: name) --live`"])
        }
    }

    // MARK: The next start

    /// The document of the next start goes to the target, too, by `--persistent`.
    ///
    /// - Parameter alone: live interfaces that move without another half: these need none at the next start.
    private static func nextStart(_ migration: LiveMigration, isWell: Bool, alone: Set<Int>) -> [Diagnostic] {
        guard isWell, migration.guest.isActive, migration.guest.isPersistent else { return [] }
        let pools = Set((migration.source.state.pools + migration.target.state.pools).map(\.name))
        return migration.guest.interfaces.filter { interface in
            let isFunction =
                interface.attachment.pinnedAddress != nil
                || interface.attachment.networkName.map(pools.contains) ?? false
            let live = migration.guest.live(for: interface)?.index
            return isFunction && !(interface.isTeamed && !interface.isPersistentHalf)
                && !(live.map(alone.contains) ?? false)
        }.map { interface in
            migration.check(
                .pair, .warn,
                "interface \(interface.mac?.description ?? String(interface.index)) of guest \(migration.guest.name) has a VF that is not in a failover pair from its next start on",
                hints: [
                    "make it a pair: `vfpool bind \(shell: migration.name) --interface \(shell: interface.mac?.description ?? String(interface.index)) --failover NETWORK`, or a bridge"
                ])
        }
    }
}
