import VFPoolCore

/// What a report has to say besides its table: warnings, then notes.
enum FindingView {
    static func say(_ findings: [Finding], _ output: Output) {
        for finding in findings where finding.severity == .warning {
            output.warning(finding.message, hints: finding.hints)
        }
        for finding in findings where finding.severity == .note {
            output.note(finding.message, hints: finding.hints)
        }
    }
}
