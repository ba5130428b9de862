package import Model
package import Text

/// Plans the end of a pool: its reservations, the network and its mark.
package enum DeletePlanner {
    /// - Throws: `pool-in-use` with the guests, `not-managed`, `no-such-pool`.
    package static func plan(_ state: State, pool word: Name) throws(Failure) -> Plan {
        try plan(state, try state.pool(named: word))
    }

    static func plan(_ state: State, _ pool: NetworkState) throws(Failure) -> Plan {
        let name = pool.name
        guard pool.isManaged else {
            throw Failure(
                .notManaged, "network \(name) is a pool that vfpool did not make",
                hints: ["remove it with `virsh net-destroy` and `virsh net-undefine`, or adopt it first"])
        }
        try checkUnused(pool, state)
        var items = pool.isActive ? try PoolStart.stopping(pool, state) : []
        let document = items.compactMap(\.step.documentChange?.after).first ?? pool.inactiveXML
        if pool.isPersistent {
            if pool.autostart { items.append(Plan.Item(.setAutostart(network: name, false))) }
            items.append(
                Plan.Item(
                    .undefineNetwork(
                        DocumentChange(name: name, uuid: pool.uuid, before: document, after: nil))))
        }
        return Plan(items)
    }

    private static func checkUnused(_ pool: NetworkState, _ state: State) throws(Failure) {
        let pointing = state.guests.filter { $0.points(at: pool.name) }.map(\.name)
        let running = (pool.guestPorts ?? []).map(\.ownerName)
        let claims = state.claims
        let live = (pool.live?.addresses ?? []).flatMap { claims[$0] }
            .filter { $0.kind == .pool(pool.name) }.compactMap(\.guestName)
        let users = Set(pointing + running + live).sorted()
        guard users.isEmpty else {
            throw Failure(
                .poolInUse, "pool \(pool.name) is used by \(Words.list(users.map { "guest \($0)" }))",
                hints: users.prefix(5).map { user in
                    let word = state.guests.first { $0.name == user }?.word ?? user
                    return pointing.contains(user)
                        ? "take it off the pool: `vfpool unbind \(shell: word)`"
                        : "shut it down: `virsh shutdown \(shell: word)`"
                })
        }
    }
}
