import ArgumentParser
import Journal
import Model
import Planning
import Reporting

struct Log: Command {
    static let configuration = CommandConfiguration(
        abstract: "List changes made by vfpool",
        discussion: """
            Newest first, the last 20 unless `--limit` says otherwise; with `--format json` or `--quiet`, all. RESULT \
            is done, undone, reverted (it failed and was put back), failed (something may still be in place) or \
            unfinished (vfpool was killed, or is still running). With a change: its steps, the progress of each, and \
            what became of each document. The documents are plain XML in the change's folder.

            Examples:
              $ vfpool log
              One change; its number or a unique suffix is enough:
                $ vfpool log 17
              Remove old changes; those that undo and unbind may need stay:
                $ vfpool log --prune-older-than 90d --dry-run
                $ vfpool log --prune-older-than 90d --yes
            """)

    @Argument(help: ArgumentHelp("A change.", valueName: "id"), completion: Completion.changes)
    var id: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "How many of the newest changes to list; 0: all. Else 20, but all with `--format json` or `--quiet`.",
            valueName: "count"))
    var limit: CountArgument?

    @OptionGroup(title: "Pruning") var pruning: PruneOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if id?.isEmpty ?? false { throw ValidationError("the change's name is empty") }
        if pruning.age != nil, id != nil || limit != nil {
            throw ValidationError("--prune-older-than goes with neither a change nor --limit")
        }
    }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let age = pruning.age { return try prune(age, output) }
        let folder = StateFolder.standard(Terminal.environment)
        let journal = Journal(folder)
        let entry: Entry? = if let id { try journal.entry(matching: id) } else { nil }
        let report =
            if let entry { try LogReport(journal, of: entry, machine: .ofThisMachine()) } else {
                try LogReport(journal, uri: connection.uri, limit: mostListed(output), machine: .ofThisMachine())
            }
        if output.format == .json {
            try output.json(report.json(journal))
        } else if output.isQuiet {
            for change in report.changes { output.line(change.entry.id) }
        } else if id != nil, let change = report.changes.first {
            let diffs = try journal.changes(of: change.entry)
            output.data(LogView.text(change, diffs, folder: journal.path(of: change.entry), output.dataStyle))
            for file in journal.unreadableFiles(of: change.entry) {
                output.warning("\(journal.path(of: change.entry))/\(file) can't be read, so its change can't be shown")
            }
            LogView.advice(report, output)
        } else {
            output.data(LogView.table(report, here: connection.uri ?? Terminal.usualURI, output.dataStyle))
            if report.changes.isEmpty { output.note(LogView.nothing) }
            LogView.sayOwner(folder, output)
            if report.older > 0 {
                output.note(
                    "\(Words.count(report.older, "older change")) not shown",
                    hints: ["list all: `vfpool log --limit 0`"])
            }
            LogView.advice(report, output)
        }
        return ExitStatus.done
    }

    /// Nil for all.
    private func mostListed(_ output: Output) -> Int? {
        if let limit { return limit.value > 0 ? limit.value : nil }
        return output.format == .json || output.isQuiet ? nil : 20
    }
}
