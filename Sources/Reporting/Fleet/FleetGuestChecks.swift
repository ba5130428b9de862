import Model
import Text

/// Guests and MACs that are on two hosts.
enum FleetGuestChecks {
    private struct Place {
        let host: Name
        let guest: FleetMember.Guest
    }

    /// A guest that is defined on two hosts is usual after it moved, and one that moves is active on both; one that runs on both writes
    /// to its disks twice.
    static func running(_ members: [FleetMember]) -> [FleetFinding] {
        var places: [Name: [Place]] = [:]
        for member in members {
            for guest in member.guests where guest.isActive {
                places[guest.uuid, default: []].append(Place(host: member.host, guest: guest))
            }
        }
        let found = places.values.filter { $0.count > 1 }.map { places in
            let running = places.filter { !$0.guest.isPausedForMigration }
            if running.count < 2 { return moving(places, running.first ?? places[0]) }
            return FleetFinding(
                Diagnostic(
                    .fleetGuests, .fail,
                    "guest \(places[0].guest.name) (\(places[0].guest.uuid)) runs on \(Words.list(running.map(\.host))): each writes to its disks",
                    hints: ["stop all but one: `virsh -c URI destroy \(shell: places[places.count - 1].guest.name)`"],
                    guests: [places[0].guest.name]), on: running.map(\.host))
        }
        return found.isEmpty
            ? [FleetFinding(Diagnostic(.fleetGuests, .pass, "no guest runs on two hosts"), on: [])] : sorted(found)
    }

    private static func moving(_ places: [Place], _ running: Place) -> FleetFinding {
        let name = running.guest.name
        return FleetFinding(
            Diagnostic(
                .fleetGuests, .note, "guest \(name) is being migrated between \(Words.list(places.map(\.host)))",
                hints: ["see how far it is, on the host where it runs: `virsh domjobinfo \(shell: name)`"],
                guests: [name]), on: places.map(\.host))
    }

    /// The same guest on two hosts has one MAC by right.
    static func macs(_ members: [FleetMember]) -> [FleetFinding] {
        var places: [Name: [Place]] = [:]
        for member in members {
            for guest in member.guests {
                for mac in guest.macs { places[mac, default: []].append(Place(host: member.host, guest: guest)) }
            }
        }
        let found = places.filter { isShared($0.value) }.sorted { $0.key < $1.key }.map { mac, places in
            let guests = places.map { "\($0.guest.name) on \($0.host)" }
            let areRunning = Set(places.filter(\.guest.isActive).map(\.guest.uuid)).count > 1
            return FleetFinding(
                Diagnostic(
                    .fleetMACs, areRunning ? .fail : .warn,
                    "the MAC \(mac) is that of \(Words.list(guests)): "
                        + (areRunning
                            ? "both run, and disturb each other" : "they disturb each other when they run at once"),
                    hints: ["give one another: `virsh -c URI edit \(shell: places[places.count - 1].guest.name)`"],
                    guests: places.map(\.guest.name).deduplicated,
                    fold: Fold("MAC", "\(mac) (\(Words.list(guests)))", "are each that of guests on two hosts")),
                on: places.map(\.host).deduplicated)
        }
        return found.isEmpty
            ? [FleetFinding(Diagnostic(.fleetMACs, .pass, "no MAC is that of guests on two hosts"), on: [])] : found
    }

    /// Of several guests, not all of them on one host: that its own doctor says.
    private static func isShared(_ places: [Place]) -> Bool {
        Set(places.map(\.guest.uuid)).count > 1 && Set(places.map(\.host)).count > 1
    }

    private static func sorted(_ findings: [FleetFinding]) -> [FleetFinding] {
        findings.sorted { Name($0.check.message) < Name($1.check.message) }
    }
}
