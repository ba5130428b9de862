package import SRIOV
package import Text

/// How many functions a pool has at its next start, and how many interfaces count on them.
package struct PoolCapacity {
    /// Functions that nobody else will hold.
    package var available: Int
    /// Interfaces on the pool.
    package var all: Int
    /// Of those, interfaces of guests that start at boot.
    package var atBoot: Int
    /// Names of these guests.
    package var autostarting: [Name]
    /// Guests that need more functions than there are, and how many.
    package var neverStarting: [(name: Name, count: Int)]

    /// That not all who count on the pool can run.
    package func shortage(
        of pool: NetworkState, as code: Diagnostic.Code, _ severity: Diagnostic.Severity, pfs: [String] = []
    ) -> Diagnostic? {
        if let guest = neverStarting.first {
            return Diagnostic(
                code,
                "guest \(guest.name) needs \(Words.count(guest.count, "VF")) of pool \(pool.name), which has \(available) for it: it can't start",
                hints: ["give the pool more VFs: `vfpool resize PF NUMBER`, or the guest fewer interfaces on it"],
                pools: [pool.name], guests: neverStarting.map(\.name), pfs: pfs)
        }
        guard all > available else { return nil }
        return Diagnostic(
            code, severity,
            "pool \(pool.name) has \(Words.count(available, "VF")) for \(Words.count(all, "interface")): not all of its guests can run at once",
            pools: [pool.name], pfs: pfs)
    }

    package init(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) {
        let users = state.guests.compactMap { guest -> User? in
            let count = guest.interfaces.count { $0.attachment.networkName == pool.name }
            return count > 0 ? (guest, count) : nil
        }
        self.init(pool.name, state.coverage(of: pool), users, claims)
    }

    /// Those of all these pools, with one look at the guests.
    ///
    /// - Parameter coverage: the pools' functions.
    package static func all(
        _ coverage: [Name: [VirtualFunction]], _ state: State, _ claims: ClaimIndex
    ) -> [Name: PoolCapacity] {
        var users: [Name: [User]] = [:]
        for guest in state.guests {
            var counts: [Name: Int] = [:]
            for interface in guest.interfaces {
                if let name = interface.attachment.networkName { counts[name, default: 0] += 1 }
            }
            for (pool, count) in counts { users[pool, default: []].append((guest, count)) }
        }
        return Dictionary(
            uniqueKeysWithValues: coverage.map { pool, functions in
                (pool, PoolCapacity(pool, functions, users[pool] ?? [], claims))
            })
    }

    private typealias User = (guest: Guest, count: Int)

    private init(_ pool: Name, _ functions: [VirtualFunction], _ users: [User], _ claims: ClaimIndex) {
        available = functions.count { function in
            !claims.outside(pool, function.address).contains(where: \.lastsOverReboot)
        }
        all = users.reduce(0) { $0 + $1.count }
        let starting = users.filter(\.guest.autostart)
        atBoot = starting.reduce(0) { $0 + $1.count }
        autostarting = starting.map(\.guest.name)
        // One function that is missing for one interface is a matter of who comes first; this one can never start.
        let most = available
        neverStarting = users.filter { $0.count > 1 && $0.count > most }.map { ($0.guest.name, $0.count) }
    }
}
