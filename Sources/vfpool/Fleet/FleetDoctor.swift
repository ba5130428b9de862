import Fleet
import Model
import Reporting
import Text

/// What `doctor` says of many hosts, and what only many can tell.
struct FleetDoctor: FleetView {
    let list: Name? = "checks"
    private let problemsOnly: Bool
    private var checks = FleetDoctorChecks()
    private var members: [(host: Name, member: FleetMember)] = []
    private var findings: [FleetFinding] = []
    private var count = 0
    private var order: [Name] = []

    init(problemsOnly: Bool) { self.problemsOnly = problemsOnly }

    func fields(_ format: OutputFormat) -> Set<Name> {
        FleetMember.fields.union(["check", "verdict", "message", "hints", "verdicts", "fail"])
    }

    mutating func add(_ host: FleetHost, _ documents: [JSONValue]) {
        count += 1
        checks.add(host, documents[0])
        if documents.count > 1 { members.append((host.name, FleetMember(host.name, documents[1]))) }
    }

    mutating func finish(_ answered: [Name], missing: [Name]) {
        order = answered
        let places = Dictionary(answered.enumerated().map { ($1, $0) }) { first, _ in first }
        let sorted = members.sorted { places[$0.host, default: 0] < places[$1.host, default: 0] }
        findings = FleetChecks.all(sorted.map(\.member), missing: missing)
    }

    private var shown: [FleetFinding] { findings.filter { !problemsOnly || $0.check.severity != .pass } }

    var json: [(field: String, value: any Encodable)] { [("checks", shown)] }

    var status: Int32 {
        checks.hasFailed || findings.contains { $0.check.severity == .fail } ? ExitStatus.foundFailure : ExitStatus.done
    }

    func show(_ output: Output) {
        if output.isQuiet {
            for host in order {
                for name in checks.names(of: host) { output.line("\(host.printable)\t\(name.printable)") }
            }
            for name in findings.filter({ $0.check.severity >= .warn }).map(\.check.code.rawValue).deduplicated {
                output.line("-\t\(name)")
            }
            return
        }
        let ofFleet = Folded.all(shown.map(\.check), each: output.isVerbose)
        let (rows, isFolded) = checks.rows(order, each: output.isVerbose, problemsOnly: problemsOnly)
        output.data(DoctorView.text(DoctorView.Row.sorted(rows + ofFleet.map(DoctorView.Row.init)), output.dataStyle))
        let counts = DoctorView.counts { verdict in
            checks.count(verdict) + findings.count { $0.check.severity == verdict }
        }
        output.line("\(counts) on \(Words.count(count, "host"))")
        FoldedView.end(isFolded || ofFleet.contains(where: \.isFolded), output)
    }
}
