package import Text

/// One thing that is another than it was before.
package struct HostChange: Sendable, Equatable {
    package enum Kind: String, Sendable { case pool, pf, vf, guest, interface, connection }

    package var kind: Kind
    /// In one word, for programs: `started`, `holder`.
    package var what: String
    package var pool: Name?
    /// PCI address of a PF or VF.
    package var address: String?
    package var pf: Name?
    package var vf: Int?
    package var guest: Name?
    package var uuid: String?
    package var mac: String?
    package var before: String?
    package var after: String?
    /// One sentence without a full stop.
    package var message: String

    /// Whether it says who has what, or what runs: not what comes along with that, as a driver does.
    package var isOfNote: Bool { kind != .vf || what.isSame(as: "holder") }

    package init(_ kind: Kind, _ what: String, _ message: String, before: String? = nil, after: String? = nil) {
        self.kind = kind
        self.what = what
        self.message = message
        self.before = before
        self.after = after
    }
}
