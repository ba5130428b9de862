/// Where a change comes from: the one that it takes back or goes on with, and what a migration was asked for.
package struct ChangeOrigin: Sendable, Equatable {
    package var undoes: String?
    package var resumes: String?
    package var migration: MigrateRequest?

    package init(undoes: String? = nil, resumes: String? = nil, migration: MigrateRequest? = nil) {
        self.undoes = undoes
        self.resumes = resumes
        self.migration = migration
    }

    /// The command that goes on with a change of several parts that stopped on the way.
    package var continuation: ShellCommand { undoes.map { "vfpool undo \(shell: $0)" } ?? "vfpool migrate --resume" }
}
