import FoundationEssentials
import Glibc

/// The open entry of a change that is being applied: a line is on disk before the next step begins.
package final class JournalRecord: ChangeRecord {
    package let id: String
    private let path: String
    private let steps: [StepRecord]
    private let descriptor: Int32
    /// Lines are made sure of together, not one by one.
    private var isTogether = false

    init(id: String, path: String, steps: [StepRecord]) throws(Failure) {
        self.id = id
        self.path = path
        self.steps = steps
        let file = path + "/progress.jsonl"
        descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.unwritable(file) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package func starting(_ step: Int) throws(Failure) {
        try add(ProgressRecord(event: .starting, step: step, time: Timestamp.text(Date())))
    }

    package func finished(_ step: Int, stored: String?) throws(Failure) {
        if let stored, let file = steps[step].after {
            // A file that a crash takes is found missing; the step then counts as begun, and is looked at.
            let name = file.replacing(".after.xml", with: ".stored.xml")
            try Files.write(stored, to: "\(path)/\(name)", sync: !isTogether)
        }
        try add(ProgressRecord(event: .finished, step: step, time: Timestamp.text(Date())))
    }

    package func reverted(_ step: Int) throws(Failure) {
        try add(ProgressRecord(event: .reverted, step: step, time: Timestamp.text(Date())))
    }

    package func complete(_ result: ChangeResult, failure: Failure?) throws(Failure) {
        try add(
            ProgressRecord(
                event: .complete, time: Timestamp.text(Date()), result: result, error: failure?.code.rawValue,
                message: failure?.message))
    }

    package func together(_ body: () throws(Failure) -> Void) throws(Failure) {
        isTogether = true
        defer { isTogether = false }
        try body()
        guard fdatasync(descriptor) == 0 else { throw Files.unwritable(path + "/progress.jsonl") }
    }

    private func add(_ record: ProgressRecord) throws(Failure) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let file = path + "/progress.jsonl"
        let text: String
        do {
            text = String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
        } catch {
            throw Failure(.journal, "could not write \(file)", cause: "\(error)")
        }
        try Files.append(text, to: descriptor, file)
        guard isTogether || fdatasync(descriptor) == 0 else { throw Files.unwritable(file) }
    }
}
