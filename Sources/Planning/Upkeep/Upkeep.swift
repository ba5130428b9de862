package import Model
import SRIOV
import Text

/// Updates all managed pools to who holds which VF: a pool that lacks VFs is restarted, if no guest has one of it.
package enum Upkeep {
    /// Steps for every managed pool of the picture; nothing when all is in line.
    package static func items(_ state: State) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        for pool in state.pools where pool.isManaged {
            let restart = try PoolRestart.items(pool, state, state.claims)
            items += restart.isEmpty ? try PoolAlignment.items(pool, state) : restart
        }
        return items
    }

    /// Splits the upkeep that follows other steps: reservations that can be made before them are, so that a running pool
    /// never hands out what a guest's document is about to fix again.
    ///
    /// - Parameter state: the picture before those steps.
    static func split(
        _ upkeep: [Plan.Item], after steps: [Plan.Item], in state: State
    ) -> (before: [Plan.Item], after: [Plan.Item]) {
        let restarted = upkeep.filter { item in
            switch item.step {
            case .startNetwork, .stopNetwork: true
            default: false
            }
        }
        let touched = Set((steps + restarted).compactMap(\.step.network))
        var before: [Plan.Item] = []
        var after: [Plan.Item] = []
        for item in upkeep {
            if case .reserve(let name, let reservation) = item.step, !touched.contains(name),
                let network = state.network(name), network.isActive, let ports = network.ports,
                !ports.contains(where: { $0.address?.description == reservation.address })
            {
                before.append(item)
            } else {
                after.append(item)
            }
        }
        return (before, after)
    }
}
