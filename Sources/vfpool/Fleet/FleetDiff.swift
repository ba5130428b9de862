import Fleet
import Model
import Planning
import Text

/// What of many hosts is not as the spec says: the same difference is one line, with all hosts that have it.
struct FleetDiff: FleetView {
    let list: Name? = "differences"

    private struct Line: Hashable {
        var verdict: Difference.Verdict
        var subject: Name
        var words: Name
    }

    private var lines = Gathered<Line>()
    private var counts: [Difference.Verdict: Int] = [:]
    private var same = 0
    private var order: [Name] = []

    func fields(_ format: OutputFormat) -> Set<Name> {
        [
            "kind", "name", "mac", "verdict", "fields", "field", "found", "wanted", "remark", "error", "message",
            "counts",
            "same",
        ]
    }

    mutating func add(_ host: FleetHost, _ documents: [JSONValue]) {
        let list = documents[0]["differences"].items.compactMap { item -> Line? in
            guard let verdict = item["verdict"].text.flatMap({ Difference.Verdict(rawValue: $0.string) }) else {
                return nil
            }
            return Line(verdict: verdict, subject: Self.subject(item), words: Self.words(item))
        }
        for line in list { counts[line.verdict, default: 0] += 1 }
        lines.add(host.name, list)
        same = same.addingReportingOverflow(documents[0]["counts"]["same"].number ?? 0).partialValue
    }

    private static func subject(_ item: JSONValue) -> Name {
        let kind = item["kind"].text ?? ""
        return "\(kind == "pf" ? "PF" : kind) \(item["name"].text ?? "")"
    }

    private static func words(_ item: JSONValue) -> Name {
        var parts = item["fields"].items.map { field in
            "\(field["field"].text ?? ""): \(field["found"].text ?? "none") → \(field["wanted"].text ?? "none")"
        }
        if let remark = item["remark"].text { parts.append(remark.string) }
        if let message = item["error"]["message"].text { parts.append(message.string) }
        let text = parts.joined(separator: "; ")
        return item["mac"].text.map { "\($0): \(text)" } ?? Name(text)
    }

    mutating func finish(_ answered: [Name], missing: [Name]) { order = answered }

    var status: Int32 {
        // What waits for a next start is no drift.
        counts.contains { $0.key != .waits && $0.value > 0 } ? ExitStatus.differs : ExitStatus.done
    }

    func show(_ output: Output) {
        if output.isQuiet {
            for host in order {
                for name in lines.items(of: host).map(\.subject).deduplicated {
                    output.line("\(host.printable)\t\(name.printable)")
                }
            }
            return
        }
        for (line, hosts) in lines.inOrder(order) {
            let names = FleetNames.words(hosts, all: output.isVerbose)
            let text = "\(names): \(line.subject): \(line.words)".printable
            output.line("\(DiffView.sign(line.verdict, output.dataStyle)) \(text)")
        }
        // Of no host nothing can be said.
        guard !order.isEmpty else { return }
        let text = DiffView.count(same: same) { counts[$0] ?? 0 }
        output.line(output.dataStyle(.bold, "\(text), on \(Words.count(order.count, "host"))"))
    }
}
