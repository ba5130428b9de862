import Model
import SRIOV
import Text

extension Migration.Capacity {
    /// The pools that the rows lead to, before and after.
    static func of(_ pools: Set<Name>, before: State, after: State) -> [Migration.Capacity] {
        let claims = after.claims
        return after.pools.filter { pools.contains($0.name) }.map { pool in
            let coverage = after.coverage(of: pool)
            let on = { (guest: Guest) in guest.interfaces.count { $0.attachment.networkName == pool.name } }
            return Migration.Capacity(
                pool: pool.name, functions: coverage.count,
                heldElsewhere: coverage.count { function in
                    claims.outside(pool.name, function.address).contains(where: \.lastsOverReboot)
                },
                before: before.guests.reduce(0) { $0 + on($1) }, after: after.guests.reduce(0) { $0 + on($1) },
                autostart: after.guests.filter(\.autostart).reduce(0) { $0 + on($1) })
        }.sorted { $0.pool < $1.pool }
    }

    /// Functions that its guests can have at the next boot.
    package var available: Int { functions - heldElsewhere }

    var warning: Diagnostic? {
        guard autostart > available else { return nil }
        return Diagnostic(
            .moreGuestsThanVFs,
            "pool \(pool) has \(Words.count(available, "VF")) for \(Words.count(autostart, "interface")) of guests that start at boot: some of them will not start",
            hints: ["enable more VFs, or turn off autostart for some: `virsh autostart --disable GUEST`"])
    }
}
