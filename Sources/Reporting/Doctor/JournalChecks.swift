import Model

/// Whether the journal stays of a size that is easy to keep and to read.
enum JournalChecks {
    /// About 100 MB, of usual changes.
    private static let many = 5000

    static func all(_ facts: HostFacts) -> [Diagnostic] {
        // That it can't be used, or can't be told, is said by another check.
        guard facts.journalProblem == .absent else { return [] }
        switch facts.journalChanges {
        case .absent: return []
        case .unknown(let reason): return [.unknown(.journalSize, reason)]
        case .known(let count) where count < many:
            return [Diagnostic(.journalSize, .pass, "\(Words.count(count, "change")) in the journal")]
        case .known(let count):
            return [
                Diagnostic(
                    .journalSize, .warn, "the journal has \(count) changes, and keeps their documents",
                    hints: ["remove old ones: `vfpool log --prune-older-than 90d`"])
            ]
        }
    }
}
