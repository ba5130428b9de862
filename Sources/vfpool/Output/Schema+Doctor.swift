import Model
import Reporting
import Text

extension Schema {
    /// stdout of `doctor`.
    struct DoctorEnvelope: Encodable {
        var version = Schema.version
        var uri: String
        /// The worst last.
        var checks: [Check]
        /// How many checks have which verdict.
        var verdicts: Verdicts
    }

    struct Check: Encodable {
        /// Stable, kebab-case.
        var check: String
        /// `pass`, `unknown`, `note`, `warn`, `fail`.
        var verdict: String
        var message: String
        var hints: [String]
        /// What it is about; all empty for the host as a whole.
        var pools: [Name]
        var guests: [Name]
        /// PCI addresses.
        var pfs: [String]

        private enum CodingKeys: String, CodingKey {
            case check, verdict, message, hints, pools, guests
            case pfs = "ports"
        }
    }

    struct Verdicts: Encodable {
        var pass: Int
        var unknown: Int
        var note: Int
        var warn: Int
        var fail: Int
    }
}

extension Schema.DoctorEnvelope {
    /// - Parameter shown: those of its checks that are asked for.
    init(_ diagnosis: Diagnosis, _ shown: [Reporting.Check]) {
        uri = diagnosis.uri
        checks = shown.map(Schema.Check.init)
        verdicts = Schema.Verdicts(diagnosis)
    }
}

extension Schema.Check {
    init(_ check: Reporting.Check) {
        self.init(
            check: check.name.rawValue, verdict: check.verdict.rawValue, message: check.message,
            hints: check.hints.map(\.text),
            pools: check.pools, guests: check.guests, pfs: check.pfs)
    }
}

extension Schema.Verdicts {
    init(_ diagnosis: Diagnosis) {
        self.init(
            pass: diagnosis.count(.pass), unknown: diagnosis.count(.unknown), note: diagnosis.count(.note),
            warn: diagnosis.count(.warn), fail: diagnosis.count(.fail))
    }
}
