import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading

struct Undo: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Undo the last change, or the one named",
        discussion: """
            Puts back the documents from before the change. An undo is itself a change: it can be undone. Refused if \
            what the change left was changed since, and for a change of another host: one that shares the journal, or \
            the one that this image was copied from.

            Examples:
              The last change still in place, other than one that only reconciled pools:
                $ vfpool undo
              One that `vfpool log` lists; its number or a unique suffix is enough:
                $ vfpool undo 17
              What would be put back:
                $ vfpool undo --dry-run
            """)

    @Argument(help: ArgumentHelp("The change; else the last one.", valueName: "id"), completion: Completion.changes)
    var id: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if id?.isEmpty ?? false { throw ValidationError("the change's name is empty") }
    }

    var isLive: Bool { true }
    var editsGuests: Bool { true }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let (entry, upkeep): (Entry, [String]) =
            if let id { (try journal.entry(matching: id), []) } else {
                try UndoPlanner.last(in: journal, uri: host.uri)
            }
        var plan = try UndoPlanner.plan(
            state, entry, journal, files: KnownFiles(UndoPlanner.paths(entry), in: LocalFiles()))
        if let note = UndoPlanner.note(upkeep) { plan.notes.insert(note, at: 0) }
        let done: Hint = "Undid change \(text: entry.id): `\(shell: ShellCommand(words: entry.header.command))`"
        let guests = plan.items.count { item in
            if case .defineGuest = item.step { !item.isUpkeep } else { false }
        }
        let question: String? =
            if plan.cutsLink {
                "This cuts running guests' links for a moment"
            } else if guests > 1 {
                "This changes \(guests) guests"
            } else {
                nil
            }
        return Proposal(
            plan: plan, words: ChangeWords(summary: [done.text], question: question),
            origin: ChangeOrigin(undoes: entry.id))
    }
}
