import Glibc
import TestSupport
import Testing

@testable import Journal
@testable import Model

/// The list of the newest changes saves time, and is believed only where the folder of changes is as it was.
@Suite struct RecentChangesTests {
    private let temporary: TemporaryFolder
    private let state: StateFolder
    private let journal: Journal

    init() throws {
        temporary = try TemporaryFolder()
        state = StateFolder(path: temporary.path + "/state")
        journal = Journal(state)
    }

    private func change() throws -> String {
        try journal.begin(Plan(), command: ["vfpool"], uri: PretendHost.uri).id
    }

    private func recent() throws -> RecentChanges? {
        let (own, changes) = try state.create()
        return RecentChanges(in: own, of: changes)
    }

    @Test func isWrittenWithEachChange() throws {
        #expect(try recent() == nil)
        let ids = try (0..<3).map { _ in try change() }
        #expect(try recent()?.names.map(\.text) == ids.reversed() && recent()?.count == 3)
        #expect(try journal.newestIDs(2) == Array(ids.reversed().prefix(2)))
        try journal.remove([ids[0]])
        #expect(try recent()?.names.map(\.text) == [ids[2], ids[1]])
    }

    @Test func isNotBelievedWhenTheFolderIsAnother() throws {
        let first = try change()
        for name in ["20990101-000000-000-7", "stranger"] {
            #expect(mkdir("\(state.changes)/\(name)", 0o700) == 0)
            #expect(try recent() == nil)
            #expect(try journal.list().names.map(\.text).contains(first))
        }
        #expect(try journal.list().highest == 7 && journal.list().strangers == ["stranger"])
        #expect(try change().hasSuffix("-8"))
        // What is no change is looked for each time.
        #expect(try recent() == nil)
        rmdir("\(state.changes)/stranger")
        let last = try change()
        #expect(try recent()?.names.first?.text == last)
        rmdir("\(state.changes)/20990101-000000-000-7")
        #expect(try recent() == nil && journal.count() == 3)
    }

    @Test(arguments: ["", "x", "vfpool-recent-1 1.2.3.4 1\nx\n", "vfpool-recent-1", "\n\n"])
    func aDamagedOneIsPassedOver(_ text: String) throws {
        let ids = [try change(), try change()]
        try PretendFiles.write(text, state.path + "/" + RecentChanges.file)
        #expect(try recent() == nil && journal.newestIDs(9) == ids.reversed())
        // Lines that are not its own, behind a head that is.
        #expect(try change() != ids[0])
        let path = state.path + "/" + RecentChanges.file
        let whole = String(decoding: try Files.bytes(path, limit: 9999), as: UTF8.self)
        for damaged in [whole + ids[1] + "\n", String(whole.dropLast(30)), whole.replacing("-1\n", with: "-x\n")] {
            try PretendFiles.write(damaged, path)
            #expect(try recent() == nil, "\(damaged)")
        }
        #expect(try journal.newestIDs(9).count == 3)
    }

    /// More than are listed: the rest comes from the folder, each once and in order.
    @Test func theOlderOnesAreFound() throws {
        _ = try change()
        for number in 2...300 { #expect(mkdir("\(state.changes)/20300101-000000-000-\(number)", 0o700) == 0) }
        let last = try change()
        #expect(try recent()?.names.count == 256 && recent()?.count == 301)
        var seen: [Int] = []
        try journal.list().newestFirst { (name) throws(Failure) in
            seen.append(name.sequence)
            return true
        }
        #expect(seen == Array((1...301).reversed()))
        #expect(try journal.list().names.count == 301 && journal.list().count == 301)
        #expect(try journal.list().names.last?.text == last)
    }
}
