import SRIOV
import Text

/// What to say of a pool that something else defined anew, so that nothing is kept out of it any more.
enum LostMarks {
    static func findings(_ index: ReportIndex) -> [Finding] {
        index.state.pools.sorted { $0.name < $1.name }.filter(\.hasLostMark).map { pool in
            Finding(
                .markLost, message(pool), hints: hints(pool, index.state), pools: [pool.name],
                ports: index.ports(of: pool.name).map(\.address.description))
        }
    }

    /// Of one that `reconcile` can't put right.
    static func warnings(_ pool: NetworkState, _ state: State) -> [Warning] {
        guard pool.hasLostMark else { return [] }
        return [Warning(.notManaged, message(pool), hints: hints(pool, state))]
    }

    private static func message(_ pool: NetworkState) -> String {
        "pool \(pool.name) was defined anew by something else, and has lost vfpool's mark: its next start hands out VFs that others hold"
    }

    private static func hints(_ pool: NetworkState, _ state: State) -> [Hint] {
        let titles = state.ports(of: pool).map(\.title)
        var create: ShellCommand = "vfpool create \(shell: titles.first ?? "PF")"
        for title in titles.dropFirst() { create = "\(shell: create) \(shell: title)" }
        let adopt: Hint = "take it over again: `\(shell: create) --adopt --name \(shell: pool.name)`"
        let keep: Hint = "in what defines it, keep its <metadata>, or let it only see that the network is there"
        return MarkRestoration.isOurs(pool, state)
            ? [
                "put the mark back: `vfpool reconcile`, or `\(shell: create) --adopt --name \(shell: pool.name)`",
                keep,
            ]
            : [adopt, keep]
    }
}
