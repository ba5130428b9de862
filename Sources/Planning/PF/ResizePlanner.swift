package import Model
import SRIOV
import Text

/// Plans another number of VFs of a PF. Its pools follow: those that run are stopped before and started after.
package enum ResizePlanner {
    /// - Throws: `vf-in-use` with who has VFs, `pool-in-use`, `too-many-vfs`, `unsupported`.
    package static func plan(_ state: State, _ request: ResizeRequest) throws(Failure) -> Plan {
        try ResizeChecks.check(state, request)
        var picture = state
        let items = try items(&picture, request)
        guard !items.isEmpty else { return Plan() }
        try Grammars.check(networksIn: items, state)
        let (warnings, notes) = ResizeAdvice.advice(state, request)
        return Plan(items, warnings: warnings, notes: notes)
    }

    /// The steps; on return `state` is the picture after them.
    static func items(_ state: inout State, _ request: ResizeRequest) throws(Failure) -> [Plan.Item] {
        let pf = request.pf
        let change = try count(pf, request.count)
        let drivers = hostDrivers(pf, request.hostDrivers)
        guard let change else {
            state = try state.after(drivers)
            return drivers
        }
        let pools = state.pools(of: pf).filter(\.isManaged)
        let claims = state.claims
        let kept = Set(pools.filter { isInUse($0, claims) }.map(\.name))
        var items: [Plan.Item] = []
        for pool in pools where pool.isActive {
            items +=
                kept.contains(pool.name)
                ? holding(pool, pf, claims) : try PoolStart.stopping(pool, state).map(\.asUpkeep)
        }
        items += drivers + [change]
        state = try state.after(items)
        for pool in pools where pool.isActive || pool.autostart {
            if kept.contains(pool.name) {
                let upkeep = try Upkeep.items(state).filter { $0.step.network == pool.name }
                state = try state.after(upkeep)
                items += upkeep
            } else if !state.coverage(of: pool).isEmpty {
                items += try PoolStart.items(pool.name, defined: nil, &state, starts: true).map(\.asUpkeep)
            }
        }
        return items
    }

    /// Whether guests have functions of a running pool: of another PF of it, for those of this one are checked.
    private static func isInUse(_ pool: NetworkState, _ claims: ClaimIndex) -> Bool {
        guard pool.isActive else { return false }
        return !(pool.guestPorts?.isEmpty ?? true)
            || (pool.live?.addresses ?? []).contains { PoolRestart.isTaken($0, by: pool, claims) }
    }

    /// The steps that keep a pool, which runs on, from handing out the PF's functions while they come and go.
    private static func holding(
        _ pool: NetworkState, _ pf: PhysicalFunction, _ claims: ClaimIndex
    ) -> [Plan.Item] {
        let ported = Set((pool.ports ?? []).compactMap(\.address))
        return (pool.live?.addresses ?? []).filter { address in
            !ported.contains(address) && pf.functions.contains { $0.address == address }
        }.map { address in
            Plan.Item(
                .reserve(
                    network: pool.name,
                    Reservation(
                        of: address, in: pool.uuid, ownerName: Reservation.hostName, ownerUUID: Reservation.hostUUID,
                        mac: nil)), detail: "\(address) is recreated", isUpkeep: true)
        }
    }

    private static func count(_ pf: PhysicalFunction, _ count: Int) throws(Failure) -> Plan.Item? {
        guard pf.enabledVFs != count else { return nil }
        guard let addresses = pf.functionAddresses(count) else {
            throw Failure(
                .kernel, "it is not known in advance where the VFs of \(pf.title) will be",
                cause: "the kernel names no sriov_offset and sriov_stride that fit",
                hints: [
                    "set the count by hand, then `vfpool reconcile`: `echo \(shell: count) > /sys/bus/pci/devices/\(shell: pf.address)/sriov_numvfs`"
                ])
        }
        return Plan.Item(
            .setPF(PFChange(pf, .count, from: pf.enabledVFs, to: count, functionsAfter: addresses)),
            detail: pf.enabledVFs > 0 && count > 0 ? "the kernel removes all of them, then makes new ones" : nil)
    }

    private static func hostDrivers(_ pf: PhysicalFunction, _ wanted: Bool?) -> [Plan.Item] {
        guard let wanted, let current = pf.probesDrivers, wanted != current else { return [] }
        return [Plan.Item(.setPF(PFChange(pf, .hostDrivers, from: current ? 1 : 0, to: wanted ? 1 : 0)))]
    }
}

extension Plan.Item {
    /// What only follows from another step, and is computed afresh when that one is undone.
    var asUpkeep: Plan.Item {
        var item = self
        item.isUpkeep = true
        return item
    }
}
