import Model
import Planning
import SRIOV
import Text

/// Differences from a spec as people read them: a line a thing, and a count.
enum DiffView {
    static func text(_ found: SpecPlan, _ style: Style) -> String {
        let width = found.differences.reduce(0) { max($0, TextWidth.letters($1.subject.words)) }
        var lines = found.differences.map { line($0, width: width, style) }
        lines.append(style(.bold, count(found)))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func line(_ difference: Difference, width: Int, _ style: Style) -> String {
        let subject = difference.subject.words.printable
        let padding = String(repeating: " ", count: max(0, width - TextWidth.letters(subject)))
        return "\(sign(difference.verdict, style)) \(subject)\(padding)  \(words(difference).printable)"
    }

    static func sign(_ verdict: Difference.Verdict, _ style: Style) -> String {
        let (sign, colour) = sign(verdict)
        return style(colour, sign)
    }

    private static func sign(_ verdict: Difference.Verdict) -> (String, Style.Colour) {
        switch verdict {
        case .differs: ("~", .yellow)
        case .missing: ("+", .green)
        case .unwanted: ("-", .red)
        case .waits: ("…", .faint)
        case .blocked: ("!", .red)
        }
    }

    /// `52:54:00:00:00:01: pool: bridge br0 → tenants`.
    static func words(_ difference: Difference) -> String {
        var parts = difference.fields.map(\.words)
        if let remark = difference.remark { parts.append(remark) }
        if let failure = difference.failure { parts.append(failure.message) }
        let text = parts.joined(separator: "; ")
        if case .guest(_, let mac?) = difference.subject { return "\(mac): \(text)" }
        return text
    }

    /// `1 differs, 2 missing; 5 as the spec says`.
    private static func count(_ found: SpecPlan) -> String {
        count(same: found.same) { verdict in found.differences.count { $0.verdict == verdict } }
    }

    static func count(same things: Int, _ number: (Difference.Verdict) -> Int) -> String {
        let parts = Difference.Verdict.allCases.compactMap { verdict in
            let count = number(verdict)
            return count == 0 ? nil : "\(count) \(word(verdict, count))"
        }
        let same = "\(Words.count(things, "thing")) as the spec says"
        return parts.isEmpty ? "No difference: \(same)" : "\(parts.joined(separator: ", ")); \(same)"
    }

    private static func word(_ verdict: Difference.Verdict, _ count: Int) -> String {
        switch verdict {
        case .differs: count == 1 ? "differs" : "differ"
        case .missing: "missing"
        case .unwanted: "unwanted"
        case .waits: count == 1 ? "waits" : "wait"
        case .blocked: "blocked"
        }
    }

    /// Why something can't be made so, and what would help.
    static func explain(_ difference: Difference, _ output: Output) {
        guard let failure = difference.failure, !failure.hints.isEmpty else { return }
        let place = difference.origin.map { " (\($0))" } ?? ""
        output.note("\(difference.subject.words)\(place): \(failure.message)", hints: failure.hints)
    }

    static func names(_ differences: [Difference]) -> [String] {
        differences.map { $0.subject.words.printable }.deduplicated
    }

    /// Of a guest that has several interfaces among them, with the MAC.
    private static func names(of differences: [Difference]) -> [String] {
        let words = differences.map(\.subject.words)
        return zip(differences, words).map { difference, name in
            guard let mac = difference.subject.mac, words.count(where: { $0.isSame(as: name) }) > 1 else { return name }
            return "\(name) (\(mac))"
        }
    }

    /// The sentences that report it done.
    static func summary(_ found: SpecPlan, _ plan: Plan) -> [String] {
        let done = found.differences.filter { $0.verdict != .blocked && $0.verdict != .waits }
        guard done.isEmpty else { return done.map { "\($0.subject.words): \(outcome($0))" } }
        // What waited was not waited for.
        let moved = plan.cutsLink ? found.differences.filter { $0.subject.kind == "guest" && $0.verdict == .waits } : []
        return moved.isEmpty
            ? [Summary.reconcile(plan)]
            : moved.map { "\($0.subject.words): \($0.subject.mac?.description ?? ""): plugged anew" }
    }

    /// What has become of it.
    private static func outcome(_ difference: Difference) -> String {
        switch difference.verdict {
        case .missing:
            if case .guest(_, let mac?) = difference.subject { "\(mac): added" } else { "added" }
        case .unwanted: "deleted"
        case .differs, .waits, .blocked: words(difference)
        }
    }

    /// The failure that things which can't be made so come to; nil where there are none.
    ///
    /// - Parameter partial: whether the rest is made without them.
    static func failure(_ found: SpecPlan, partial: Bool) -> Failure? {
        let blocked = found.blocked
        guard let first = blocked.first, let reason = first.failure else { return nil }
        let message =
            blocked.count == 1
            ? "\(first.subject.words) can't be as the spec says"
            : "\(blocked.count) things can't be as the spec says: \(Words.list(names(of: blocked)))"
        var causes = blocked.prefix(8).map { difference in
            let place = difference.origin.map { "\($0): " } ?? ""
            return "\(place)\(difference.failure?.message ?? "") [\(difference.failure?.code.rawValue ?? "")]"
        }
        if blocked.count > causes.count { causes.append("and \(blocked.count - causes.count) more") }
        return Failure(
            .blocked, message, cause: causes.joined(separator: "\n"),
            hints: reason.hints + (partial ? [] : ["the rest without it: add `--partial`"]))
    }
}
