import Model
import SRIOV
import Text

/// Restarts a running pool that lacks functions it could hand out, or gives them another driver than its document says, when
/// no guest has one of it.
///
/// libvirt looks for a pool's functions only when it starts. After a boot the live pool has what was safe then; a VF
/// that was pinned then and is free now joins by a restart, which is safe exactly while the pool has no guest's port.
package enum PoolRestart {
    /// Functions that are the pool's, free, and not among those the running pool hands out; nil where unknown.
    static func missing(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) -> [PCIAddress]? {
        guard pool.isActive, pool.isManaged, let mark = pool.configuration?.mark, let live = pool.live,
            PoolPFs(mark, in: state.pfs).allowsUpkeep
        else { return nil }
        // The test driver does not list what a <pf> stands for.
        guard !live.addresses.isEmpty || live.pfName == nil else { return nil }
        let listed = Set(live.addresses)
        return state.coverage(of: pool).map(\.address).filter {
            !listed.contains($0) && claims.outside(pool.name, $0).isEmpty
        }
    }

    /// The steps, or none where nothing is missing or a guest has a function of the pool.
    static func items(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) throws(Failure) -> [Plan.Item] {
        guard let missing = missing(pool, state, claims), !missing.isEmpty || isOutdated(pool, state),
            isIdle(pool, state, claims)
        else { return [] }
        var picture = state
        return try PoolStart.items(pool.name, defined: nil, &picture, starts: true).map { item in
            var item = item
            item.isUpkeep = true
            return item
        }
    }

    /// Whether a pool can be stopped and started: no guest has a function of it.
    static func isIdle(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) -> Bool {
        pool.isPersistent && state.supportsPorts && pool.guestPorts?.isEmpty ?? false
            && !(pool.live?.addresses ?? []).contains { isTaken($0, by: pool, claims) }
    }

    /// Whether a running pool was started with other settings than its document has: driver, VLAN, portgroups, or functions that
    /// are its own no more.
    static func isOutdated(_ pool: NetworkState, _ state: State) -> Bool {
        guard pool.isActive, pool.isPersistent, pool.showsPersistent, let live = pool.live,
            let next = pool.configuration
        else { return false }
        // Of a mark that can't be read, what the pool covers is not known, and comes out as nothing.
        let own = Set(state.coverage(of: pool).map(\.address))
        guard !own.isEmpty else { return false }
        if pool.hasOtherDriver || live.vlan != next.vlan || live.trunk != next.trunk
            || Set(live.portgroups) != Set(next.portgroups)
        {
            return true
        }
        guard let mark = next.mark, PoolPFs(mark, in: state.pfs).allowsUpkeep else { return false }
        // Of those that are gone, not what is reserved, and so given to nobody, and not what the document lists, too.
        let kept = Set(next.addresses).union((pool.ports ?? []).compactMap(\.address))
        return live.addresses.contains { !own.contains($0) && (state.function(at: $0) != nil || !kept.contains($0)) }
    }

    /// Also a guest whose port was lost counts: its VF is not to be given twice.
    static func isTaken(_ address: PCIAddress, by pool: NetworkState, _ claims: ClaimIndex) -> Bool {
        claims[address].contains { $0.kind == .pool(pool.name) }
    }
}
