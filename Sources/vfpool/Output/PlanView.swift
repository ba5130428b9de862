import Model
import Planning
import Reporting
import Text

/// A plan as people read it: the diff, one line a step, and the count. A patch could be made of it.
enum PlanView {
    static func text(_ report: PlanReport, _ style: Style, _ migration: Migration? = nil) -> String {
        var lines = report.changes.flatMap { diff($0, style) }
        if !lines.isEmpty { lines.append("") }
        lines += steps(report.items, style)
        let tables = migration.map { MigrationView.text($0, style) } ?? ""
        if !tables.isEmpty {
            lines.append("")
            lines += tables.split(byte: "\n", keepsEmpty: true).map(String.init)
        }
        lines.append(
            style(
                .bold, "Plan: \(report.added) to add, \(report.changed) to change, \(report.removed) to remove"))
        return lines.joined(separator: "\n") + "\n"
    }

    static func diff(_ change: PlanReport.Change, _ style: Style) -> [String] {
        let subject = change.subject.description.printable
        var lines = [
            style(
                .bold, change.isNew ? "--- /dev/null" : "--- \(subject)\(change.subject.isFile ? "" : " (inactive)")"),
            style(.bold, change.isRemoved ? "+++ /dev/null" : "+++ \(subject) (planned)"),
        ]
        for hunk in change.diff.hunks {
            lines.append(style(.cyan, hunk.header))
            for line in hunk.lines {
                switch line {
                case .context(let text): lines.append(" " + text.printableLine)
                case .removed(let text): lines.append(style(.red, "-" + text.printableLine))
                case .added(let text): lines.append(style(.green, "+" + text.printableLine))
                }
            }
        }
        return lines
    }

    private static func steps(_ items: [Plan.Item], _ style: Style) -> [String] {
        let width = items.reduce(0) { max($0, TextWidth.letters($1.step.subject.description)) }
        func line(_ effect: StepEffect, _ subject: String, _ text: String) -> String {
            let (sign, colour): (String, Style.Colour) =
                switch effect {
                case .add: ("+", .green)
                case .change: ("~", .yellow)
                case .remove: ("-", .red)
                }
            let padding = String(repeating: " ", count: max(0, width - TextWidth.letters(subject)))
            return "  \(style(colour, sign)) \(subject.printable)\(padding)  \(text)"
        }
        let many = releases(items).filter { $0.value > 16 }
        var lines = items.filter { item in
            if case .release(let network, _) = item.step, item.isUpkeep { many[network] == nil } else { true }
        }.map { item in
            let detail = item.detail.map { ": " + $0.printable } ?? ""
            return line(item.step.effect, item.step.subject.description, item.step.action.printable + detail)
        }
        // Of many that go, each pool's are one line.
        for (network, count) in many.sorted(by: { $0.key < $1.key }) {
            lines.append(
                line(
                    .remove, "network \(network)", "release \(count) reservations, each with the guest it was kept for")
            )
        }
        return lines
    }

    /// How many reservations each pool gives back.
    private static func releases(_ items: [Plan.Item]) -> [Name: Int] {
        var counts: [Name: Int] = [:]
        for case .release(let network, _) in items.filter(\.isUpkeep).map(\.step) { counts[network, default: 0] += 1 }
        return counts
    }

    /// Notes, warnings, and whom a migration leaves out: talk, not data.
    static func advice(_ report: PlanReport, _ migration: Migration?, _ output: Output) {
        let folded = [
            FoldedView.note(report.notes, output), FoldedView.warn(report.warnings, output),
            FoldedView.warn(migration?.leftOut ?? [], output),
        ]
        FoldedView.end(folded.contains(true), output)
    }
}
