import SRIOV
import Text

/// Plans another number of VFs of a port. Its pools follow: those that run are stopped before and started after.
package enum Resize {
    /// - Throws: `vf-in-use` with who has VFs, `pool-in-use`, `too-many-vfs`, `unsupported`.
    package static func plan(_ state: State, _ request: ResizeRequest) throws(Failure) -> Plan {
        try ResizeChecks.check(state, request)
        var picture = state
        let items = try items(&picture, request)
        guard !items.isEmpty else { return Plan() }
        try Schemas.check(networksIn: items)
        let (warnings, notes) = ResizeAdvice.advice(state, request)
        return Plan(items, warnings: warnings, notes: notes)
    }

    /// The steps; on return `state` is the picture after them.
    static func items(_ state: inout State, _ request: ResizeRequest) throws(Failure) -> [Plan.Item] {
        let port = request.port
        let change = try count(port, request.count)
        let drivers = hostDrivers(port, request.hostDrivers)
        guard let change else {
            state = try state.after(drivers)
            return drivers
        }
        let pools = state.pools(of: port).filter(\.isManaged)
        var items: [Plan.Item] = []
        for pool in pools where pool.isActive { items += try PoolStart.stopping(pool, state).map(\.asUpkeep) }
        items += drivers + [change]
        state = try state.after(items)
        guard request.count > 0 else { return items }
        for pool in pools where pool.isActive || pool.autostart {
            items += try PoolStart.items(pool.name, defined: nil, &state, starts: true).map(\.asUpkeep)
        }
        return items
    }

    private static func count(_ port: PhysicalFunction, _ count: Int) throws(Failure) -> Plan.Item? {
        guard port.enabledVFs != count else { return nil }
        guard let addresses = port.functionAddresses(count) else {
            throw Failure(
                .kernel, "where the VFs of \(port.title) will be can't be told before",
                cause: "the kernel names no sriov_offset and sriov_stride that fit",
                hints: [
                    "set the count by hand, then `vfpool reconcile`: `echo \(shell: count) > /sys/bus/pci/devices/\(shell: port.address)/sriov_numvfs`"
                ])
        }
        return Plan.Item(
            .setPort(PortChange(port, .count, from: port.enabledVFs, to: count, functionsAfter: addresses)),
            detail: port.enabledVFs > 0 && count > 0 ? "the kernel removes all of them, then makes new ones" : nil)
    }

    private static func hostDrivers(_ port: PhysicalFunction, _ wanted: Bool?) -> [Plan.Item] {
        guard let wanted, let current = port.probesDrivers, wanted != current else { return [] }
        return [Plan.Item(.setPort(PortChange(port, .hostDrivers, from: current ? 1 : 0, to: wanted ? 1 : 0)))]
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
