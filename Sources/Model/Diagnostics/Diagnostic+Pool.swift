package import Text

/// What is said of pools and guests, whoever says it.
extension Diagnostic {
    package static func notActive(_ pool: NetworkState) -> Diagnostic {
        Diagnostic(
            .poolNotActive, "pool \(pool.name) is not active: no guest on it can start",
            hints: ["start it: `virsh net-start \(shell: pool.word)`, then `vfpool reconcile`"], pools: [pool.name],
            fold: Fold(
                "pool", pool.name, "are not active: no guest on them can start",
                hints: ["start each: `virsh net-start POOL`, then `vfpool reconcile`"]))
    }

    /// Settings of a pool that a VF can't have.
    package static func problems(
        of pool: NetworkState, _ state: State, as code: Code = .poolProblem, _ severity: Severity = .warn
    ) -> [Diagnostic] {
        state.problems(of: pool).map { problem in
            Diagnostic(
                code, severity, "no guest can start on pool \(pool.name): \(problem)",
                hints: ["correct it: `virsh net-edit \(shell: pool.word)`, and restart it when no guest uses it"],
                pools: [pool.name])
        }
    }

    package static func savedState(_ guest: Name, word: Name) -> Diagnostic {
        Diagnostic(
            .savedState, "guest \(guest) has a managed save image, whose document its next start uses instead",
            hints: [
                "see it: `virsh managedsave-dumpxml \(shell: word)`",
                "drop it: `virsh managedsave-remove \(shell: word)`",
            ], guests: [guest],
            fold: Fold(
                "guest", guest, "have a managed save image, whose document their next start uses instead",
                hints: ["see one: `virsh managedsave-dumpxml GUEST`", "drop it: `virsh managedsave-remove GUEST`"]))
    }

    /// That nothing but the daemon checks documents.
    package static func noSchema(_ state: State) -> [Diagnostic] {
        guard !Grammars.areAvailable, state.grammar == .here else { return [] }
        return [Diagnostic(.noSchema, "libvirt's grammar files are missing: documents are checked by the daemon only")]
    }
}
