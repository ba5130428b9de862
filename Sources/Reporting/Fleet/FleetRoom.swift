import Fleet
import Model
import Text

/// Whether a host can be emptied: whether each of its running guests finds free VFs in pools of the same name elsewhere, all of its VFs on
/// one host.
enum FleetRoom {
    static func findings(_ members: [FleetMember], missing: [Name]) -> [FleetFinding] {
        let free = members.map { member in
            Dictionary(member.pools.filter(\.isActive).map { ($0.name, $0.free) }) { $0 + $1 }
        }
        var found: [FleetFinding] = []
        for (index, member) in members.enumerated() {
            let moving = member.guests.filter { $0.isActive && !$0.needs.isEmpty }
            guard !moving.isEmpty else { continue }
            let left = without(moving, free, leaving: index)
            if !left.isEmpty { found.append(finding(member, left, missing)) }
        }
        guard found.isEmpty else { return found }
        return [
            FleetFinding(
                Diagnostic(.fleetRoom, .pass, "each host's running guests find free VFs on the others"), on: [])
        ]
    }

    private static func finding(
        _ member: FleetMember, _ left: [FleetMember.Guest], _ missing: [Name]
    ) -> FleetFinding {
        var lacking: [Name: Int] = [:]
        for guest in left { lacking.merge(guest.needs) { $0 + $1 } }
        let pools = lacking.keys.sorted()
        let needs = pools.map { "\(Words.count(lacking[$0] ?? 0, "VF")) of \($0)" }.joined(separator: ", ")
        let guests = "\(left.count == 1 ? "guest" : "guests") \(Words.list(left.map(\.name)))"
        var message =
            "\(member.host) can't be emptied: on no other host \(left.count == 1 ? "is" : "are") there \(needs) for \(guests)"
        // Those may have them.
        if !missing.isEmpty { message += "; of \(HostNames.folded(missing)) nothing is known" }
        return FleetFinding(
            Diagnostic(
                .fleetRoom, missing.isEmpty ? .warn : .unknown, message,
                hints: ["make more VFs on another host: `vfpool -c URI resize PF NUMBER`, or stop guests"],
                pools: pools,
                guests: left.map(\.name)), on: [member.host])
    }

    /// The guests for which no place is found: the largest are placed first, each on the first host that has room for all of its VFs.
    private static func without(
        _ guests: [FleetMember.Guest], _ free: [[Name: Int]], leaving index: Int
    ) -> [FleetMember.Guest] {
        var free = free
        free[index] = [:]
        let ordered = guests.sorted { left, right in
            let (first, second) = (left.needs.values.reduce(0, +), right.needs.values.reduce(0, +))
            return first == second ? left.name < right.name : first > second
        }
        return ordered.filter { guest in
            guard
                let place = free.firstIndex(where: { host in guest.needs.allSatisfy { host[$0.key] ?? 0 >= $0.value } })
            else { return true }
            for (pool, count) in guest.needs { free[place][pool, default: 0] -= count }
            return false
        }
    }
}
