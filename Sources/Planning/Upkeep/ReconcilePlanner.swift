package import Model
import SRIOV
import Text

/// Plans to bring every managed pool in line with who holds what. Run again, it finds nothing to do.
///
/// Besides what every change does, it repairs what happened without vfpool: a pool that failed at boot for want of VFs, ports
/// that guests left behind, ports that `net-destroy` forgot.
package enum ReconcilePlanner {
    package static func plan(_ state: State) throws(Failure) -> Plan {
        var items = try MarkRestoration.items(state)
        var picture = try state.after(items)
        let left = leftBehind(picture)
        picture = try picture.after(left)
        items += left
        for pool in picture.pools where isToStart(pool, picture) {
            items += try PoolStart.items(pool.name, defined: nil, &picture, starts: true).map { item in
                var item = item
                item.isUpkeep = true
                return item
            }
        }
        let rest = try Upkeep.items(picture)
        picture = try picture.after(rest)
        return Plan(
            items + rest,
            warnings: picture.pools.flatMap { warnings($0, picture) + LostMarks.warnings($0, picture) },
            notes: notes(state, picture))
    }

    /// What no plan mends, however often it is made.
    package static func failure(_ state: State) -> Failure? { UncountedPorts.failure(state) }

    /// Starts at boot, and did not: libvirt tries once, and never again.
    private static func isToStart(_ pool: NetworkState, _ state: State) -> Bool {
        guard pool.isManaged, pool.isPersistent, pool.autostart, !pool.isActive,
            let mark = pool.configuration?.mark, PoolPFs(mark, in: state.pfs).allowsUpkeep
        else { return false }
        return !state.coverage(of: pool).isEmpty
    }

    /// Ports of guests that do not run: of a guest that ended while the daemon was down, say. What they hold, nobody else
    /// gets.
    private static func leftBehind(_ state: State) -> [Plan.Item] {
        let stopped = Set(state.guests.filter { !$0.isActive }.map(\.uuid))
        return state.pools.filter(\.isManaged).flatMap { pool in
            (pool.guestPorts ?? []).compactMap { port in
                // One whose owner is no guest here is somebody else's business.
                guard let address = port.address, stopped.contains(port.ownerUUID) else { return nil }
                return Plan.Item(
                    .release(network: pool.name, Reservation(port: port, address: address)),
                    detail: "guest \(port.ownerName) does not run, and left it behind", isUpkeep: true)
            }
        }
    }

    // MARK: What it can't mend

    private static func warnings(_ pool: NetworkState, _ state: State) -> [Diagnostic] {
        guard let mark = pool.configuration?.mark else { return [] }
        let pfs = PoolPFs(mark, in: state.pfs)
        let lost = Diagnostic.lostPFs(of: pool, state)
        guard pfs.allowsUpkeep, !pool.isActive, pool.autostart, pfs.functions.isEmpty else { return lost }
        return lost + [
            Diagnostic(
                .poolNotActive,
                "pool \(pool.name) is not active, for \(mark.isOfSeveral ? "none of its PFs has" : "its PF has no") VFs now",
                hints: ["enable them, and run `vfpool reconcile` again"])
        ]
    }

    /// Guests that should have started with the host, but could not without their pool.
    private static func notes(_ state: State, _ picture: State) -> [Note] {
        let started = Set(picture.pools.filter(\.isActive).map(\.name))
            .subtracting(state.pools.filter(\.isActive).map(\.name))
        return state.guests.filter { guest in
            guest.autostart && !guest.isActive
                && guest.interfaces.contains { interface in
                    interface.attachment.networkName.map(started.contains) ?? false
                }
        }.map { guest in
            let hint: Hint =
                "guest \(text: guest.name) starts at boot and does not run: start it with `virsh start \(shell: guest.word)`"
            return Note(
                Note(hint.text),
                Fold("guest", guest.name, "start at boot and do not run: start each with `virsh start GUEST`"))
        }
    }
}
