import FoundationEssentials
package import Model
import Text

/// The open entry of a change that is being applied: a line is on disk before the next step begins.
package final class JournalRecord: ChangeRecord {
    package let id: String
    private let folder: OwnFolder
    private let steps: [StepRecord]
    private let progress: AppendedFile
    /// Where documents go that libvirt stored, if they don't get a file each.
    private let stored: AppendedFile?
    private let encoder = JSONEncoder()
    /// Lines that are written and made sure of together, not one by one; nil where each is for itself.
    private var lines: String?

    /// - Parameter isPacked: whether documents go into one file, and not into one each.
    init(id: String, _ folder: OwnFolder, steps: [StepRecord], isPacked: Bool) throws(Failure) {
        self.id = id
        self.folder = folder
        self.steps = steps
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        progress = try AppendedFile(EntryReader.progress, in: folder)
        stored = isPacked ? try AppendedFile(DocumentPack.stored, in: folder) : nil
        try endTornLine()
    }

    /// What the power cut short must not swallow the line that comes next.
    private func endTornLine() throws(Failure) {
        let text = try folder.bytes(EntryReader.progress, limit: EntryReader.progressLimit)
        if let last = text.last, last != UInt8(ascii: "\n") { try write("\n") }
    }

    package func starting(_ step: Int) throws(Failure) {
        try add(ProgressRecord(event: .starting, step: step, time: Timestamp.text(Date())))
    }

    package func finished(_ step: Int, stored: String?) throws(Failure) {
        if let stored, let file = steps[step].after {
            // A file that a crash takes is found missing; the step then counts as begun, and is looked at.
            let name = file.replacing(bytes: ".after.xml", with: ".stored.xml")
            if let pack = self.stored {
                try pack.add(DocumentPack.wrapped(name, stored))
                if lines == nil { try pack.sync() }
            } else {
                try folder.write(stored, to: name, sync: lines == nil)
            }
        }
        try add(ProgressRecord(event: .finished, step: step, time: Timestamp.text(Date())))
    }

    package func reverted(_ step: Int) throws(Failure) {
        try add(ProgressRecord(event: .reverted, step: step, time: Timestamp.text(Date())))
    }

    package func possible(_ step: Int) throws(Failure) {
        try add(ProgressRecord(event: .possible, step: step, time: Timestamp.text(Date())))
    }

    package func complete(_ result: ChangeResult, failure: Failure?) throws(Failure) {
        try add(
            ProgressRecord(
                event: .complete, time: Timestamp.text(Date()), result: result, error: failure?.code.rawValue,
                message: failure?.message))
    }

    package func together(_ body: () throws(Failure) -> Void) throws(Failure) {
        lines = ""
        defer { lines = nil }
        do throws(Failure) {
            try body()
        } catch {
            // What was told before counts.
            try? write(lines ?? "")
            throw error
        }
        try write(lines ?? "")
    }

    private func write(_ text: String) throws(Failure) {
        try progress.add(text)
        try progress.sync()
    }

    private func add(_ record: ProgressRecord) throws(Failure) {
        let text: String
        do {
            text = String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
        } catch {
            throw Failure(.journal, "could not write \(folder.path(EntryReader.progress))", cause: "\(error)")
        }
        if lines == nil { try write(text) } else { lines?.append(text) }
    }
}
