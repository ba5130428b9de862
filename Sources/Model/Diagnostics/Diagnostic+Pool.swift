import SRIOV
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

    /// Each PF of a pool that is not there, or in whose place another card is.
    package static func lostPFs(of pool: NetworkState, _ state: State) -> [Diagnostic] {
        guard let mark = pool.configuration?.mark else { return [] }
        let pfs = PoolPFs(mark, in: state.pfs)
        let isOne = pfs.members.count == 1
        let rest = isOne || !pfs.allowsUpkeep ? "" : ": the pool goes on with \(Words.list(pfs.pfs.map(\.title)))"
        return pfs.lost.map { member in
            let addresses = [member.pf?.address.description].compactMap(\.self)
            if case .replaced(let expected, let found) = member.verdict {
                let subject = isOne ? "the PF of pool \(pool.name)" : "\(member.mark.title) of pool \(pool.name)"
                return Diagnostic(
                    .pfReplaced, "\(subject) is another card: its MAC is \(found), not \(expected)\(rest)",
                    hints: [
                        "if that is intended, recreate the pool: `vfpool delete \(shell: pool.word)`, then `vfpool create`",
                        isOne ? "until then vfpool does not touch the pool" : "until then the pool has no VF of it",
                    ], pools: [pool.name], pfs: addresses)
            }
            let subject =
                isOne
                ? "the PF of pool \(pool.name), \(member.mark.title)," : "\(member.mark.title) of pool \(pool.name)"
            return Diagnostic(
                .pfMissing, "\(subject) is not on this host\(rest)",
                hints: ["is its driver loaded? list the PFs there are: `vfpool status`"], pools: [pool.name],
                pfs: addresses)
        }
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
