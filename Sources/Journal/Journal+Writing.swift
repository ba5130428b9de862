package import FoundationEssentials
import Glibc
package import Model

extension Journal {
    /// Of a change of more steps, documents are not in files of their own.
    static let fewSteps = 16

    /// Writes a change down before its first step. Only who holds the lock may do so: numbers are given here.
    package func begin(
        _ plan: Plan, command: [String], uri: String, origin: ChangeOrigin = ChangeOrigin(), now: Date = Date()
    ) throws(Failure) -> JournalRecord {
        let (state, changes) = try folder.create()
        let (name, own) = try newFolder(now, in: changes)
        var header = EntryHeader(
            version: EntryHeader.lowestVersion, id: name.text, sequence: name.sequence, time: Timestamp.text(now),
            command: command, user: Self.userName(), uri: uri, host: host, process: getpid(), undoes: origin.undoes,
            steps: [])
        header.migration = origin.migration
        header.resumes = origin.resumes
        do throws(Failure) {
            let record = try write(plan, header, own)
            changes.sync()
            RecentChanges.write(in: state, of: changes)
            return record
        } catch {
            // Nothing has begun, so there is nothing to tell of.
            changes.removeFolder(name.text)
            throw error
        }
    }

    private func write(
        _ plan: Plan, _ header: EntryHeader, _ own: OwnFolder
    ) throws(Failure) -> JournalRecord {
        var records: [StepRecord] = []
        let pack = plan.items.count > Self.fewSteps ? try AppendedFile(DocumentPack.planned, in: own) : nil
        let isBatch = plan.parts.count > 1
        for (number, item) in plan.items.enumerated() {
            var (record, files) = StepRecord.make(number, item)
            if isBatch { record.part = item.part }
            records.append(record)
            for (file, text) in files {
                try check(text, Files.documentLimit, "\(item.step.subject) has a document that")
                if let pack {
                    try pack.add(DocumentPack.wrapped(file, text))
                } else {
                    try own.writeNew(text, to: file, sync: true)
                }
            }
        }
        try pack?.sync()
        var header = header
        if pack != nil { header.version = EntryHeader.currentVersion }
        header.steps = records
        let page = try encode(header, own.path)
        try check(page, EntryReader.headerLimit, "a change of \(Words.count(records.count, "step"))")
        try own.write(page, to: EntryReader.page)
        // The file for its progress, too, must outlive a power cut: without it, every step would be in doubt.
        let record = try JournalRecord(id: header.id, own, steps: records, isPacked: pack != nil)
        own.sync()
        return record
    }

    /// What could not be read again is not written.
    private func check(_ text: String, _ limit: Int, _ what: String) throws(Failure) {
        guard text.utf8.count > limit else { return }
        throw Failure(
            .journal, "\(what) is too large for the journal", cause: "it has more than \(limit >> 20) MiB",
            hints: ["nothing was changed; name fewer guests at a time"])
    }

    /// Writes down that nothing of a change that did not end well is in place any more.
    ///
    /// One that waits for a guest to release an interface stays open.
    package func close(_ entry: Entry) throws(Failure) {
        let left = entry.stepsInPlace
        guard entry.result == .unfinished || entry.result == .failed || !entry.possibleSteps.isEmpty,
            !left.contains(where: { $0.kind == .unplug })
        else { return }
        let record = try JournalRecord(id: entry.id, try own(entry.id), steps: entry.steps, isPacked: false)
        for step in left.reversed() { try record.reverted(step.number) }
        let reason = entry.failureMessage.map { message in
            Failure(entry.failureCode.flatMap { Failure.Code(rawValue: $0) } ?? .interrupted, message)
        }
        try record.complete(.reverted, failure: reason)
    }

    /// The number after the highest one: the lock lets only one change be made at a time, and no clock is asked.
    private func newFolder(
        _ now: Date, in changes: OwnFolder
    ) throws(Failure) -> (name: ChangeName, own: OwnFolder) {
        var last = try ChangeList(of: changes).highest
        while let name = ChangeName(time: Timestamp.identifier(now), after: last) {
            if let own = try changes.makeFolder(name.text) { return (name, own) }
            last = name.sequence
        }
        throw Failure(
            .journal, "the changes' numbers in \(folder.changes) have run out",
            hints: ["choose another folder with VFPOOL_STATE_DIR"])
    }

    /// Who asked: behind sudo, the person; else the account.
    private static func userName() -> String {
        if let name = getenv("SUDO_USER").map({ String(cString: $0) }), !name.isEmpty { return name }
        guard let record = getpwuid(getuid()) else { return String(getuid()) }
        return String(cString: record.pointee.pw_name)
    }

    private func encode(_ header: EntryHeader, _ path: String) throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(header), as: UTF8.self) + "\n"
        } catch {
            throw Failure(.journal, "could not write the journal in \(path)", cause: "\(error)")
        }
    }
}
