import FoundationEssentials
import Journal
import Model
import Planning
import Reporting
import TestSupport
import Text

/// An entry of the journal, whatever happened to it: read, written again as the same, and taken back or refused.
///
/// The input is a map of `change`, the entry's first page; `progress`, its lines; `documents`, texts by their files' names.
struct JournalTarget: FuzzTarget {
    private let mutation = DataMutation(seeds: FuzzInputs.seeds("journal"), alwaysJSON: true)
    private let files = ScratchFiles()
    private static let id = "20261122-160612-042-17"

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        guard case .map(let parts) = DataTree(yaml: input) else { return false }
        let folder = "changes/\(Self.id)"
        files.remove(folder)
        for (name, part) in parts {
            switch (name, part) {
            case ("progress", .list(let lines)):
                files.write(
                    lines.map { $0.flow(isJSON: true) }.joined(separator: "\n").utf8, "\(folder)/progress.jsonl")
            case ("documents", .map(let documents)):
                for case (let file, .word(let text, _)) in documents where !file.utf8.contains(UInt8(ascii: "/")) {
                    files.write(text.utf8, "\(folder)/\(file)")
                }
            case ("change", _): files.write(part.flow(isJSON: true).utf8, "\(folder)/change.json")
            default: break
            }
        }
        let journal = Journal(StateFolder(path: files.path))
        guard let report = try FuzzHost.asked({ try LogReport(journal, machine: HostIdentity()) }),
            let entry = report.changes.first?.entry
        else { return false }
        try isTheSameAgain(entry.header)
        try look(entry)
        _ = try FuzzHost.asked {
            let plan = try UndoPlanner.plan(FuzzHost.state, entry, journal)
            for item in plan.items { try isTheSameAgain(item) }
        }
        return true
    }

    private func isTheSameAgain(_ header: EntryHeader) throws {
        let again = try JSONDecoder().decode(EntryHeader.self, from: JSONEncoder().encode(header))
        try require(again == header, "an entry is read otherwise when it is written")
    }

    /// A step is the same when the journal has kept it.
    private func isTheSameAgain(_ item: Plan.Item) throws {
        let (record, documents) = StepRecord.make(0, item)
        let again = try JSONDecoder().decode(StepRecord.self, from: JSONEncoder().encode(record))
        try require(again == record, "a step's record is read otherwise: \(record)")
        let step = try again.step { file throws(Failure) in
            guard let document = documents.first(where: { $0.name.isSame(as: file) }) else {
                throw Failure(.journal, "there is no \(file)")
            }
            return document.text
        }
        try require(step == item.step, "a step is another one from the journal: \(step) instead of \(item.step)")
    }

    private func look(_ entry: Entry) throws {
        try require(entry.stepsInPlace.count <= entry.steps.count, "more steps in place than there are")
        try require(entry.possibleSteps.count <= entry.stepsInPlace.count, "more steps are possible than begun")
        for record in entry.header.steps {
            try require(!record.words.action.isEmpty, "a step without words")
        }
    }
}
