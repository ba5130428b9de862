import Model
import Reporting
import Text

extension Schema {
    /// stdout of `check-migration`.
    struct LiveMigrationEnvelope: Encodable {
        var version = Schema.version
        /// Where the guest is.
        var uri: String
        /// Where it is to move to.
        var target: String
        var guest: Name
        /// As `doctor` has them: the worst last.
        var checks: [Check]
        var verdicts: Verdicts
    }
}

extension Schema.LiveMigrationEnvelope {
    /// - Parameter shown: those of its checks that are asked for.
    init(_ migration: LiveMigration, _ diagnosis: Diagnosis, _ shown: [Reporting.Check]) {
        uri = migration.source.state.uri
        target = migration.target.state.uri
        guest = migration.guestName
        checks = shown.map(Schema.Check.init)
        verdicts = Schema.Verdicts(diagnosis)
    }
}
