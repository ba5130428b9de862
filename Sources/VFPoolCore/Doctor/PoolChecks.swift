import SRIOV
import Text

/// Pools: their settings, and whether there are enough functions for who counts on them.
enum PoolChecks {
    static func all(_ exam: Examination) -> [Check] {
        guard !exam.pools.isEmpty else {
            // Of PFs that have VFs it is said one by one.
            guard exam.isWhole, exam.findings([.noPool]).isEmpty,
                let port = exam.ports.first(where: { (try? CardLimits.check($0)) != nil })
            else {
                return []
            }
            return [
                Check(
                    .poolExists, .note, "there is no pool on this host",
                    hints: ["make one: `vfpool create \(shell: port.title)`"])
            ]
        }
        return exam.pools.sorted { $0.name < $1.name }.flatMap { pool in
            settings(pool, exam) + capacity(pool, exam)
        }
    }

    private static func settings(_ pool: NetworkState, _ exam: Examination) -> [Check] {
        let problems = exam.state.problems(of: pool)
        guard !problems.isEmpty else {
            return [
                Check(
                    .poolSettings, .pass, "pool \(pool.name) has no settings that a VF can't have", pools: [pool.name])
            ]
        }
        return problems.map { problem in
            Check(
                .poolSettings, .fail, "no guest can start on pool \(pool.name): \(problem)",
                hints: ["mend it: `virsh net-edit \(shell: pool.word)`, and restart it when no guest uses it"],
                pools: [pool.name])
        }
    }

    // MARK: Enough functions

    private static func capacity(_ pool: NetworkState, _ exam: Examination) -> [Check] {
        let own = exam.index.ports(of: pool.name)
        guard !own.isEmpty else { return [] }
        let count = PoolCapacity(pool, exam.state, exam.index.claims)
        let ports = own.map(\.address.description)
        // How many of them the host uses itself, another host does not tell.
        if !exam.state.isLocal, count.all > 0, count.all <= count.available {
            return [CheckName.autostart, .capacity].map {
                .unknown($0, HostFacts.elsewhere, subject: "pool \(pool.name)", ports: ports)
            }
        }
        return [atBoot(pool, count, ports), all(pool, count, ports)]
    }

    /// Those that start at boot all start at once.
    private static func atBoot(_ pool: NetworkState, _ count: PoolCapacity, _ ports: [String]) -> Check {
        let guests = count.autostarting
        if !guests.isEmpty, !pool.autostart {
            return Check(
                .autostart, .fail,
                "pool \(pool.name) does not start at boot, and \(Words.list(guests.map { "guest \($0)" })) on it \(guests.count == 1 ? "does" : "do")",
                hints: ["`virsh net-autostart \(shell: pool.word)`"], pools: [pool.name], guests: guests,
                ports: ports)
        }
        guard count.atBoot <= count.available else {
            return Check(
                .autostart, .fail,
                "pool \(pool.name) has \(Words.count(count.available, "VF")) for \(Words.count(count.atBoot, "interface")) of guests that start at boot: not all of them will start",
                hints: [
                    "let fewer start at boot: `virsh autostart GUEST --disable`", "or give the port more VFs",
                ], pools: [pool.name], guests: guests, ports: ports)
        }
        return Check(
            .autostart, .pass,
            guests.isEmpty
                ? "no guest of pool \(pool.name) starts at boot"
                : "pool \(pool.name) has \(Words.count(count.available, "VF")) for \(Words.count(count.atBoot, "interface")) of guests that start at boot",
            pools: [pool.name], ports: ports)
    }

    private static func all(_ pool: NetworkState, _ count: PoolCapacity, _ ports: [String]) -> Check {
        if let guest = count.neverStarting.first {
            return Check(
                .capacity, .warn, count.words(guest, pool), hints: PoolCapacity.hints, pools: [pool.name],
                guests: count.neverStarting.map(\.name), ports: ports)
        }
        return count.all > count.available
            ? Check(
                .capacity, .note,
                "pool \(pool.name) has \(Words.count(count.available, "VF")) for \(Words.count(count.all, "interface")): not all of its guests can run at once",
                pools: [pool.name], ports: ports)
            : Check(
                .capacity, .pass, "all guests of pool \(pool.name) can run at once", pools: [pool.name], ports: ports)
    }
}

/// How many functions a pool has at its next start, and how many interfaces count on them.
struct PoolCapacity {
    /// Functions that nobody else will hold.
    var available: Int
    /// Interfaces on the pool.
    var all: Int
    /// Of those, interfaces of guests that start at boot.
    var atBoot: Int
    /// Names of these guests.
    var autostarting: [Name]
    /// Guests that need more functions than there are, and how many.
    var neverStarting: [(name: Name, count: Int)]

    static let hints: [Hint] = [
        "give the pool more VFs: `vfpool resize PF NUMBER`, or the guest fewer interfaces on it"
    ]

    func words(_ guest: (name: Name, count: Int), _ pool: NetworkState) -> String {
        "guest \(guest.name) needs \(Words.count(guest.count, "VF")) of pool \(pool.name), which has \(available) for it: it can't start"
    }

    init(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) {
        available = state.coverage(of: pool).count { function in
            !claims.outside(pool.name, function.address).contains(where: \.lastsOverReboot)
        }
        var users: [(guest: Guest, count: Int)] = []
        for guest in state.guests {
            let count = guest.interfaces.count { $0.attachment.networkName == pool.name }
            if count > 0 { users.append((guest, count)) }
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
