import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Text

@testable import Applying
@testable import Journal
@testable import Model
@testable import Planning
@testable import Reporting

/// The journal is read and written only where nobody else can have written it, down from `/`.
@Suite struct TrustTests {
    private let folder: TemporaryFolder
    private let state: String
    private let journal: Journal
    private let id: String

    init() throws {
        folder = try TemporaryFolder()
        state = folder.path + "/above/state"
        journal = Journal(StateFolder(path: state))
        id = try Self.begin(journal)
    }

    private static func begin(_ journal: Journal) throws -> String {
        let (host, plan) = try Scenario.all[1].make()
        let record = try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
        try Applier(FaultyHypervisor(host), record: record).apply(plan)
        return record.id
    }

    /// All that reads the journal, and all that writes it.
    private func uses() -> [(name: String, run: () throws -> Void)] {
        [
            ("log", { _ = try LogReport(journal) }), ("the newest", { _ = try journal.newestIDs(5) }),
            ("undo", { _ = try UndoPlanner.latest(in: journal, uri: PretendHost.uri) }),
            ("log ID", { _ = try journal.entry(matching: id) }), ("count", { _ = try journal.count() }),
            ("resume", { _ = try Resumption(journal, uri: PretendHost.uri) }),
            ("begin", { _ = try Self.begin(journal) }), ("remove", { try journal.remove([id]) }),
            (
                "lock",
                { _ = try HostLock(StateFolder(path: state), command: ["vfpool"], patience: 0) { _ in } }
            ),
        ]
    }

    private func allRefuse(_ words: String) {
        for use in uses() {
            let failure = #expect(throws: Failure.self, "\(use.name)") { try use.run() }
            #expect(
                failure?.code == .journal && failure?.hints.isEmpty == false,
                "\(use.name): \(String(describing: failure))")
            #expect(failure?.message.contains(words) == true, "\(use.name): \(String(describing: failure))")
        }
        #expect(StateFolder(path: state).problem?.contains(words) == true)
    }

    @Test func whatIsFine() throws {
        for use in uses() where use.name != "resume" { #expect(throws: Never.self, "\(use.name)") { try use.run() } }
        #expect(StateFolder(path: state).problem == nil)
        #expect(StateFolder(path: state + "/none").problem == nil)
        #expect(try LogReport(Journal(StateFolder(path: folder.path + "/none"))).changes.isEmpty)
    }

    @Test(arguments: ["/above", "/above/state", "/above/state/changes"]) func othersCanWrite(_ place: String) {
        for mode: mode_t in [0o770, 0o702] {
            #expect(chmod(folder.path + place, mode) == 0)
            if place.hasSuffix("changes") {
                // The lock lies beside.
                let failure = #expect(throws: Failure.self) { try LogReport(journal) }
                #expect(failure?.message.contains("others can write") == true)
                #expect(throws: Failure.self) { try Self.begin(journal) }
            } else {
                allRefuse("others can write")
            }
        }
        #expect(chmod(folder.path + place, 0o700) == 0)
        #expect(throws: Never.self) { try LogReport(journal) }
    }

    /// With the sticky bit, others can't exchange what is not theirs; but they could put something in the folder itself.
    @Test func sticky() throws {
        #expect(chmod(folder.path + "/above", 0o1777) == 0)
        #expect(try LogReport(journal).changes.count == 1)
        #expect(chmod(state, 0o1777) == 0)
        allRefuse("others can write")
    }

    @Test(.enabled(if: geteuid() == 0), arguments: ["/above", "/above/state"])
    func anotherUsers(_ place: String) {
        #expect(chown(folder.path + place, 12_345, 0) == 0)
        allRefuse("is another user's")
    }

    @Test func links() throws {
        // One's own, in a folder of one's own.
        let elsewhere = folder.path + "/elsewhere"
        #expect(rename(folder.path + "/above", elsewhere) == 0)
        #expect(symlink("elsewhere", folder.path + "/above") == 0)
        #expect(try LogReport(journal).changes.count == 1)
        unlink(folder.path + "/above")
        #expect(symlink(elsewhere, folder.path + "/above") == 0)
        #expect(try LogReport(journal).changes.count == 1)
        if geteuid() == 0 {
            #expect(lchown(folder.path + "/above", 12_345, 0) == 0)
            allRefuse("is another user's")
            #expect(lchown(folder.path + "/above", 0, 0) == 0)
        }
        // In a folder that others can write, even with the sticky bit.
        #expect(chmod(folder.path, 0o1777) == 0)
        allRefuse("is a symbolic link in a folder that others can write")
        #expect(chmod(folder.path, 0o700) == 0)
        unlink(folder.path + "/above")
        #expect(symlink("above", folder.path + "/above") == 0)
        #expect(throws: Failure.self) { try LogReport(journal) }
    }

    /// A change's own folder and files: nothing of such a change is believed.
    @Test func changes() throws {
        let own = "\(state)/changes/\(id)"
        let files = try FileManager.default.contentsOfDirectory(atPath: own)
        let document = try #require(files.first { $0.hasSuffix(".after.xml") })
        for (path, mode) in [(own, 0o700 as mode_t), (own + "/change.json", 0o600)] {
            #expect(chmod(path, mode | 0o020) == 0)
            #expect(try LogReport(journal).unreadable.map(\.name) == [id], "\(path)")
            #expect(try LogReport(journal).unreadable.first?.reason.contains("mode") == true)
            let failure = #expect(throws: Failure.self) { try UndoPlanner.latest(in: journal, uri: PretendHost.uri) }
            #expect(failure?.code == .journal)
            #expect(throws: Failure.self) { try journal.entry(matching: id) }
            #expect(chmod(path, mode) == 0)
        }
        let entry = try journal.entry(matching: id)
        #expect(chmod("\(own)/\(document)", 0o622) == 0)
        let failure = #expect(throws: Failure.self) { try journal.document(document, of: entry) }
        #expect(failure?.message.contains("others can write") == true)
        #expect(journal.unreadableFiles(of: entry) == [document])
        #expect(chmod("\(own)/\(document)", 0o600) == 0)
        // How far it came can't be told, so any step may be in place.
        #expect(chmod(own + "/progress.jsonl", 0o606) == 0)
        #expect(try journal.entry(matching: id).isProgressLost)
        #expect(chmod(own + "/progress.jsonl", 0o600) == 0)
        // Links, whoever made them.
        for (path, target) in [(own + "/change.json", "page"), ("\(own)/\(document)", "doc"), (own, "own")] {
            #expect(rename(path, folder.path + "/" + target) == 0 && symlink(folder.path + "/" + target, path) == 0)
            #expect(throws: Failure.self, "\(path)") {
                try journal.document(document, of: journal.entry(matching: id))
            }
            #expect(unlink(path) == 0 && rename(folder.path + "/" + target, path) == 0)
        }
        #expect(mkfifo(folder.path + "/fifo", 0o600) == 0)
        #expect(rename(folder.path + "/fifo", own + "/change.json") == 0)
        #expect(try LogReport(journal).unreadable.map(\.reason) == ["it is no plain file"])
    }

    /// Once it is open, no other folder can take its place.
    @Test func exchanged() throws {
        let open = try #require(try StateFolder(path: state).open())
        #expect(rename(state, state + "-old") == 0 && mkdir(state, 0o700) == 0 && mkdir(state + "/changes", 0o700) == 0)
        #expect(try open.folder("changes")?.names() == [id])
        try open.writeNew("x", to: "new", sync: false)
        #expect(access(state + "-old/new", F_OK) == 0 && access(state + "/new", F_OK) != 0)
    }

    /// Others never see a folder half made, nor one that they can write.
    @Test func made() throws {
        let path = folder.path + "/a/b/../c/./d"
        _ = try StateFolder(path: path).create()
        for name in ["/a", "/a/b", "/a/c", "/a/c/d", "/a/c/d/changes"] {
            var status = stat()
            #expect(stat(folder.path + name, &status) == 0 && status.st_mode & 0o777 == 0o700, "\(name)")
        }
        #expect(symlink("nowhere", folder.path + "/dangling") == 0)
        _ = try StateFolder(path: folder.path + "/dangling/state").create()
        #expect(access(folder.path + "/nowhere/state/changes", F_OK) == 0)
        close(open(folder.path + "/file", O_WRONLY | O_CREAT, 0o600))
        let failure = #expect(throws: Failure.self) { try StateFolder(path: folder.path + "/file/x").create() }
        #expect(failure?.cause == "it is no folder")
    }
}
