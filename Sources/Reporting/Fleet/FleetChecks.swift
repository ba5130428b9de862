import Model
package import Text

/// The checks that only a fleet can make.
package enum FleetChecks {
    /// - Parameters:
    ///   - members: the hosts that answered, in their order.
    ///   - missing: those that did not, of which nothing is known.
    /// - Returns: the worst last.
    package static func all(_ members: [FleetMember], missing: [Name]) -> [FleetFinding] {
        let (whole, findings) = FleetIdentity.distinct(members)
        let found =
            findings + FleetGuestChecks.running(whole) + FleetGuestChecks.macs(whole) + FleetPoolChecks.settings(whole)
            + FleetPoolChecks.cards(whole) + FleetRoom.findings(whole, missing: missing)
        return found.enumerated().sorted { left, right in
            let (first, second) = (left.element.check.severity, right.element.check.severity)
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }
}

/// Hosts that were named twice, by two ways to them.
enum FleetIdentity {
    /// Those that are hosts of their own; what is known of the others.
    static func distinct(_ members: [FleetMember]) -> ([FleetMember], [FleetFinding]) {
        var first: [Set<Name>: FleetMember] = [:]
        var distinct: [FleetMember] = []
        var findings: [FleetFinding] = []
        for member in members {
            // Pools made by one tool may have one UUID on all hosts; a card and a guest are one host's alone.
            if let other = first[member.identity],
                member.identity.contains(where: { !$0.string.hasPrefix(bytes: "pool ") })
            {
                findings.append(
                    FleetFinding(
                        Diagnostic(
                            .fleetHosts, .note,
                            "\(other.host) and \(member.host) are one host: the same cards, pools and guests; it is counted once",
                            hints: ["name it once in the list of hosts"]), on: [other.host, member.host]))
            } else {
                first[member.identity] = member
                distinct.append(member)
            }
        }
        guard findings.isEmpty else { return (distinct, findings) }
        return (
            distinct,
            [
                FleetFinding(
                    Diagnostic(.fleetHosts, .pass, "\(Words.count(distinct.count, "host")), none named twice"), on: [])
            ]
        )
    }
}
