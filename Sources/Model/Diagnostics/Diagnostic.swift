package import Text

/// Something that vfpool has to say: an error, a warning of a plan, a finding of `status`, or a check of `doctor`.
///
/// The message is one sentence without a full stop; hints say what to do next.
package struct Diagnostic: Sendable, Equatable {
    /// How bad it is, the worst last.
    package enum Severity: String, Sendable, CaseIterable, Comparable {
        case pass
        /// It can't be checked from here, which is neither well nor ill.
        case unknown
        /// Worth knowing; nothing has to be done.
        case note
        /// It works now, and is likely to fail later.
        case warn
        /// Something does not work, or the next start or boot will show it.
        case fail

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    /// What it is about, for narrowing.
    package enum Subject: Sendable, Hashable {
        case pool(Name)
        case guest(Name)
        /// By PCI address.
        case pf(String)
        case vf(String)
    }

    package let code: Code
    package var severity: Severity
    @Bytewise package var message: String
    /// libvirt's or the kernel's own words.
    package var cause: String?
    package var hints: [Hint]
    /// None: the host as a whole.
    package var subjects: [Subject]
    package var fold: Fold?

    package init(
        _ code: Code, _ severity: Severity, _ message: String, cause: String? = nil, hints: [Hint] = [],
        pools: [Name] = [], guests: [Name] = [], pfs: [String] = [], vfs: [String] = [], fold: Fold? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.cause = cause
        self.hints = hints
        subjects =
            pools.map(Subject.pool) + guests.map(Subject.guest) + pfs.map(Subject.pf) + vfs.map(Subject.vf)
        self.fold = fold
    }

    /// A warning.
    package init(
        _ code: Code, _ message: String, hints: [Hint] = [], pools: [Name] = [], guests: [Name] = [],
        pfs: [String] = [], vfs: [String] = [], fold: Fold? = nil
    ) {
        self.init(
            code, .warn, message, hints: hints, pools: pools, guests: guests, pfs: pfs, vfs: vfs, fold: fold)
    }

    package var pools: [Name] { subjects.compactMap { if case .pool(let name) = $0 { name } else { nil } } }
    package var guests: [Name] { subjects.compactMap { if case .guest(let name) = $0 { name } else { nil } } }
    package var pfs: [String] { subjects.compactMap { if case .pf(let address) = $0 { address } else { nil } } }
    package var vfs: [String] { subjects.compactMap { if case .vf(let address) = $0 { address } else { nil } } }
}

extension Diagnostic: Foldable {
    package var kind: Name { "\(severity) \(code)" }

    package var about: (noun: String, name: Name)? {
        if guests.count == 1 { return ("guest", guests[0]) }
        if vfs.count == 1 { return ("VF", Name(vfs[0])) }
        if pools.count == 1 { return ("pool", pools[0]) }
        return pfs.count == 1 ? ("PF", Name(pfs[0])) : nil
    }
}
