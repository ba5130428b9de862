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
        let (text, isFolded) = text(output.dataStyle, each: output.isVerbose)
        output.data(text)
        FoldedView.end(isFolded, output)
    }

    /// - Parameter each: whether those that say the same are said each by itself.
    func text(_ style: Style, each: Bool) -> (text: String, isFolded: Bool) {
        let ofFleet = Folded.all(shown.map(\.check), each: each)
        let (rows, isFolded) = checks.rows(order, each: each, problemsOnly: problemsOnly)
        let counts = DoctorView.counts { verdict in
            checks.count(verdict) + findings.count { $0.check.severity == verdict }
        }
        let text = DoctorView.text(DoctorView.Row.sorted(rows + ofFleet.map(DoctorView.Row.init)), style)
        return (
            text + "\(counts) on \(Words.count(count, "host"))\n", isFolded || ofFleet.contains(where: \.isFolded)
        )
    }

    /// What only many hosts can tell.
    var betweenHosts: [Diagnostic] { findings.map(\.check) }
}
