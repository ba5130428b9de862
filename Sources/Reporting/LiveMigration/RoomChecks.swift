import Model
import SRIOV

/// Whether the target has a VF for each of the guest's.
enum RoomChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        migration.targetPools.filter(\.isActive).map { free($0, migration) }
            + migration.withFunctions.compactMap { interface in
                interface.fixed.map { fixed($0, interface, migration) }
            }
    }

    private static func free(_ pool: NetworkState, _ migration: LiveMigration) -> Diagnostic {
        let state = migration.target.state
        let needed = migration.withFunctions.count { $0.network == pool.name }
        let wanted = Words.count(needed, "interface")
        let pools = [pool.name]
        func unknown(_ reason: String) -> Diagnostic {
            migration.unknown(.targetFreeVFs, reason, subject: "pool \(pool.name) on the target", pools: pools)
        }
        let covered = state.coverage(of: pool)
        let few = { (count: Int) in
            migration.check(
                .targetFreeVFs, .fail,
                "pool \(pool.name) on the target has \(count == 0 ? "no free VF" : "\(Words.count(count, "free VF"))") for \(wanted)",
                hints: [
                    "see who has them: `vfpool \(shell: migration.there) status \(shell: pool.word)`",
                    "or give its PF more, on the target: `vfpool resize PF NUMBER`",
                ], pools: pools)
        }
        // More than there are can't be free, whatever else is known.
        if !state.pfs(of: pool).isEmpty, covered.count < needed { return few(covered.count) }
        guard pool.ports != nil, let room = PoolRoom(pool, state, migration.claims) else {
            return unknown("libvirt has no network ports there, which record who has which VF")
        }
        let free = room.free(for: migration.guest.uuid)
        guard free.count >= needed else { return few(free.count) }
        // libvirt takes the first without a PF, and does not try the next.
        if let address = room.next.prefix(needed).first(where: { !free.contains($0) }) {
            let holder = room.holders(address, but: migration.guest.uuid).first?.holder ?? "someone else"
            return migration.check(
                .targetFreeVFs, .fail,
                "pool \(pool.name) on the target would hand out \(address), which is held by \(holder)",
                hints: ["have it reserved: `vfpool \(shell: migration.there) reconcile`"], pools: pools)
        }
        if !state.pfs(of: pool).isEmpty,
            let gone = room.next.prefix(needed).first(where: { state.function(at: $0) == nil })
        {
            return migration.check(
                .targetFreeVFs, .fail, "pool \(pool.name) on the target would hand out \(gone), which is gone",
                hints: ["have it restarted when no guest uses it: `vfpool \(shell: migration.there) reconcile`"],
                pools: pools)
        }
        let has = "pool \(pool.name) on the target has \(Words.count(free.count, "free VF")) for \(wanted)"
        if state.isLocal || pool.isManaged { return migration.check(.targetFreeVFs, .pass, has, pools: pools) }
        return unknown(
            "by libvirt there is room, but whether the host uses VFs itself, only vfpool's reservations tell from afar")
    }

    private static func fixed(
        _ address: PCIAddress, _ interface: MovingInterface, _ migration: LiveMigration
    ) -> Diagnostic {
        let what = "\(interface.title) of guest \(migration.guest.name) is pinned to VF \(address)"
        let hints: [Hint] = [
            "point it at a pool, which takes any VF: `vfpool bind \(shell: migration.name) --interface \(shell: interface.name)`"
        ]
        guard migration.target.state.function(at: address) != nil else {
            return migration.check(.targetFixedVF, .fail, "\(what), which the target does not have", hints: hints)
        }
        if let holder = migration.claims[address].first(where: { $0.guestUUID != migration.guest.uuid })?.holder {
            return migration.check(
                .targetFixedVF, .fail, "\(what), which is held by \(holder) on the target", hints: hints)
        }
        return migration.check(
            .targetFixedVF, .warn, "\(what): the target has a VF at that address, too, but perhaps of another PF",
            hints: hints)
    }
}
