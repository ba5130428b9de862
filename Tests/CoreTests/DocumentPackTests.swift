import FoundationEssentials
import Glibc
import Journal
import Model
import Planning
import Reporting
import TestSupport
import Testing
import Text

/// Changes of many steps, whose documents stand in one file together.
@Suite struct DocumentPackTests {
    private static let guests = 8

    /// Guests that were migrated, and the change.
    private static func migrated() throws -> (before: PretendHost, world: JournalledHost, id: String) {
        let host = try PretendHost.pooled(vfs: 10) { host in
            for index in 0..<guests { try host.addGuest("vm\(index)", [.pin("eth3", index)]) }
        }
        var world = try JournalledHost(host)
        let id = try world.apply(host.migration().plan)
        return (host, world, id)
    }

    private static func path(_ world: JournalledHost, _ id: String, _ file: String = "") -> String {
        "\(world.folder.path)/changes/\(id)/\(file)"
    }

    @Test func `one file for what is planned, one for what was stored`() throws {
        var (before, world, id) = try Self.migrated()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: Self.path(world, id)).sorted() == [
                "change.json", "documents.txt", "progress.jsonl", "stored.txt",
            ])
        for file in ["documents.txt", "stored.txt"] {
            var status = stat()
            #expect(stat(Self.path(world, id, file), &status) == 0 && status.st_mode & 0o7777 == 0o600)
        }
        let entry = try world.entry(id)
        #expect(entry.header.version == 2 && entry.result == .done)
        #expect(world.journal.unreadableFiles(of: entry).isEmpty)
        let documents = entry.steps.filter { $0.kind == .defineGuest }
        #expect(documents.count == Self.guests)
        for step in documents {
            let former = try world.journal.document(#require(step.before), of: entry)
            #expect(former.isSame(as: try #require(before.guests[step.uuid ?? ""]?.persistent)))
            let stored = try world.journal.document(#require(step.stored), of: entry)
            #expect(stored.isSame(as: try #require(world.host.guests[step.uuid ?? ""]?.persistent)))
        }
        try world.undo()
        #expect(Difference.between(before, world.host).isEmpty)
    }

    /// Who has read a change that is under way finds what is added to it.
    @Test func `what is added later is found`() throws {
        let (_, world, id) = try Self.migrated()
        let path = Self.path(world, id, "stored.txt")
        let whole = try Data(contentsOf: URL(filePath: path))
        #expect(truncate(path, 0) == 0)
        let other = world.on(nil)
        let before = try #require(other.entry(id).steps.lazy.compactMap(\.before).first)
        #expect(throws: Never.self) { try other.journal.document(before, of: other.entry(id)) }
        let descriptor = open(path, O_WRONLY)
        #expect(whole.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == whole.count)
        close(descriptor)
        let stored = try #require(other.entry(id).steps.lazy.compactMap(\.stored).first)
        #expect(throws: Never.self) { try other.journal.document(stored, of: other.entry(id)) }
    }

    @Test func `a change of few steps has a file each, which every vfpool can read`() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        let id = try world.apply(world.host.create("eth3"))
        #expect(try world.entry(id).header.version == 1)
        #expect(!FileManager.default.fileExists(atPath: Self.path(world, id, "documents.txt")))
    }

    /// Cut wherever the power may cut it: what is left is read as it was, and what is not is not there.
    @Test func torn() throws {
        let (_, world, id) = try Self.migrated()
        let path = Self.path(world, id, "stored.txt")
        let whole = try Data(contentsOf: URL(filePath: path))
        let steps = try world.entry(id).steps
        let texts = try steps.map { try $0.stored.map { try world.journal.document($0, of: world.entry(id)) } }
        for length in stride(from: 0, to: whole.count, by: 53) {
            try whole.prefix(length).write(to: URL(filePath: path))
            chmod(path, 0o600)
            // As another process sees it.
            let other = world.on(nil)
            let entry = try other.entry(id)
            for (step, text) in zip(entry.steps, texts) {
                guard let file = step.stored else { continue }
                #expect(try other.journal.document(file, of: entry).isSame(as: text ?? ""), "\(length)")
            }
            #expect(entry.steps.count { $0.stored != nil } <= texts.count { $0 != nil })
        }
    }

    @Test(arguments: [
        "", "== \n", "== a\n", "== a 5\n12345", "== a -5\n", "== a 99999999999999999999\n", "== a 5 5\n12345\n", "x",
    ])
    func `what is no document`(_ text: String) throws {
        let (_, world, id) = try Self.migrated()
        let path = Self.path(world, id, "documents.txt")
        let descriptor = open(path, O_WRONLY | O_TRUNC)
        #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
        let other = world.on(nil)
        let entry = try other.entry(id)
        let file = try #require(entry.steps.lazy.compactMap(\.before).first)
        let failure = #expect(throws: Failure.self) { try other.journal.document(file, of: entry) }
        #expect(failure?.code == .journal)
        #expect(throws: Failure.self) { try other.undoPlan() }
        #expect(try LogReport(other.journal).changes.count == 1)
    }

    /// Nothing is believed that others could have written.
    @Test(arguments: ["documents.txt", "stored.txt"]) func trust(_ name: String) throws {
        let (_, world, id) = try Self.migrated()
        #expect(chmod(Self.path(world, id, name), 0o620) == 0)
        let other = world.on(nil)
        let failure = #expect(throws: Failure.self) { try other.undoPlan() }
        #expect(failure?.code == .journal)
    }
}
