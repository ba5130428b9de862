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

    static func text(_ checks: [Folded<Diagnostic>], _ style: Style) -> String {
        let width = checks.reduce(0) { max($0, $1.first.code.rawValue.count) }
        var lines: [String] = []
        for check in checks {
            let (word, colour) = title(check.first.severity)
            let verdict = style(colour, word) + String(repeating: " ", count: 4 - word.count)
            let name = check.first.code.rawValue
            let padding = String(repeating: " ", count: width - name.count)
            lines.append("\(verdict)  \(name)\(padding)  \(check.message.printable)")
            lines += check.hints.map { "      \(style(.cyan, "hint:")) \($0.text.printable)" }
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

    /// `12 passed, 3 can't be told from here, 1 warning, 2 failed`; what there is none of is left out.
    static func counts(_ diagnosis: Diagnosis) -> String {
        let parts = Diagnostic.Severity.allCases.compactMap { verdict -> String? in
            let count = diagnosis.count(verdict)
            guard count > 0 else { return nil }
            return switch verdict {
            case .pass: "\(count) passed"
            case .unknown: "\(count) can't be told from here"
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
