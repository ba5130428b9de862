import Fleet
import Model
import Text

/// The checks of many hosts: those that say the same are one, with all hosts of which it is true.
struct FleetDoctorChecks {
    private struct Check: Hashable {
        var kind: Kind
        var message: Name
        var hints: [Name]
    }

    private struct Kind: Hashable {
        var verdict: Diagnostic.Severity
        var name: Name
    }

    private var checks = Gathered<Check>()
    private var counts: [Diagnostic.Severity: Int] = [:]
    private(set) var hasFailed = false

    mutating func add(_ host: FleetHost, _ document: JSONValue) {
        hasFailed = hasFailed || document["verdicts"]["fail"].number.map { $0 > 0 } ?? false
        let list = document["checks"].items.compactMap { item -> Check? in
            guard let verdict = item["verdict"].text.flatMap({ Diagnostic.Severity(rawValue: $0.string) }),
                let name = item["check"].text, let message = item["message"].text
            else { return nil }
            return Check(kind: Kind(verdict: verdict, name: name), message: message, hints: item["hints"].texts)
        }
        for check in list { counts[check.kind.verdict, default: 0] += 1 }
        checks.add(host.name, list)
    }

    /// Of those that warn or failed.
    func names(of host: Name) -> [Name] {
        checks.items(of: host).filter { $0.kind.verdict >= .warn }.map(\.kind.name).deduplicated
    }

    func count(_ verdict: Diagnostic.Severity) -> Int { counts[verdict] ?? 0 }

    /// Those that can't be told from here are most of them, of other machines: of several hosts they are only counted, unless each is
    /// asked for.
    ///
    /// - Parameters:
    ///   - order: the hosts.
    ///   - each: whether every one is to be said by itself.
    func rows(_ order: [Name], each: Bool, problemsOnly: Bool) -> (rows: [DoctorView.Row], isFolded: Bool) {
        let countsUnknown = !each && order.count > 1
        let shown = checks.inOrder(order).filter { check, _ in
            (!problemsOnly || check.kind.verdict != .pass) && !(countsUnknown && check.kind.verdict == .unknown)
        }
        let kinds = Dictionary(grouping: shown.indices) { shown[$0].item.kind }
        var said: Set<Kind> = []
        var isFolded = countsUnknown && count(.unknown) > 0
        let rows = shown.compactMap { check, hosts -> DoctorView.Row? in
            var message = "\(FleetNames.words(hosts, all: each)): \(check.message)"
            if !each, let alike = kinds[check.kind], alike.count > Folded<Diagnostic>.most {
                guard said.insert(check.kind).inserted else { return nil }
                isFolded = true
                let all = Set(alike.flatMap { shown[$0].hosts })
                message += " (one of \(alike.count) of this kind, on \(FleetNames.words(order.filter(all.contains))))"
            }
            return DoctorView.Row(
                verdict: check.kind.verdict, name: check.kind.name.string, message: message,
                hints: check.hints.map(\.string))
        }
        return (rows, isFolded)
    }
}
