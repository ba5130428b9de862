import Glibc
import TestSupport
import Testing
import Text
import VFPoolCore

/// What is left of a journal after power cuts, full disks and other hands.
@Suite struct JournalDamageTests {
    /// A pool, and a guest that was bound to it.
    private static func bound() throws -> (world: JournalledHost, create: String, bind: String) {
        var world = try JournalledHost(PretendHost([PretendPort("eth3", vfs: 4)]))
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
        refused(.journal, hint: "vfpool undo \(create)") { try world.undoPlan() }
        // An older one that can't be read is no reason not to undo the last.
        let (other, first, last) = try Self.bound()
        write("{", other, "\(first)/change.json")
        #expect(try Undo.latest(in: other.journal, uri: PretendHost.uri).id == last)
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
        #expect(try Undo.latest(in: world.journal, uri: PretendHost.uri).id == bind)
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
        #expect(try world.journal.changes(of: world.entry(bind)).map(\.subject) == ["network vfpool-eth3"])
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

    // MARK: The folder

    @Test func othersCanWrite() throws {
        let world = try JournalledHost(PretendHost([PretendPort("eth3", vfs: 4)]))
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

    @Test func oneLockForAllUsers() throws {
        let folder = try TemporaryFolder()
        let shared = folder.path + "/host"
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
