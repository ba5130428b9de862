package import FoundationEssentials
import Glibc
import Text
import XML

/// The journal: one folder a change, with `change.json`, `progress.jsonl` and the documents as XML files.
package struct Journal: Sendable {
    private let folder: StateFolder

    package init(_ folder: StateFolder) { self.folder = folder }

    /// Changes, oldest first. One that can't be read is left out; `unreadable` names it. One without its first page
    /// never began.
    ///
    /// - Throws: `journal` when the whole of it can't be read, which is not the same as an empty one.
    package func entries() throws(Failure) -> (entries: [Entry], unreadable: [String]) {
        var entries: [Entry] = []
        var unreadable: [String] = []
        for name in try Files.names(in: folder.changes) {
            guard Files.exists("\(folder.changes)/\(name)/change.json") else { continue }
            do throws(Failure) {
                entries.append(try entry(name))
            } catch {
                unreadable.append(name)
            }
        }
        return (entries, unreadable)
    }

    /// The change with this id, or whose id alone begins so.
    package func entry(matching text: String) throws(Failure) -> Entry {
        let names = try Files.names(in: folder.changes)
        let matches =
            names.contains(bytes: text)
            ? [text] : names.filter { $0.hasPrefix(bytes: text) || $0.hasSuffix(bytes: "-" + text) }
        guard let name = matches.first, matches.count == 1 else {
            throw Failure(
                .noSuchChange,
                matches.isEmpty
                    ? "there is no change \(text)" : "\(text) could be \(matches.joined(separator: " or "))",
                hints: ["list them: `vfpool log`"])
        }
        return try entry(name)
    }

    private func entry(_ name: String) throws(Failure) -> Entry {
        let path = "\(folder.changes)/\(name)"
        let header = try decode(EntryHeader.self, try Files.read("\(path)/change.json"), path)
        guard header.version <= EntryHeader.currentVersion else {
            throw Failure(
                .journal, "change \(name) was written by a later vfpool",
                hints: ["use that version, or restore by hand from the XML files in \(text: path)"])
        }
        // The last line may be torn: the power went while it was written, so what it says did not happen.
        let lines = (try? Files.read("\(path)/progress.jsonl"))?.split(byte: "\n")
        var progress: [ProgressRecord] = []
        for line in lines ?? [] {
            if let record = try? decode(ProgressRecord.self, String(line), path) { progress.append(record) }
        }
        var steps = header.steps
        let stored = try Files.names(in: path).filter { $0.hasSuffix(bytes: ".stored.xml") }
        for index in steps.indices {
            let file = steps[index].after?.replacing(bytes: ".after.xml", with: ".stored.xml")
            if let file, stored.contains(bytes: file) { steps[index].stored = file }
        }
        return Entry(header: header, steps: steps, progress: progress, isProgressLost: lines == nil)
    }

    /// A document or file of an entry.
    ///
    /// - Throws: `journal` when it is missing, or a document that is no XML any more.
    package func document(_ file: String, of entry: Entry) throws(Failure) -> String {
        let path = "\(path(of: entry))/\(file)"
        let text = try Files.read(path)
        guard file.hasSuffix(bytes: ".xml") else { return text }
        do throws(XMLError) {
            _ = try Document(parsing: text)
        } catch {
            throw Failure(.journal, "could not make sense of \(path)", cause: error.message)
        }
        return text
    }

    /// The documents of an entry that are missing or broken.
    package func unreadableFiles(of entry: Entry) -> [String] {
        entry.steps.flatMap { [$0.before, $0.after, $0.stored] }.compactMap(\.self)
            .filter { (try? document($0, of: entry)) == nil }
    }

    package func path(of entry: Entry) -> String { "\(folder.changes)/\(entry.id)" }

    /// Writes a change down before its first step.
    package func begin(
        _ plan: Plan, command: [String], uri: String, undoes: String? = nil, migration: MigrateRequest? = nil,
        resumes: String? = nil, now: Date = Date()
    ) throws(Failure) -> JournalRecord {
        try folder.create()
        let (id, path) = try newFolder(now)
        var header = EntryHeader(
            version: EntryHeader.currentVersion, id: id, time: Timestamp.text(now), command: command,
            user: Self.userName(), uri: uri, process: getpid(), undoes: undoes, steps: [])
        header.migration = migration
        header.resumes = resumes
        do throws(Failure) {
            return try write(plan, header, path: path)
        } catch {
            // Nothing has begun, so there is nothing to tell of.
            Files.removeFolder(path)
            throw error
        }
    }

    private func write(
        _ plan: Plan, _ header: EntryHeader, path: String
    ) throws(Failure) -> JournalRecord {
        var records: [StepRecord] = []
        let isMany = plan.items.count > 16
        let isBatch = plan.parts.count > 1
        for (number, item) in plan.items.enumerated() {
            var (record, files) = StepRecord.make(number, item)
            if isBatch { record.part = item.part }
            records.append(record)
            // Of many documents the disk is asked once: until the first page is there, the change does not count.
            for (file, text) in files { try Files.writeNew(text, to: "\(path)/\(file)", sync: !isMany) }
        }
        if isMany { try Files.syncAll(path) }
        var header = header
        header.steps = records
        try Files.write(try encode(header, pretty: true, path), to: "\(path)/change.json")
        // The file for its progress, too, must outlive a power cut: without it, every step would be in doubt.
        let record = try JournalRecord(id: header.id, path: path, steps: records)
        Files.syncFolder(path)
        Files.syncFolder(folder.changes)
        return record
    }

    /// Writes down that nothing of a change that did not end well is in place any more.
    ///
    /// One that waits for a guest to let go of an interface stays open.
    package func close(_ entry: Entry) throws(Failure) {
        let left = entry.stepsInPlace
        guard entry.result == .unfinished || entry.result == .failed, !left.contains(where: { $0.kind == .unplug })
        else { return }
        let record = try JournalRecord(id: entry.id, path: path(of: entry), steps: entry.steps)
        for step in left.reversed() { try record.reverted(step.number) }
        let reason = entry.failureMessage.map { message in
            Failure(entry.failureCode.flatMap { Failure.Code(rawValue: $0) } ?? .interrupted, message)
        }
        try record.complete(.reverted, failure: reason)
    }

    /// Ids sort as the changes came: the lock lets only one be made at a time, so a later one gets a later name.
    private func newFolder(_ now: Date) throws(Failure) -> (id: String, path: String) {
        let last = try Files.names(in: folder.changes).last ?? ""
        var time = now
        while true {
            let id = Timestamp.identifier(time)
            let path = "\(folder.changes)/\(id)"
            if id > last {
                if mkdir(path, 0o700) == 0 { return (id, path) }
                guard errno == EEXIST else { throw Files.unwritable(path) }
            } else if time > now + 5 {
                // The clock was set back by more than a moment: order by name is lost, a name is not.
                guard mkdir(path + "-0", 0o700) == 0 else { throw Files.unwritable(path) }
                return (id + "-0", path + "-0")
            }
            time += 0.001
        }
    }

    /// Who asked: behind sudo, the person; else the account.
    private static func userName() -> String {
        if let name = getenv("SUDO_USER").map({ String(cString: $0) }), !name.isEmpty { return name }
        guard let record = getpwuid(getuid()) else { return String(getuid()) }
        return String(cString: record.pointee.pw_name)
    }

    private func decode<T: Decodable>(_ type: T.Type, _ text: String, _ path: String) throws(Failure) -> T {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw Failure(.journal, "could not make sense of the journal in \(path)", cause: "\(error)")
        }
    }

    private func encode(_ value: some Encodable, pretty: Bool, _ path: String) throws(Failure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
        } catch {
            throw Failure(.journal, "could not write the journal in \(path)", cause: "\(error)")
        }
    }
}
