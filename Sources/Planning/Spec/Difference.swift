package import Model
package import SRIOV
package import Spec
package import Text

/// One thing of a spec that is not as it says.
package struct Difference: Sendable {
    package enum Subject: Sendable, Hashable {
        case pf(Name)
        case pool(Name)
        case guest(Name, MACAddress?)
    }

    package enum Verdict: String, Sendable, CaseIterable {
        case differs
        /// It is not there.
        case missing
        /// It is there, and the spec does not have it.
        case unwanted
        /// It is so when the guest or the pool starts the next time.
        case waits
        /// It can't be made so.
        case blocked
    }

    /// What is said of it, and what is.
    package struct Field: Sendable, Equatable {
        /// By the spec's key: `vlan`, `portgroups.dmz.vlan`.
        @Bytewise package var name: String
        /// In words; nil: none.
        @Bytewise package var found: String?
        @Bytewise package var wanted: String?

        package init(_ name: String, _ found: String?, _ wanted: String?) {
            self.name = name
            self.found = found
            self.wanted = wanted
        }

        /// `vlan: none → 7`.
        package var words: String { "\(name): \(found ?? "none") → \(wanted ?? "none")" }
    }

    package var subject: Subject
    package var verdict: Verdict
    package var fields: [Field]
    /// Of what is missing, unwanted or waits: what it is, in words.
    package var remark: String?
    /// Why it can't be made so.
    package var failure: Failure?
    package var origin: Origin?

    package init(
        _ subject: Subject, _ verdict: Verdict, _ fields: [Field] = [], remark: String? = nil,
        failure: Failure? = nil, origin: Origin? = nil
    ) {
        self.subject = subject
        self.verdict = verdict
        self.fields = fields
        self.remark = remark
        self.failure = failure?.told(.spec)
        self.origin = origin
    }

    /// Whether the host is not as the spec says, and will not be by itself.
    package var isDrift: Bool { verdict != .waits }

    func blocked(_ failure: Failure) -> Difference {
        var copy = self
        copy.verdict = .blocked
        copy.failure = failure.told(.spec)
        return copy
    }
}

extension Difference.Subject {
    package var kind: String {
        switch self {
        case .pf: "pf"
        case .pool: "pool"
        case .guest: "guest"
        }
    }

    package var name: Name {
        switch self {
        case .pf(let name), .pool(let name), .guest(let name, _): name
        }
    }

    package var mac: MACAddress? { if case .guest(_, let mac) = self { mac } else { nil } }

    /// `pool tenants`.
    package var words: String { if case .pf = self { "PF \(name)" } else { "\(kind) \(name)" } }
}
