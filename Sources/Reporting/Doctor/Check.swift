package import Model
package import Text

/// What `doctor`, or `check-migration`, says of one thing: a stable name, a verdict, a sentence, and what mends it.
package struct Check: Sendable, Equatable {
    /// In the order in which they are printed: the worst last, so that it is on screen.
    package enum Verdict: String, Sendable, CaseIterable, Comparable {
        case pass
        /// It can't be told from here, which is neither well nor ill.
        case unknown
        /// Worth knowing; nothing has to be done.
        case note
        /// It works, but will bite some day.
        case warn
        /// Something does not work, or the next start or boot will show it.
        case fail

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    package var name: CheckName
    package var verdict: Verdict
    @Bytewise package var message: String
    package var hints: [Hint]
    /// What it is about; all empty for the host as a whole.
    package var pools: [Name]
    package var guests: [Name]
    /// PCI addresses.
    package var pfs: [String]
    package var fold: Fold?

    package init(
        _ name: CheckName, _ verdict: Verdict, _ message: String, hints: [Hint] = [], pools: [Name] = [],
        guests: [Name] = [], pfs: [String] = [], fold: Fold? = nil
    ) {
        self.name = name
        self.verdict = verdict
        self.message = message
        self.hints = hints
        self.pools = pools
        self.guests = guests
        self.pfs = pfs
        self.fold = fold
    }

    /// That it can't be told, and why.
    static func unknown(_ name: CheckName, _ reason: String, subject: String? = nil, pfs: [String] = []) -> Check {
        let whose = subject.map { "\($0): " } ?? ""
        return Check(name, .unknown, "\(whose)can't be told from here: \(reason)", pfs: pfs)
    }
}

extension Check: Foldable {
    package var kind: Name { "\(verdict) \(name)" }

    package var about: (noun: String, name: Name)? {
        if guests.count == 1 { return ("guest", guests[0]) }
        if pfs.count == 1 { return ("PF", Name(pfs[0])) }
        return pools.count == 1 ? ("pool", pools[0]) : nil
    }
}
