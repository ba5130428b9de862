import Model

/// What a report has to say besides its table: warnings, then notes.
enum FindingView {
    static func say(_ findings: [Diagnostic], _ output: Output) {
        let warned = FoldedView.warn(findings.filter { $0.severity == .warn }, output)
        let noted = FoldedView.note(findings.filter { $0.severity == .note }, output)
        FoldedView.end(warned || noted, output)
    }
}
