import Fleet
import Model
import Text

/// Pools of one name: what libvirt takes for the same pool when a guest moves.
enum FleetPoolChecks {
    private struct Place {
        let host: Name
        let pool: FleetMember.Pool
    }

    static func settings(_ members: [FleetMember]) -> [FleetFinding] {
        let found = pools(members).flatMap { name, places in
            Set(places.flatMap(\.pool.settings.keys)).sorted().compactMap { what -> FleetFinding? in
                return difference(.fleetPools, .warn, name, what, places) { $0.settings[what] ?? "none" }
            }
        }
        return found.isEmpty
            ? [
                FleetFinding(
                    Diagnostic(.fleetPools, .pass, "pools of one name have the same VLAN, portgroups and settings"),
                    on: [])
            ] : found
    }

    /// What VFs are is told by their PF's driver.
    static func cards(_ members: [FleetMember]) -> [FleetFinding] {
        let found = pools(members).compactMap { name, places in
            let known = places.filter { !$0.pool.drivers.isEmpty }
            return difference(.fleetCards, .note, name, "driver of the PF", known) {
                Name($0.drivers.sorted().joined(separator: ", "))
            }
        }
        return found.isEmpty
            ? [FleetFinding(Diagnostic(.fleetCards, .pass, "pools of one name are on cards of one kind"), on: [])]
            : found
    }

    private static func pools(_ members: [FleetMember]) -> [(Name, [Place])] {
        var places: [Name: [Place]] = [:]
        for member in members {
            for pool in member.pools { places[pool.name, default: []].append(Place(host: member.host, pool: pool)) }
        }
        return places.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// - Returns: nil where all have the same.
    private static func difference(
        _ code: Diagnostic.Code, _ severity: Diagnostic.Severity, _ name: Name, _ what: Name, _ places: [Place],
        _ value: (FleetMember.Pool) -> Name
    ) -> FleetFinding? {
        let groups = Dictionary(grouping: places) { value($0.pool) }
        guard groups.count > 1 else { return nil }
        // What most have stands first.
        let ordered = groups.sorted { left, right in
            left.value.count == right.value.count ? left.key < right.key : left.value.count > right.value.count
        }
        let words = ordered.map { "\($0.key) on \(HostNames.folded($0.value.map(\.host)))" }
        let hints: [Hint] =
            severity == .note
            ? [] : ["make them alike, or call one otherwise; see both: `vfpool -c URI status \(shell: name)`"]
        return FleetFinding(
            Diagnostic(
                code, severity, "pool \(name): \(what): \(words.joined(separator: "; "))", hints: hints, pools: [name]),
            on: ordered.dropFirst().flatMap { $0.value.map(\.host) })
    }
}
