import SRIOV
import Text

extension LostMark {
    package static func message(_ pool: NetworkState) -> String {
        "pool \(pool.name) was redefined by another program, and lost vfpool's mark: its next start hands out VFs that others hold"
    }

    package static func hints(_ pool: NetworkState, _ state: State) -> [Hint] {
        let titles = state.pfs(of: pool).map(\.title)
        var create: ShellCommand = "vfpool create \(shell: titles.first ?? "PF")"
        for title in titles.dropFirst() { create = "\(shell: create) \(shell: title)" }
        let adopt: Hint = "take it over again: `\(shell: create) --adopt --name \(shell: pool.name)`"
        let keep: Hint = "in what defines it, keep its <metadata>, or let it only see that the network is there"
        return isPutBack(pool, state)
            ? [
                "put the mark back: `vfpool reconcile`, or `\(shell: create) --adopt --name \(shell: pool.name)`",
                keep,
            ]
            : [adopt, keep]
    }

    /// Whether `reconcile` does it: not of another network of that name, which may be meant to be none of vfpool's.
    package static func isPutBack(_ network: NetworkState, _ state: State) -> Bool {
        canRestore(network, state) && network.lostMark?.source != .journalByName
    }

    /// Only where it is known what the mark said, and it still fits: the network hands out VFs of the PFs that it was made for
    /// alone, and no other pool does.
    package static func canRestore(_ network: NetworkState, _ state: State) -> Bool {
        guard network.hasLostMark, network.isPersistent, network.showsPersistent, let mark = network.lostMark?.mark
        else { return false }
        let pfs = PoolPFs(mark, in: state.pfs)
        let present = state.pfs(of: network).map(\.address)
        guard pfs.allowsUpkeep, !present.isEmpty, Set(present).isSubset(of: pfs.pfs.map(\.address)) else {
            return false
        }
        let own = Set(pfs.functions.map(\.address))
        return !state.pools.contains { other in
            other.name != network.name && state.coverage(of: other).contains { own.contains($0.address) }
        }
    }
}
