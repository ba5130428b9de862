package import SRIOV
package import Text

/// What a managed pool's persistent document is to say, so that its next start hands out only VFs that are not held elsewhere.
package struct NextStart {
    /// All by the PF's name, or those that nobody else will hold.
    package var functions: PoolDocument.Functions
    /// A PF that was renamed or moved keeps its pool; a name that is gone would not start.
    package var mark: PoolMark

    /// nil where it can't be told: with no function enabled nothing can be said about who holds them.
    package init?(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) {
        guard let configuration = pool.configuration, let former = configuration.mark else { return nil }
        let pfs = PoolPFs(former, in: state.pfs)
        let coverage = pfs.functions
        guard pfs.allowsUpkeep, !coverage.isEmpty else { return nil }
        mark = PoolMark(pfs.members.map(\.current), order: former.order)
        let safe = coverage.filter { function in
            !claims.outside(pool.name, function.address).contains(where: \.lastsOverReboot)
        }
        if let name = Self.whole(former, pfs, safe), !pfs.pfs.contains(where: state.awaitsFunctions) {
            functions = .pf(name)
        } else {
            functions = .addresses(pfs.arranged(safe, listed: configuration.addresses))
        }
    }

    /// Whether the pool's document says it.
    package func isSaid(by pool: NetworkState) -> Bool {
        guard let configuration = pool.configuration else { return false }
        return functions == PoolDocument.functions(of: configuration) && mark == configuration.mark
    }

    /// The name that stands for these functions, where they are all that the pool's one PF has.
    package static func whole(_ mark: PoolMark, _ pfs: PoolPFs, _ functions: [VirtualFunction]) -> Name? {
        guard !mark.isOfSeveral, let only = pfs.own.first, only.mark.selection.isAll,
            functions.count == only.pf?.functions.count
        else { return nil }
        // One by one where libvirt's grammar has no room for that name.
        return only.pf?.netdev.flatMap { $0.isDeviceName ? $0 : nil }
    }
}

extension PoolPFs.Member {
    /// What to record of it from now on.
    fileprivate var current: PFMark {
        guard verdict.allowsUpkeep, let pf else { return mark }
        var current = mark
        current.device = pf.netdev ?? mark.device
        current.address = pf.address
        return current
    }
}
