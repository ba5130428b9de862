import Glibc
import Journal
import Model
import Reporting
import Text

/// The journal, one change a line, or one change with its steps and diffs.
enum LogView {
    /// - Parameter here: the URI that a command without `--connect` would use; where all changes were made there, it
    ///   is not named.
    static func table(_ report: LogReport, here: String, _ style: Style) -> String {
        let isElsewhere = report.changes.contains { !$0.entry.header.uri.isSame(as: here) }
        let isShared = report.changes.contains { $0.isHere == false }
        var columns = [
            Table.Column("CHANGE"), Table.Column("TIME", dropped: 2), Table.Column("USER", dropped: 1),
            Table.Column("RESULT"),
        ]
        if isShared { columns.append(Table.Column("HOST", shrinks: true)) }
        if isElsewhere { columns.append(Table.Column("URI", shrinks: true)) }
        columns.append(Table.Column("COMMAND", shrinks: true))
        var table = Table(columns)
        for change in report.changes {
            let header = change.entry.header
            var cells = [
                Table.Cell(change.entry.id), Table.Cell(header.time), Table.Cell(header.user), result(change),
            ]
            if isShared { cells.append(Table.Cell(header.host?.name ?? Table.unknown)) }
            if isElsewhere { cells.append(Table.Cell(header.uri)) }
            table.add(cells + [Table.Cell(ShellCommand(words: header.command).shellText)])
        }
        return table.rendered(style)
    }

    private static func result(_ change: LogReport.Change) -> Table.Cell {
        if change.undoneBy != nil { return Table.Cell("undone", .faint) }
        return switch change.result {
        case .done: Table.Cell("done", .green)
        case .reverted: Table.Cell("reverted", .yellow)
        case .partial: Table.Cell("partial", .yellow)
        case .failed: Table.Cell("failed", .red)
        case .unfinished: Table.Cell("unfinished", .red)
        }
    }

    /// Whose journal it is where that is not root's: of what root changed, there is nothing in it.
    static var owner: String? {
        guard geteuid() != 0 else { return nil }
        return getpwuid(geteuid()).map { "user " + String(cString: $0.pointee.pw_name) } ?? "user \(geteuid())"
    }

    /// That there is no change.
    static var nothing: String { "vfpool has changed nothing yet" + (owner.map { ", as \($0)" } ?? "") }

    /// Says whose journal was shown.
    static func sayOwner(_ folder: StateFolder, _ output: Output) {
        guard let owner else { return }
        output.note(
            "this is the journal of \(owner), \(folder.path); changes by root are in root's",
            hints: ["see that: `sudo vfpool log`"])
    }

    // MARK: One change

    static func text(_ change: LogReport.Change, _ diffs: [PlanReport.Change], folder: String, _ style: Style) -> String
    {
        let header = change.entry.header
        var lines = [
            style(.bold, "change \(header.id)"),
            "time:    \(header.time.printable)" + (change.entry.endTime.map { " to \($0.printable)" } ?? ""),
            "user:    \(header.user.printable)",
            "uri:     \(header.uri.printable)",
            "command: \(ShellCommand(words: header.command))",
            "result:  \(change.result.rawValue)",
            "files:   \(folder.printable)",
        ]
        if change.isHere == false, let host = header.host {
            lines.append("host:    another one, \(host.title.printable)")
        }
        if let message = change.entry.failureMessage { lines.append("because: \(message.printable)") }
        if let undone = header.undoes { lines.append("undoes:  \(undone.printable)") }
        if let undo = change.undoneBy { lines.append("undone:  by \(undo)") }
        lines.append("")
        var table = Table(["STEP", "PROGRESS", "SUBJECT", "ACTION"].map { Table.Column($0, isNumber: $0 == "STEP") })
        for step in change.entry.steps {
            table.add([
                Table.Cell(String(step.number + 1)), Table.Cell(change.entry.progress(of: step).rawValue),
                Table.Cell(step.words.subject),
                Table.Cell(step.words.action + (step.detail.map { ": \($0)" } ?? "")),
            ])
        }
        var text = lines.joined(separator: "\n") + "\n" + table.rendered(style)
        for diff in diffs { text += "\n" + PlanView.diff(diff, style).joined(separator: "\n") + "\n" }
        return text
    }

    /// How to go on after changes that did not end well.
    static func advice(_ report: LogReport, _ output: Output) {
        for change in report.changes where change.undoneBy == nil {
            let entry = change.entry
            // Another host's is that host's to put right.
            if change.isHere == false { continue }
            let runs = change.result == .unfinished ? ProcessList.runsVFPool(entry.header.process) : false
            switch change.result {
            case .unfinished where runs == true:
                output.note("change \(entry.id) is being applied, by process \(entry.header.process)")
            case .unfinished where runs == nil:
                output.note(
                    "it is not known whether change \(entry.id) is still being applied, by process \(entry.header.process)"
                )
            // Nothing of it was done.
            case .unfinished where entry.stepsInPlace.isEmpty: break
            case .unfinished, .failed:
                let begun = entry.stepsInPlace.count
                let how = change.result == .failed ? "failed and could not be put back" : "never ended"
                output.warning(
                    "change \(entry.id) \(how): \(begun) of \(Words.count(entry.steps.count, "step")) may be in place",
                    hints: [
                        "see them: `vfpool log \(shell: entry.id)`", "take them back: `vfpool undo \(shell: entry.id)`",
                    ])
            case .partial:
                output.note(
                    "change \(entry.id) stopped part-way: what it had done stays",
                    hints: [
                        "go on with the rest: `\(shell: ChangeOrigin(undoes: entry.header.undoes).continuation)`",
                        "take it back: `vfpool undo \(shell: entry.id)`",
                    ])
            case .done, .reverted: break
            }
            possible(entry, output)
        }
        for entry in report.unreadable { output.warning("change \(entry.name) can't be read: \(entry.reason)") }
    }

    private static func possible(_ entry: Entry, _ output: Output) {
        let steps = entry.possibleSteps
        guard !steps.isEmpty, entry.result != .failed else { return }
        output.note(
            "change \(entry.id) lost libvirt before it answered: it may have done since: "
                + Words.list(steps.map { "\($0.words.subject): \($0.words.action)" }),
            hints: ["take back what came of it: `vfpool undo \(shell: entry.id)`"])
    }
}
