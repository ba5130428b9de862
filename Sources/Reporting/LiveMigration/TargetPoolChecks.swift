import Model
import SRIOV
import Text

/// The target's pools of the names that the guest's document has, and whether a guest could start on them.
enum TargetPoolChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        migration.poolNames.flatMap { name -> [Diagnostic] in
            guard let pool = migration.target.state.network(name) else { return [missing(name, migration)] }
            guard pool.isPool else {
                return [
                    migration.check(
                        .targetPool, .fail, "network \(name) on the target is not a pool: it hands out no VFs",
                        hints: ["give pools the same name on every host, and no other network that name"])
                ]
            }
            return [exists(pool, migration), active(pool, migration)] + settings(pool, migration)
                + portgroups(pool, migration) + pfs(pool, migration)
        }
    }

    private static func missing(_ name: Name, _ migration: LiveMigration) -> Diagnostic {
        migration.check(
            .targetPool, .fail, "the target has no pool \(name)",
            hints: ["make one there: `vfpool \(shell: migration.there) create PF --name \(shell: name)`"], pools: [name]
        )
    }

    private static func exists(_ pool: NetworkState, _ migration: LiveMigration) -> Diagnostic {
        pool.isManaged
            ? migration.check(.targetPool, .pass, "the target has pool \(pool.name)", pools: [pool.name])
            : migration.check(
                .targetPool, .note,
                "vfpool did not make pool \(pool.name) on the target: VFs held outside it are not reserved",
                hints: [
                    "take it over there: `vfpool \(shell: migration.there) create PF --name \(shell: pool.name) --adopt`"
                ],
                pools: [pool.name])
    }

    private static func active(_ pool: NetworkState, _ migration: LiveMigration) -> Diagnostic {
        pool.isActive
            ? migration.check(.targetPoolActive, .pass, "pool \(pool.name) is active on the target", pools: [pool.name])
            : migration.check(
                .targetPoolActive, .fail, "pool \(pool.name) is not active on the target",
                hints: ["start it there: `virsh \(shell: migration.there) net-start \(shell: pool.word)`"],
                pools: [pool.name])
    }

    private static func settings(_ pool: NetworkState, _ migration: LiveMigration) -> [Diagnostic] {
        let problems = migration.target.state.problems(of: pool)
        guard !problems.isEmpty else {
            return [
                migration.check(
                    .targetPoolSettings, .pass, "pool \(pool.name) on the target has no settings that a VF can't have",
                    pools: [pool.name])
            ]
        }
        return problems.map { problem in
            migration.check(
                .targetPoolSettings, .fail, "no guest can start on pool \(pool.name) on the target: \(problem)",
                hints: [
                    "correct it there: `virsh \(shell: migration.there) net-edit \(shell: pool.word)`, and restart it when no guest uses it"
                ], pools: [pool.name])
        }
    }

    /// A portgroup that is not there is silently ignored by libvirt, and with it its VLAN.
    private static func portgroups(_ pool: NetworkState, _ migration: LiveMigration) -> [Diagnostic] {
        let wanted = Set(migration.moving.interfaces.filter { $0.network == pool.name }.compactMap(\.portgroup))
        let known = (pool.live ?? pool.configuration)?.portgroups ?? []
        return wanted.sorted().map { name in
            known.contains { $0.name == name }
                ? migration.check(
                    .targetPortgroup, .pass, "pool \(pool.name) on the target has the portgroup \(name)",
                    pools: [pool.name])
                : migration.check(
                    .targetPortgroup, .fail,
                    "pool \(pool.name) on the target has no portgroup \(name), which libvirt silently ignores",
                    hints: [
                        "add it there: `virsh \(shell: migration.there) net-edit \(shell: pool.word)`, and restart it when no guest uses it"
                    ],
                    pools: [pool.name])
        }
    }

    // MARK: Its PFs

    private static func pfs(_ pool: NetworkState, _ migration: LiveMigration) -> [Diagnostic] {
        let state = migration.target.state
        var checks: [Diagnostic] = []
        if let mark = pool.configuration?.mark {
            let pfs = PoolPFs(mark, in: state.pfs)
            checks = pfs.lost.map { lost in
                migration.check(
                    .targetPF, pfs.allowsUpkeep ? .warn : .fail,
                    "\(mark.isOfSeveral ? lost.mark.title : "the PF") of pool \(pool.name) is not on the target, or is another card now",
                    hints: ["see `vfpool \(shell: migration.there) doctor \(shell: pool.word)`"], pools: [pool.name])
            }
            if !pfs.allowsUpkeep { return checks }
        }
        let pfs = state.pfs(of: pool)
        guard !pfs.isEmpty else {
            return checks + [
                migration.unknown(
                    .targetPF, "libvirt names no PF with VFs", subject: "pool \(pool.name)", pools: [pool.name])
            ]
        }
        return checks + pfs.map { pf($0, pool, migration) }
    }

    private static func pf(_ pf: PhysicalFunction, _ pool: NetworkState, _ migration: LiveMigration) -> Diagnostic {
        let state = migration.target.state
        func check(_ verdict: Diagnostic.Severity, _ message: String, _ hints: [Hint] = []) -> Diagnostic {
            migration.check(.targetPF, verdict, message, hints: hints, pools: [pool.name])
        }
        do throws(Failure) {
            try CardLimits.checkEthernet(pf)
        } catch {
            return check(.fail, "of pool \(pool.name) on the target: \(error.message)", error.hints)
        }
        switch pf.isUp {
        case true?: return check(.pass, "\(pf.title), the PF of pool \(pool.name) on the target, is up")
        case false? where state.isLocal:
            return check(
                .fail,
                "\(pf.title), the PF of pool \(pool.name) on the target, is down: libvirt sets up none of its VFs",
                ["bring it up there: `ip link set dev \(shell: pf.title) up`"])
        case false?:
            // From afar a PF without a link looks the same.
            return check(
                .fail, "\(pf.title), the PF of pool \(pool.name) on the target, is down, or has no link",
                ["bring it up there: `ip link set dev \(shell: pf.title) up`, or look at its cable"])
        case nil:
            return migration.unknown(
                .targetPF, "whether \(pf.title) is up, libvirt does not say", subject: "pool \(pool.name)",
                pools: [pool.name])
        }
    }
}
