import Fleet
import Model
import Text

/// What there is to say about hosts besides their tables: warnings, then notes, each once with all that it is true of.
struct FleetFindings {
    private struct Finding: Hashable {
        var severity: Name
        var message: Name
        var hints: [Name]
    }

    private var findings = Gathered<Finding>()

    mutating func add(_ host: FleetHost, _ list: JSONValue) {
        findings.add(
            host.name,
            list.items.compactMap { item in
                guard let severity = item["severity"].text, let message = item["message"].text else { return nil }
                return Finding(severity: severity, message: message, hints: item["hints"].texts)
            })
    }

    func show(_ output: Output, order: [Name]) {
        let all = findings.inOrder(order)
        for (finding, hosts) in all where finding.severity == "warning" { say(finding, hosts, output, output.warning) }
        for (finding, hosts) in all where finding.severity != "warning" { say(finding, hosts, output, output.note) }
    }

    private func say(_ finding: Finding, _ hosts: [Name], _ output: Output, _ talk: (String, [Hint]) -> Void) {
        talk("\(FleetNames.words(hosts, all: output.isVerbose)): \(finding.message)", [])
        guard !output.isQuiet else { return }
        // Of the same vfpool as this: with their commands, which are for that host.
        for hint in finding.hints { output.talk(output.talkStyle(.cyan, "hint:") + " " + hint.printable) }
    }
}
