import Text

/// What to say of a running pool whose taken VFs libvirt does not count as taken: it hands them out again.
///
/// libvirt counts in memory alone. It forgets the counts where it reads its own state anew (SIGHUP, which is what a unit's reload
/// sends) and where `net-update --live` changes the network; it lists the PFs as before, and counts them only
/// when the daemon starts. Nothing that can be asked of libvirt counts a PF again: its number of PFs and its count stay
/// as far apart as they are, whatever is made or deleted.
package enum UncountedPorts {
    package static func findings(_ state: State) -> [Diagnostic] {
        pools(state).map {
            Diagnostic(.vfsForgotten, message($0), hints: hints(state), pools: [$0.name])
        }
    }

    /// That bringing pools in line is not enough.
    package static func failure(_ state: State) -> Failure? {
        let pools = pools(state)
        guard let first = pools.first else { return nil }
        let others = pools.count > 1 ? "; so it is with \(Words.count(pools.count - 1, "other pool"))" : ""
        return Failure(.vfsForgotten, message(first) + others, hints: hints(state))
    }

    private static func pools(_ state: State) -> [NetworkState] {
        state.pools.filter { $0.uncountedPorts > 0 }.sorted { $0.name < $1.name }
    }

    private static func message(_ pool: NetworkState) -> String {
        let all = pool.ports?.count ?? pool.uncountedPorts
        let some = pool.uncountedPorts < all ? "\(pool.uncountedPorts) of " : ""
        return
            "libvirt has forgotten \(some)the \(Words.count(all, "VF")) taken from pool \(pool.name): it gives them to the next guests, too"
    }

    private static func hints(_ state: State) -> [Hint] {
        let restart: Hint =
            if let daemon = state.networkDaemon {
                "restart the daemon, which counts them again; guests keep running: `systemctl restart \(shell: daemon)`"
            } else {
                "restart the daemon that runs networks, which counts them again; guests keep running: `systemctl restart virtnetworkd`, without modular daemons `systemctl restart libvirtd`"
            }
        return [
            restart,
            "the cause is a reload of the daemon (SIGHUP) or `virsh net-update --live`: do neither while the pool is in use",
        ]
    }
}
