import Model
import Text

/// What no vfpool would have written: an entry with that is damaged, and nothing of it is believed.
enum EntryChecks {
    /// - Returns: what is wrong; nil for an entry that makes sense.
    static func fault(_ header: EntryHeader, in name: ChangeName) -> String? {
        if header.version < 1 { return "its version is \(header.version)" }
        if !header.id.isSame(as: name.text) { return "it is of change \(header.id)" }
        if header.sequence ?? 0 != name.sequence { return "its number is another one" }
        if header.process <= 0 { return "its process is \(header.process)" }
        for (index, step) in header.steps.enumerated() {
            if step.number != index { return "step \(index) has number \(step.number)" }
            if let fault = fault(step) { return "step \(index): \(fault)" }
        }
        return nil
    }

    private static func fault(_ step: StepRecord) -> String? {
        for file in [step.before, step.after, step.stored].compactMap(\.self) where !isFileName(file) {
            return "\(file) is no file of it"
        }
        for mode in [step.mode, step.formerMode].compactMap(\.self) where mode > 0o7777 && mode != FileContent.link {
            return "a file's mode is \(mode)"
        }
        if step.kind == .writeFile, !"\(step.name)".hasPrefix(bytes: "/") { return "it writes no file" }
        if let part = step.part, part < 0 { return "its part is \(part)" }
        if let pf = step.pf {
            for count in [pf.before, pf.after] where !(0...65_535).contains(count) {
                return "a PF gets \(count) VFs"
            }
        }
        return nil
    }

    /// A file in the entry's folder, and nothing beside it.
    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(bytes: ".") && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.utf8.contains(0)
    }

    /// Whether a line tells of something that can have happened to an entry of so many steps.
    static func isSound(_ record: ProgressRecord, steps: Int) -> Bool {
        guard record.event != .complete else { return record.result != nil && record.result != .unfinished }
        return record.step.map { (0..<steps).contains($0) } ?? false
    }
}
