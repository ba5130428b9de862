package import Model
package import Text

/// Everything that `doctor` says of a host, or of the part that was asked for, or `check-migration` of a guest.
package struct Diagnosis: Sendable, Equatable {
    package var uri: String
    /// The worst last; those of one verdict in the order of their names' list.
    package var checks: [Diagnostic]

    /// - Parameter name: a pool, PF or guest; nil for the whole host.
    /// - Throws: `no-such-pool`, when nothing is called so.
    package init(_ state: State, _ facts: HostFacts, named name: Name? = nil) throws(Failure) {
        self.init(try Examination(state, facts, named: name))
    }

    init(_ exam: Examination) {
        uri = exam.state.uri
        let all =
            MachineChecks.all(exam) + SoftwareChecks.all(exam) + PFChecks.all(exam) + FunctionChecks.all(exam)
            + BootChecks.all(exam) + PoolChecks.all(exam) + TransferChecks.all(exam) + GuestChecks.all(exam)
            + FindingChecks.all(exam)
        checks = Self.sorted(all)
    }

    /// Whether a guest can be moved to another host while it runs.
    package init(_ migration: LiveMigration) {
        uri = migration.source.state.uri
        checks = Self.sorted(migration.checks)
    }

    /// Of a PF that can't have functions: there is nothing to look at but that.
    package init(uri: String, notCapable failure: Failure) {
        self.uri = uri
        checks = [
            Diagnostic(
                .pfCapable, .fail, failure.message + (failure.cause.map { ": \($0)" } ?? ""), hints: failure.hints)
        ]
    }

    package func count(_ verdict: Diagnostic.Severity) -> Int { checks.count { $0.severity == verdict } }

    package var hasFailed: Bool { checks.contains { $0.severity == .fail } }

    private static func sorted(_ checks: [Diagnostic]) -> [Diagnostic] {
        let order = Dictionary(Diagnostic.Code.allCases.enumerated().map { ($1, $0) }) { first, _ in first }
        return checks.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.severity != b.severity { return a.severity < b.severity }
            let (rankA, rankB) = (order[a.code] ?? 0, order[b.code] ?? 0)
            return rankA == rankB ? left.offset < right.offset : rankA < rankB
        }.map(\.element)
    }
}
