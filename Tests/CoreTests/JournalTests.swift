import Applying
import FoundationEssentials
import Glibc
import Journal
import Model
import SRIOV
import TestSupport
import Testing
import Text

@Suite struct JournalTests {
    private let folder: TemporaryFolder
    private let journal: Journal

    init() throws {
        folder = try TemporaryFolder()
        journal = Journal(StateFolder(path: folder.path + "/state"))
    }

    @Test(arguments: Scenario.all) func roundTrip(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let record = try journal.begin(
            plan, command: ["vfpool", "x y", "ü"], uri: "qemu:///system", origin: ChangeOrigin(undoes: "1"))
        try Applier(FaultyHypervisor(host), record: record).apply(plan)
        let entry = try journal.entry(matching: record.id)
        #expect(entry.result == .done)
        #expect(entry.header.command == ["vfpool", "x y", "ü"])
        #expect(entry.header.uri == "qemu:///system" && entry.header.undoes == "1")
        #expect(entry.header.process == getpid())
        #expect(entry.finishedSteps == plan.steps.count)
        #expect(entry.stepsInPlace.map(\.number) == Array(plan.steps.indices))
        for (record, item) in zip(entry.steps, plan.items) {
            #expect(record.isUpkeep == item.isUpkeep && record.detail == item.detail)
            func text(_ file: String?) throws -> String? { try file.map { try journal.document($0, of: entry) } }
            switch item.step {
            case .defineNetwork(let change), .undefineNetwork(let change), .defineGuest(let change):
                #expect(record.name == change.name && record.uuid == change.uuid)
                #expect(try text(record.before) == change.before && text(record.after) == change.after)
                #expect((record.stored == nil) == (change.after == nil))
            case .writeFile(let change):
                #expect(record.name == Name(change.path) && record.mode == change.mode)
                #expect(try text(record.before) == change.before && text(record.after) == change.after)
            case .reserve(let network, let reservation), .release(let network, let reservation):
                #expect(record.name == network && record.reservation == reservation)
            case .setAutostart(let network, let on): #expect(record.name == network && record.autostart == on)
            case .startNetwork(let network), .stopNetwork(let network): #expect(record.name == network)
            case .plug(let device), .unplug(let device):
                #expect(record.name == device.guestName && record.uuid == device.guestUUID)
                #expect(record.mac == device.mac?.description && record.address == device.address?.description)
                #expect(record.isTeamed == device.isTeamed)
                #expect(try text(record.after) == device.xml)
            case .setPF(let change): #expect(record.name == change.title && record.pf == change)
            }
        }
    }

    @Test func onlyForTheOwner() throws {
        let (host, plan) = try Scenario.all[5].make()
        let record = try journal.begin(plan, command: ["vfpool"], uri: "qemu:///system")
        try Applier(FaultyHypervisor(host), record: record).apply(plan)
        let top = folder.path + "/state"
        let entry = "\(top)/changes/\(record.id)"
        for path in [top, top + "/changes", entry] { #expect(try mode(path) == 0o700, "\(path)") }
        let files = try FileManager.default.contentsOfDirectory(atPath: entry)
        #expect(files.contains { $0.hasSuffix(".before.xml") } && files.contains { $0.hasSuffix(".stored.xml") })
        #expect(files.contains("change.json") && files.contains("progress.jsonl"))
        for file in files { #expect(try mode("\(entry)/\(file)") == 0o600, "\(file)") }
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status.st_mode & 0o777
    }

    /// The progress file cut at every byte: whatever is left tells how far it came, and never more than that.
    @Test func torn() throws {
        let (host, plan) = try Scenario.all[1].make()
        let record = try journal.begin(plan, command: ["vfpool"], uri: "qemu:///system")
        try Applier(FaultyHypervisor(host), record: record).apply(plan)
        let path = "\(folder.path)/state/changes/\(record.id)/progress.jsonl"
        let whole = try Data(contentsOf: URL(filePath: path))
        var seen = 0
        for length in 0..<whole.count {
            try whole.prefix(length).write(to: URL(filePath: path))
            let entry = try journal.entry(matching: record.id)
            #expect(entry.result == .unfinished || length == whole.count - 1)
            #expect(entry.progress.count >= seen)
            seen = entry.progress.count
            let lines = whole.prefix(length).count { $0 == 10 }
            // A whole line that lacks only its end counts.
            #expect([lines, lines + 1].contains(entry.progress.count))
        }
        #expect(seen == 2 * plan.steps.count + 1)
    }

    @Test func unreadableOnes() throws {
        let (_, plan) = try Scenario.all[0].make()
        let good = try journal.begin(plan, command: ["vfpool"], uri: "qemu:///system")
        let changes = folder.path + "/state/changes"
        // Killed between the folder and its first page, it never began. A first page cut short; a later vfpool's.
        try FileManager.default.createDirectory(
            atPath: changes + "/20010101-000000-001", withIntermediateDirectories: true)
        for (name, text) in [("20010101-000000-002", "{\"version\":1,"), ("20010101-000000-003", "")] {
            try FileManager.default.createDirectory(atPath: "\(changes)/\(name)", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: "\(changes)/\(name)/change.json"))
        }
        let header = try String(
            decoding: Data(contentsOf: URL(filePath: "\(changes)/\(good.id)/change.json")), as: UTF8.self)
        let later = "20010101-000000-004"
        try FileManager.default.createDirectory(atPath: "\(changes)/\(later)", withIntermediateDirectories: true)
        try Data(header.replacing("\"version\" : 1", with: "\"version\" : 3").utf8)
            .write(to: URL(filePath: "\(changes)/\(later)/change.json"))
        let (entries, unreadable) = try journal.entries()
        #expect(entries.map(\.id) == [good.id])
        #expect(unreadable == (2...4).map { "20010101-000000-00\($0)" })
        let failure = #expect(throws: Failure.self) { try journal.entry(matching: later) }
        #expect(failure?.code == .journal && failure?.hints.contains { $0.text.contains(later) } == true)
        #expect(failure?.message == "change \(later) was written by a later vfpool")
    }

    @Test func namesAndOrder() throws {
        let (_, plan) = try Scenario.all[0].make()
        let now = Date()
        var ids: [String] = []
        for _ in 0..<20 { ids.append(try journal.begin(plan, command: [], uri: "x", now: now).id) }
        #expect(try journal.entries().entries.map(\.id) == ids)
        #expect(Set(ids).count == 20)
        #expect(try journal.entry(matching: ids[3]).id == ids[3])
        // What all begin with says none.
        let failure = #expect(throws: Failure.self) { try journal.entry(matching: String(ids[0].prefix(8))) }
        #expect(failure?.code == .noSuchChange)
        for text in ["", "..", "../changes", "/", "zzz", "."] {
            let failure = #expect(throws: Failure.self, "\(text)") { try journal.entry(matching: text) }
            #expect(failure?.code == .noSuchChange, "\(text)")
        }
    }

    /// Names that libvirt allows and files don't.
    @Test(arguments: ["../../etc/passwd", "a b", ".after.xml", "ü", String(repeating: "n", count: 200)])
    func hostileNames(_ name: String) throws {
        let change = DocumentChange(name: Name(name), uuid: PretendHost.uuid(1), before: "<a/>", after: "<b/>")
        let record = try journal.begin(Plan([Plan.Item(.defineGuest(change))]), command: [], uri: "x")
        try record.starting(0)
        try record.finished(0, stored: "<c/>")
        let entry = try journal.entry(matching: record.id)
        let files = [entry.steps[0].before, entry.steps[0].after, entry.steps[0].stored].compactMap(\.self)
        #expect(files.count == 3 && !files.contains { $0.contains("/") })
        #expect(try files.map { try journal.document($0, of: entry) } == ["<a/>", "<b/>", "<c/>"])
        #expect(entry.steps[0].name == Name(name))
    }

    @Test func cannotBeWritten() throws {
        let blocked = folder.path + "/file"
        try Data("x".utf8).write(to: URL(filePath: blocked))
        let other = Journal(StateFolder(path: blocked + "/state"))
        let failure = #expect(throws: Failure.self) { try other.begin(Plan(), command: [], uri: "x") }
        #expect(failure?.code == .journal && failure?.hints.isEmpty == false)
        #expect(throws: Failure.self) { try other.entries() }
        #expect(try Journal(StateFolder(path: folder.path + "/none")).entries().entries.isEmpty)
    }
}
