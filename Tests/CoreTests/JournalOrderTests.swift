import FoundationEssentials
import TestSupport
import Testing
import Text

@testable import Journal
@testable import Model
@testable import Planning
@testable import Reporting

/// Changes come in the order in which they were made, whatever the clock said then.
@Suite struct JournalOrderTests {
    private let folder: TemporaryFolder
    private let journal: Journal

    init() throws {
        folder = try TemporaryFolder()
        journal = Journal(StateFolder(path: folder.path + "/state"))
    }

    /// Seconds since 1970, of clocks that are wrong in every way, also by what a clock can't say.
    private static let clocks: [Double] = [
        1_795_000_000, 2_220_000_000, 1_795_000_001, 1_795_000_000, 0, -86_400, 1e12, 1_795_000_003, .nan, -.infinity,
        .infinity, 1_795_000_002, 1_795_000_002,
    ]

    private func begin(_ seconds: Double) throws -> String {
        let (_, plan) = try Scenario.all[0].make()
        let now = Date(timeIntervalSince1970: seconds)
        return try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri, now: now).id
    }

    @Test func noClockIsAsked() throws {
        let ids = try Self.clocks.map { try begin($0) }
        #expect(Set(ids).count == ids.count)
        #expect(try journal.entries().entries.map(\.id) == ids)
        #expect(try journal.entries().entries.compactMap(\.header.sequence) == Array(1...ids.count))
        #expect(try LogReport(journal).changes.map(\.entry.id) == ids.reversed())
        #expect(ids[0].hasPrefix("20261118-") && ids[1].hasPrefix("20400507-") && ids[4].hasPrefix("19700101-000000-"))
        #expect(ids[6].hasPrefix("99991231-") && ids[5].hasPrefix("1970") && ids[8].hasPrefix("1970"), "\(ids)")
        // Each by its number and by its whole name.
        for (index, id) in ids.enumerated() {
            #expect(try journal.entry(matching: "\(index + 1)").id == id)
            #expect(try journal.entry(matching: id).id == id)
        }
    }

    /// The change from 2040 is not the last for ever, and what is undone is what was done last.
    @Test func undoTakesTheLast() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        try world.host.addGuest("vm", [.pin("eth3", 0)])
        let create = try world.apply(world.host.create("eth3"), now: Date(timeIntervalSince1970: 2_220_000_000))
        let bind = try world.apply(world.host.bind("vm"), now: Date(timeIntervalSince1970: 1_795_000_000))
        #expect(try UndoPlanner.latest(in: world.journal, uri: PretendHost.uri).id == bind)
        try world.undo(now: Date(timeIntervalSince1970: 1_700_000_000))
        #expect(try UndoPlanner.latest(in: world.journal, uri: PretendHost.uri).id == create)
        #expect(try LogReport(world.journal).changes.map(\.entry.id).suffix(2) == [bind, create])
        #expect(try LogReport(world.journal).changes[1].undoneBy != nil)
        // Unbind asks for the newest change, too.
        try world.apply(world.host.bind("vm"), now: Date(timeIntervalSince1970: 0))
        #expect(try world.unbindPlan("vm").steps.contains { $0.subject == .guest("vm") })
    }

    /// Journals of earlier vfpools: no numbers, the `-0` of a clock that was set back, and order by name.
    @Test func olderJournals() throws {
        let new = try begin(1_795_000_000)
        let old = ["20261117-100000-001", "20261118-100000-001-0", "20400507-100000-001", "20261118-100000-001"]
        for name in old { try rename(begin(1_795_000_000), to: name) }
        let newer = try begin(0)
        #expect(try journal.entries().unreadable == [])
        #expect(try journal.entries().entries.map(\.id) == old.sorted() + [new, newer])
        #expect(newer.hasSuffix("-6"), "the names that were given since are gone, their numbers are not given again")
        #expect(try journal.entry(matching: "20261118-100000-001").header.sequence == nil)
        #expect(try journal.entry(matching: "20400507").id == "20400507-100000-001")
    }

    /// Makes an entry one of an earlier vfpool's.
    private func rename(_ id: String, to name: String) throws {
        let changes = folder.path + "/state/changes/"
        let page = URL(filePath: changes + id + "/change.json")
        let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
            .replacing(id, with: name).replacing(/\n *"sequence" : \d+,/, with: "")
        try Data(text.utf8).write(to: page)
        try FileManager.default.moveItem(atPath: changes + id, toPath: changes + name)
        // The number stays taken until a later one is.
        try FileManager.default.createDirectory(atPath: changes + id, withIntermediateDirectories: true)
    }

    @Test(arguments: [
        ("20261117-160612-042-17", true, 17), ("20261117-160612-042", true, 0), ("20261117-160612-042-0", true, 0),
        ("99991230-000000-000-999999999999", true, 999_999_999_999), ("100000101-000000-000", true, 0),
        ("20261117-160612-042-017", false, 0), ("20261117-160612-042-00", false, 0), ("20261117-160612", false, 0),
        ("20261117-160612-042-1000000000000", false, 0), ("20261117-160612-042-9223372036854775808", false, 0),
        ("20261117-160612-042-1-2", false, 0), ("2026١١17-160612-042", false, 0), ("", false, 0), ("..", false, 0),
        ("20261117-160612-042-", false, 0), ("20261117-160612-042-+1", false, 0), ("20261117-160612-4२-1", false, 0),
        ("\u{1B}[31m20261117-160612-042", false, 0), ("20261117-160612-042.bak", false, 0),
    ])
    func names(_ text: String, _ isName: Bool, _ sequence: Int) {
        let name = ChangeName(Array(text.utf8))
        #expect((name != nil) == isName)
        #expect(name?.text == (isName ? text : nil) && name?.sequence ?? 0 == sequence)
    }

    @Test func numbersRunOut() throws {
        let changes = folder.path + "/state/changes/"
        let last = try begin(0)
        try FileManager.default.createDirectory(
            atPath: changes + "20261117-160612-042-999999999999", withIntermediateDirectories: true)
        let failure = #expect(throws: Failure.self) { try begin(0) }
        #expect(failure?.code == .journal && failure?.hints.isEmpty == false)
        #expect(try journal.entries().entries.map(\.id) == [last])
    }

    /// Each has the number's digits at the end of its time.
    @Test func aNumberIsMeantBeforeATime() throws {
        _ = try begin(1_795_000_000.101)
        try GrownJournal.grow(folder.path + "/state", by: 100)
        #expect(try journal.entry(matching: "101").header.sequence == 101)
    }

    @Test func whatIsMeant() throws {
        let ids = try [1_795_000_000.042, 1_795_000_000.042, 1_795_000_100.002].map { try begin($0) }
        let end = String(ids[2].split(separator: "-").dropFirst().dropLast().joined(separator: "-"))
        #expect(try journal.entry(matching: end).id == ids[2], "the end of its name, without the number")
        #expect(try journal.entry(matching: end + "-3").id == ids[2])
        #expect(try journal.entry(matching: "2").id == ids[1], "a number is one, before it is how names begin")
        for text in ["042", "20", "4", "0", "-2", "", "2\u{301}"] {
            let failure = #expect(throws: Failure.self, "\(text)") { try journal.entry(matching: text) }
            #expect(failure?.code == .noSuchChange, "\(text)")
        }
    }
}
