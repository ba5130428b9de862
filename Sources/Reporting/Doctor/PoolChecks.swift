import Model
import SRIOV
import Text

/// Pools: their settings, and whether there are enough functions for who counts on them.
enum PoolChecks {
    static func all(_ exam: Examination) -> [Diagnostic] {
        guard !exam.pools.isEmpty else {
            // Of PFs that have VFs it is said one by one.
            guard exam.isWhole, exam.findings([.noPool]).isEmpty,
                let pf = exam.pfs.first(where: { (try? CardLimits.check($0)) != nil })
            else {
                return []
            }
            return [
                Diagnostic(
                    .pool, .note, "there is no pool on this host",
                    hints: ["make one: `vfpool create \(shell: pf.title)`"])
            ]
        }
        return exam.pools.sorted { $0.name < $1.name }.flatMap { pool in
            settings(pool, exam) + capacity(pool, exam)
        }
    }

    private static func settings(_ pool: NetworkState, _ exam: Examination) -> [Diagnostic] {
        let problems = Diagnostic.problems(of: pool, exam.state, as: .poolSettings, .fail)
        return problems.isEmpty
            ? [
                Diagnostic(
                    .poolSettings, .pass, "pool \(pool.name) has no settings that a VF can't have", pools: [pool.name])
            ] : problems
    }

    // MARK: Enough functions

    private static func capacity(_ pool: NetworkState, _ exam: Examination) -> [Diagnostic] {
        let own = exam.index.pfs(of: pool.name)
        guard !own.isEmpty, let count = exam.capacities[pool.name] else { return [] }
        let pfs = own.map(\.address.description)
        // How many of them the host uses itself, another host does not tell.
        if !exam.state.isLocal, count.all > 0, count.all <= count.available {
            return [Diagnostic.Code.autostart, .capacity].map {
                .unknown($0, HostFacts.elsewhere, subject: "pool \(pool.name)", pfs: pfs)
            }
        }
        return [atBoot(pool, count, pfs), all(pool, count, pfs)]
    }

    /// Those that start at boot all start at once.
    private static func atBoot(_ pool: NetworkState, _ count: PoolCapacity, _ pfs: [String]) -> Diagnostic {
        let guests = count.autostarting
        if !guests.isEmpty, !pool.autostart {
            return Diagnostic(
                .autostart, .fail,
                "pool \(pool.name) does not start at boot, and \(Words.list(guests.map { "guest \($0)" })) on it \(guests.count == 1 ? "does" : "do")",
                hints: ["`virsh net-autostart \(shell: pool.word)`"], pools: [pool.name], guests: guests,
                pfs: pfs)
        }
        guard count.atBoot <= count.available else {
            return Diagnostic(
                .autostart, .fail,
                "pool \(pool.name) has \(Words.count(count.available, "VF")) for \(Words.count(count.atBoot, "interface")) of guests that start at boot: not all of them will start",
                hints: [
                    "let fewer start at boot: `virsh autostart GUEST --disable`", "or give the PF more VFs",
                ], pools: [pool.name], guests: guests, pfs: pfs)
        }
        return Diagnostic(
            .autostart, .pass,
            guests.isEmpty
                ? "no guest of pool \(pool.name) starts at boot"
                : "pool \(pool.name) has \(Words.count(count.available, "VF")) for \(Words.count(count.atBoot, "interface")) of guests that start at boot",
            pools: [pool.name], pfs: pfs)
    }

    private static func all(_ pool: NetworkState, _ count: PoolCapacity, _ pfs: [String]) -> Diagnostic {
        count.shortage(of: pool, as: .capacity, .note, pfs: pfs)
            ?? Diagnostic(
                .capacity, .pass, "all guests of pool \(pool.name) can run at once", pools: [pool.name], pfs: pfs)
    }
}
