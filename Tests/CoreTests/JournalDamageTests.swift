import FoundationEssentials
import Glibc
import Journal
import Model
import Planning
import Reporting
import TestSupport
import Testing
import Text

/// What is left of a journal after power cuts, full disks and other hands.
@Suite struct JournalDamageTests {
    /// A pool, and a guest that was bound to it.
    private static func bound() throws -> (world: JournalledHost, create: String, bind: String) {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        try world.host.addGuest("vm", [.pin("eth3", 0)])
        let create = try world.apply(world.host.create("eth3"))
        let bind = try world.apply(world.host.bind("vm"))
        return (world, create, bind)
    }

    private func write(_ text: String, _ world: JournalledHost, _ file: String) {
        let descriptor = open("\(world.folder.path)/changes/\(file)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
    }

    @Test func newestCannotBeRead() throws {
        let (world, create, bind) = try Self.bound()
        write("{", world, "\(bind)/change.json")
        #expect(try world.journal.entries().unreadable == [bind])
        #expect(try LogReport(world.journal).unreadable.map(\.name) == [bind])
        refused(.journal, hint: "vfpool undo \(create)") { try world.undoPlan() }
        // An older one that can't be read is no reason not to undo the last.
        let (other, first, last) = try Self.bound()
        write("{", other, "\(first)/change.json")
        #expect(try UndoPlanner.latest(in: other.journal, uri: PretendHost.uri).id == last)
    }

    @Test func progressIsLost() throws {
        var (world, _, bind) = try Self.bound()
        #expect(unlink("\(world.folder.path)/changes/\(bind)/progress.jsonl") == 0)
        let entry = try world.entry(bind)
        #expect(entry.result == .unfinished)
        #expect(entry.stepsInPlace == entry.steps)
        #expect(entry.steps.allSatisfy { entry.progress(of: $0) == .begun })
        try world.undo(bind)
        #expect(try world.host.state().guestMeant(by: "vm")?.points(at: "vfpool-eth3") == false)
    }

    @Test func neverBegan() throws {
        let (world, create, bind) = try Self.bound()
        let plan = try world.undoPlan(bind)
        let id = try world.journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri).id
        let entry = try world.entry(id)
        #expect(entry.stepsInPlace.isEmpty)
        #expect(try world.undoPlan(id).isEmpty)
        try world.journal.close(entry)
        #expect(try world.entry(id).result == .reverted)
        // One that ended well is not closed.
        try world.journal.close(world.entry(create))
        #expect(try world.entry(create).result == .done)
    }

    /// Without its first page nothing was begun.
    @Test func halfMade() throws {
        let (world, _, bind) = try Self.bound()
        #expect(mkdir("\(world.folder.path)/changes/29991122-160612-042", 0o700) == 0)
        write("<domain", world, "29991122-160612-042/001-guest-vm.before.xml.new")
        #expect(try world.journal.entries().unreadable == [])
        #expect(try UndoPlanner.latest(in: world.journal, uri: PretendHost.uri).id == bind)
    }

    @Test(arguments: [nil, "<domain>"]) func documentIsLost(_ text: String?) throws {
        var (world, _, bind) = try Self.bound()
        let file = try #require(world.entry(bind).steps.first { $0.kind == .defineGuest }?.before)
        let former = try world.journal.document(file, of: world.entry(bind))
        if let text {
            write(text, world, "\(bind)/\(file)")
        } else {
            unlink("\(world.folder.path)/changes/\(bind)/\(file)")
        }
        #expect(try world.journal.unreadableFiles(of: world.entry(bind)) == [file])
        #expect(try world.journal.changes(of: world.entry(bind)).map(\.subject.description) == ["network vfpool-eth3"])
        refused(.journal, hint: "by hand") { try world.undoPlan(bind) }
        refused(.nothingKnown, hint: "--to-bridge") { try world.unbindPlan("vm") }
        // There is an older one that knows; but does it know best?
        write(former, world, "\(bind)/\(file)")
        try world.apply(world.unbindPlan("vm", .bridge("br0")))
        let second = try world.apply(world.host.bind("vm"))
        write("<", world, "\(second)/\(file)")
        let plan = try world.unbindPlan("vm")
        #expect(plan.warnings.contains { $0.code == .unknown && $0.message.contains(second) }, "\(plan.warnings)")
    }

    // MARK: What vfpool never wrote

    private func text(_ world: JournalledHost, _ file: String) throws -> String {
        String(
            decoding: try Data(contentsOf: URL(filePath: "\(world.folder.path)/changes/\(file)")), as: UTF8.self)
    }

    private static let numbers = ["9223372036854775807", "-9223372036854775808", "-1", "1e400", "99999999999999999999"]

    static let pages: [(pattern: String, with: String)] =
        numbers.flatMap { number in
            ["number", "version", "process", "sequence", "mode", "part"].map {
                ("\"\($0)\" : \\d+", "\"\($0)\" : \(number)")
            }
        } + [
            // Two steps of one number, or one that is left out.
            ("\"number\" : 1", "\"number\" : 0"), ("\"number\" : 0", "\"number\" : 1"), ("\"number\" : 0,", ""),
            ("\"version\" : 1", "\"version\" : 0"), ("\"process\" : \\d+", "\"process\" : 0"),
            ("\"id\" : \"[^\"]+\"", "\"id\" : \"../../../etc\""), ("\"id\" : \"[^\"]+\"", "\"id\" : \"\""),
            ("\"before\" : \"[^\"]+\"", "\"before\" : \"/etc/passwd\""),
            ("\"before\" : \"[^\"]+\"", "\"before\" : \"../x.xml\""),
            ("\"after\" : \"[^\"]+\"", "\"after\" : \"a\\u0000b\""), ("\"after\" : \"[^\"]+\"", "\"after\" : \"\""),
            ("\"kind\" : \"[^\"]+\"", "\"kind\" : \"explode\""), ("\"steps\" : \\[", "\"steps\" : [[[["),
            ("\\{", String(repeating: "[", count: 100_000)), ("\"command\"", "\"\u{FFFD}\u{0}"),
        ]

    /// The change is said to be unreadable, is not undone, and takes nothing else with it.
    @Test(arguments: pages) func absurdPage(_ damage: (pattern: String, with: String)) throws {
        let (world, create, bind) = try Self.bound()
        let page = try text(world, "\(bind)/change.json")
        let damaged = try page.replacing(Regex(damage.pattern), with: damage.with, maxReplacements: 1)
        guard damaged != page else {
            #expect(damage.pattern.contains("mode") || damage.pattern.contains("part"), "nothing of it is damaged")
            return
        }
        write(damaged, world, "\(bind)/change.json")
        let report = try LogReport(world.journal)
        #expect(report.unreadable.map(\.name) == [bind] && report.changes.map(\.entry.id) == [create])
        #expect(report.unreadable.first?.reason.isEmpty == false)
        refused(.journal, hint: "vfpool undo \(create)") { try world.undoPlan() }
        refused(.journal) { try world.undoPlan(bind) }
        // The next number is none that is there.
        let next = try world.journal.begin(Plan(), command: [], uri: PretendHost.uri).id
        #expect(next.hasSuffix("-3"))
    }

    /// A line that no vfpool wrote could have been any: then every step is looked at.
    @Test(arguments: [
        "{\"event\":\"starting\",\"step\":9223372036854775807,\"time\":\"\"}", "{}", "x", "\u{0}", "[[[[",
        "{\"event\":\"reverted\",\"step\":-1,\"time\":\"\"}", "{\"event\":\"finished\",\"time\":\"\"}",
        "{\"event\":\"complete\",\"time\":\"\"}", "{\"event\":\"complete\",\"result\":\"unfinished\",\"time\":\"\"}",
        "{\"event\":\"starting\",\"step\":1e99,\"time\":\"\"}",
    ])
    func absurdProgress(_ line: String) throws {
        var (world, _, bind) = try Self.bound()
        let file = "\(bind)/progress.jsonl"
        let lines = try text(world, file).split(separator: "\n")
        write(line + "\n" + lines.dropFirst().joined(separator: "\n") + "\n", world, file)
        let entry = try world.entry(bind)
        #expect(entry.result == .done && entry.isProgressLost && entry.stepsInPlace == entry.steps)
        try world.undo()
        #expect(try world.host.state().guest(named: "vm").points(at: "vfpool-eth3") == false)
        // The same line at the end, not ended: what it says did not happen.
        write(lines.dropLast().joined(separator: "\n") + "\n" + line, world, file)
        #expect(try world.entry(bind).isProgressLost == false)
        #expect(try world.entry(bind).result == .unfinished)
        // Put back as a whole, whatever there was.
        try world.journal.close(world.entry(bind))
        #expect(try world.entry(bind).result == .reverted && world.entry(bind).stepsInPlace.isEmpty)
    }

    /// A pipe, a device, a file without an end: nobody is kept waiting.
    @Test(arguments: ["change.json", "progress.jsonl", "001-guest-vm.before.xml"]) func noFiles(_ name: String) throws {
        for make in [
            { path in mkfifo(path, 0o600) == 0 }, { path in symlink("/dev/zero", path) == 0 },
            { path in mkdir(path, 0o700) == 0 },
            { path in open(path, O_CREAT | O_WRONLY, 0o600) >= 0 && truncate(path, 1 << 40) == 0 },
        ] as [(String) -> Bool] {
            let (world, create, bind) = try Self.bound()
            let path = "\(world.folder.path)/changes/\(bind)/\(name)"
            #expect(unlink(path) == 0 && make(path))
            let report = try LogReport(world.journal)
            if name == "change.json" {
                #expect(report.unreadable.map(\.name) == [bind])
                refused(.journal, hint: create) { try world.undoPlan() }
            } else {
                #expect(report.changes.map(\.entry.id) == [bind, create])
                if name.hasSuffix(".xml") { refused(.journal, hint: "by hand") { try world.undoPlan() } }
                #expect(report.changes[0].entry.isProgressLost == name.hasSuffix("jsonl"))
            }
        }
    }

    /// Names that are none of vfpool's are no changes, and are told of only where they look like one.
    @Test func strangers() throws {
        let (world, create, bind) = try Self.bound()
        let changes = "\(world.folder.path)/changes/"
        for name in [
            "\u{1B}[31m", "a b", "\(bind).bak", String(repeating: "9", count: 255), "-1",
            "99999999-999999-999-99999999999999",
        ] {
            #expect(mkdir(changes + name, 0o700) == 0)
            write("{}", world, "\(name)/change.json")
        }
        for name in ["lost+found", "README"] { #expect(mkdir(changes + name, 0o700) == 0) }
        // Not even text.
        var bytes = Array((changes + "x").utf8).map { CChar(bitPattern: $0) } + [-1, -2, 0]
        #expect(mkdir(&bytes, 0o700) == 0)
        let report = try LogReport(world.journal)
        #expect(report.changes.map(\.entry.id) == [bind, create])
        #expect(report.unreadable.count == 6 && report.unreadable.contains { $0.name == "\(bind).bak" })
        #expect(try UndoPlanner.latest(in: world.journal, uri: PretendHost.uri).id == bind)
        #expect(try world.journal.begin(Plan(), command: [], uri: PretendHost.uri).id.hasSuffix("-3"))
    }

    // MARK: The folder

    @Test func othersCanWrite() throws {
        let world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        let plan = try world.host.create("eth3")
        for (folder, mode) in [("", mode_t(0o777)), ("/changes", 0o770)] {
            _ = try world.journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
            #expect(chmod(world.folder.path + folder, mode) == 0)
            refused(.journal, hint: "VFPOOL_STATE_DIR") {
                _ = try world.journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
                return plan
            }
            #expect(chmod(world.folder.path + folder, 0o755) == 0)
        }
        guard geteuid() == 0 else { return }
        #expect(chown(world.folder.path, 65534, 65534) == 0)
        refused(.journal, hint: "VFPOOL_STATE_DIR") {
            _ = try world.journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
            return plan
        }
        #expect(chown(world.folder.path, 0, 0) == 0)
    }

    @Test func relativeFolder() throws {
        let folder = StateFolder.standard(["VFPOOL_STATE_DIR": "state"])
        #expect(folder.path.hasPrefix("/") && folder.path.hasSuffix("/state") && folder.path != "/state")
        #expect(StateFolder.standard(["VFPOOL_STATE_DIR": "/a/b"]).path == "/a/b")
    }

    // MARK: The lock

    /// Root makes the file that all share.
    @Test(.enabled(if: geteuid() == 0)) func oneLockForAllUsers() throws {
        let folder = try TemporaryFolder()
        let shared = folder.path + "/host"
        try #require(mkdir(shared, 0o755) == 0)
        let first = try HostLock(
            StateFolder(path: folder.path + "/a"), shared: shared, command: ["vfpool", "one"], patience: 0
        ) { _ in }
        let failure = #expect(throws: Failure.self) {
            _ = try HostLock(
                StateFolder(path: folder.path + "/b"), shared: shared, command: ["vfpool", "two"], patience: 0
            ) { _ in }
        }
        #expect(failure?.code == .lockHeld && failure?.message.contains("vfpool one") == true)
        // Another machine's host has no file here.
        _ = try HostLock(StateFolder(path: folder.path + "/b"), command: ["vfpool"], patience: 0) { _ in }
        _ = consume first
        // The tests beside this one start programs, which have its files for a moment.
        _ = try HostLock(
            StateFolder(path: folder.path + "/b"), shared: shared, command: ["vfpool"], patience: 5
        ) { _ in }
    }
}
