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

    /// What it happened to, as one names it: a VF by its address. Nil for the connection.
    package var name: Name? {
        switch kind {
        case .pool: pool
        case .pf: pf
        case .vf: address.map { Name($0) }
        case .guest, .interface: guest
        case .connection: nil
        }
    }

    package init(_ kind: Kind, _ what: String, _ message: String, before: String? = nil, after: String? = nil) {
        self.kind = kind
        self.what = what
        self.message = message
        self.before = before
        self.after = after
    }
}
