import Model
import Reporting
import Text

/// What `doctor` found, one check a line, the worst last.
enum DoctorView {
    /// Prints it as the user asked for.
    ///
    /// - Parameter envelope: the JSON document for the checks that are shown.
    /// - Returns: the exit status.
    static func show(
        _ diagnosis: Diagnosis, problemsOnly: Bool, _ output: Output, _ envelope: ([Diagnostic]) -> JSONObject
    ) throws(Failure) -> Int32 {
        let shown = problemsOnly ? diagnosis.checks.filter { $0.severity != .pass } : diagnosis.checks
        if output.format == .json {
            try output.json(envelope(shown))
        } else if output.isQuiet {
            for name in names(diagnosis) { output.line(name) }
        } else {
            let messages = Folded.all(shown, each: output.isVerbose)
            output.data(text(messages, output.dataStyle))
            output.line(counts(diagnosis))
            FoldedView.end(messages.contains(where: \.isFolded), output)
        }
        return diagnosis.hasFailed ? ExitStatus.foundFailure : ExitStatus.done
    }

    /// One line, and its hints.
    struct Row {
        let verdict: Diagnostic.Severity
        let name: String
        let message: String
        let hints: [String]
    }

    static func text(_ checks: [Folded<Diagnostic>], _ style: Style) -> String { text(checks.map(Row.init), style) }

    static func text(_ rows: [Row], _ style: Style) -> String {
        let width = rows.reduce(0) { max($0, $1.name.printable.count) }
        var lines: [String] = []
        for row in rows {
            let (word, colour) = title(row.verdict)
            let verdict = style(colour, word) + String(repeating: " ", count: 4 - word.count)
            let name = row.name.printable
            let padding = String(repeating: " ", count: width - name.count)
            lines.append("\(verdict)  \(name)\(padding)  \(row.message.printable)")
            lines += row.hints.map { "      \(style(.cyan, "hint:")) \($0.printable)" }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func title(_ verdict: Diagnostic.Severity) -> (String, Style.Colour) {
        switch verdict {
        case .pass: ("PASS", .green)
        case .unknown: ("?", .faint)
        case .note: ("NOTE", .cyan)
        case .warn: ("WARN", .yellow)
        case .fail: ("FAIL", .boldRed)
        }
    }

    /// `12 passed, 3 not checked, 1 warning, 2 failed`; what there is none of is left out.
    static func counts(_ diagnosis: Diagnosis) -> String { counts(diagnosis.count) }

    static func counts(_ number: (Diagnostic.Severity) -> Int) -> String {
        let parts = Diagnostic.Severity.allCases.compactMap { verdict -> String? in
            let count = number(verdict)
            guard count > 0 else { return nil }
            return switch verdict {
            case .pass: "\(count) passed"
            case .unknown: "\(count) not checked"
            case .note: Words.count(count, "note")
            case .warn: Words.count(count, "warning")
            case .fail: "\(count) failed"
            }
        }
        return parts.isEmpty ? "nothing to check" : parts.joined(separator: ", ")
    }

    /// Names of checks that warn or failed.
    static func names(_ diagnosis: Diagnosis) -> [String] {
        diagnosis.checks.filter { $0.severity >= .warn }.map(\.code.rawValue).deduplicated
    }
}

extension DoctorView.Row {
    init(_ check: Folded<Diagnostic>) {
        self.init(
            verdict: check.first.severity, name: check.first.code.rawValue, message: check.message,
            hints: check.hints.map(\.text))
    }

    /// The worst last; those of one verdict in the order of their names' list.
    static func sorted(_ rows: [Self]) -> [Self] {
        let order = Dictionary(Diagnostic.Code.allCases.enumerated().map { (Name($1.rawValue), $0) }) { first, _ in
            first
        }
        return rows.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.verdict != b.verdict { return a.verdict < b.verdict }
            let (first, second) = (order[Name(a.name)] ?? .max, order[Name(b.name)] ?? .max)
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }
}
