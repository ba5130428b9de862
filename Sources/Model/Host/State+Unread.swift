import SRIOV

extension State {
    /// What could not be read, each with its reason, though it may hold VFs: who has which is not known then.
    private var allUnread: [(subject: String, reason: String, hints: [Hint])] {
        let functions = pfs.flatMap { pf in
            pf.functions.compactMap { function in
                function.unreadUse.map { ("VF \(function.index) of \(pf.title)", $0.words, $0.hints) }
            }
        }
        return unread.map { ($0.subject, $0.reason, []) } + functions
    }

    /// That it is known who has which VF, as a plan needs: what can't be read is not free.
    ///
    /// - Throws: `host-unreadable`.
    package func checkReadable() throws(Failure) {
        let found = allUnread
        guard let first = found.first else { return }
        let others = found.count > 1 ? ", and \(found.count - 1) more" : ""
        throw Failure(
            .unreadable, "it is not known who has which VF: \(first.subject)\(others) could not be read",
            cause: first.reason, hints: ["nothing was changed: a VF in use would have counted as free"] + first.hints)
    }
}

/// Something that could not be read, and may hold VFs.
package struct Unread: Sendable, Equatable {
    /// `the document of guest vm7`
    package var subject: String
    package var reason: String

    package init(_ subject: String, _ reason: String) {
        self.subject = subject
        self.reason = reason
    }
}
