import Applying
import FoundationEssentials
import Glibc
import Journal
import Model
import Reporting
import TestSupport
import Testing
import Text

/// Files of this machine as part of a change: planned, written, read back, put back, undone.
@Suite struct FileStepTests {
    private let folder: TemporaryFolder
    private let files = LocalFiles()

    init() throws { folder = try TemporaryFolder() }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func write(_ text: String, _ name: String, mode: UInt32 = 0o644) throws {
        try files.write(FileContent(text: text, mode: mode), to: path(name))
    }

    private func change(_ name: String, _ text: String?, mode: UInt32 = 0o644) throws -> FileChange {
        try #require(try files.change(path(name), to: text, mode: mode))
    }

    private func plan(_ changes: FileChange...) -> Plan { Plan(changes.map { Plan.Item(.writeFile($0)) }) }

    private func apply(_ plan: Plan, _ files: any HostFiles = LocalFiles()) throws {
        let host = FaultyHypervisor(try PretendHost([PretendPF("eth3", vfs: 1)]))
        try Applier(host, files: files, record: MemoryRecord()).apply(plan)
    }

    @Test func writes() throws {
        let new = try change("new.d/hook", "#!/bin/sh\n", mode: 0o755)
        #expect(new.makesFolder && new.before == nil && new.formerMode == nil)
        try write("one\n", "old", mode: 0o640)
        let old = try change("old", "two\n", mode: 0o600)
        #expect(old.before == "one\n" && old.formerMode == 0o640 && !old.makesFolder)
        try write("three\n", "gone")
        let gone = try change("gone", nil)
        let plan = plan(new, old, gone)
        #expect(plan.steps.map(\.effect) == [.add, .change, .remove])
        #expect(plan.steps.map(\.action) == ["write, mode 0755", "rewrite, mode 0600", "remove"])
        #expect(plan.steps[0].subject.description == "file \(path("new.d/hook"))")
        try apply(plan)
        #expect(try files.content(path("new.d/hook")) == FileContent(text: "#!/bin/sh\n", mode: 0o755))
        #expect(try files.content(path("old")) == FileContent(text: "two\n", mode: 0o600))
        #expect(try files.content(path("gone")) == nil)
        #expect(try files.change(path("old"), to: "two\n", mode: 0o600) == nil)
        #expect(try files.change(path("gone"), to: nil) == nil)
        // Permissions alone are a change.
        #expect(try change("old", "two\n", mode: 0o755).formerMode == 0o600)
    }

    @Test func report() throws {
        try write("one\ntwo\n", "old")
        let report = try PlanReport(plan(try change("old", "one\nthree\n"), try change("new", "é\r\n")))
        #expect(report.changes.map(\.subject.description) == ["file \(path("old"))", "file \(path("new"))"])
        #expect(report.changes.map(\.subject.isFile) == [true, true] && report.changes.map(\.isNew) == [false, true])
        #expect(report.changes[0].diff.hunks[0].lines == [.context("one"), .removed("two"), .added("three")])
        #expect(report.added == 1 && report.changed == 1)
        #expect(PlanReport.documents(plan(try change("old", "x"))).isEmpty)
    }

    /// One fault at every read and write: everything is as it was, the folder that was made included.
    @Test(arguments: [false, true]) func failsAnywhere(hasEffect: Bool) throws {
        try write("one\n", "old", mode: 0o640)
        try write("three\n", "gone")
        let plan = plan(
            try change("new.d/hook", "x", mode: 0o755), try change("old", "two\n"), try change("gone", nil))
        let clean = FaultyFiles()
        try apply(plan, clean)
        try apply(Plan(plan.steps.reversed().map { Plan.Item($0.reversed) }))
        for number in 0..<clean.calls {
            let failure = #expect(throws: Failure.self) {
                try apply(plan, FaultyFiles(fault: (number, hasEffect)))
            }
            #expect(failure?.code == .file, "call \(number): \(String(describing: failure))")
            #expect(!files.hasFolder(path("new.d")), "call \(number)")
            #expect(try files.content(path("old")) == FileContent(text: "one\n", mode: 0o640), "call \(number)")
            #expect(try files.content(path("gone")) == FileContent(text: "three\n", mode: 0o644), "call \(number)")
        }
    }

    @Test func changedMeanwhile() throws {
        try write("one\n", "old")
        let edited = try change("old", "two\n")
        let taken = try change("new", "x\n")
        try write("someone else's\n", "old")
        try write("x\n", "new")
        for change in [edited, taken] {
            let failure = #expect(throws: Failure.self) { try apply(plan(change)) }
            #expect(failure?.code == .changedMeanwhile)
        }
        #expect(try files.content(path("old"))?.text == "someone else's\n")
        // Its permissions alone.
        let chmod = try change("old", "two\n")
        Glibc.chmod(path("old"), 0o600)
        #expect(throws: Failure.self) { try apply(plan(chmod)) }
    }

    /// Whoever put something else into the folder keeps it.
    @Test func folderOfOthers() throws {
        let new = try change("new.d/hook", "x")
        try apply(plan(new))
        try write("theirs", "new.d/other")
        try apply(Plan([Plan.Item(Step.writeFile(new).reversed)]))
        #expect(try files.content(path("new.d/other"))?.text == "theirs")
        #expect(try files.content(path("new.d/hook")) == nil)
    }

    @Test func notPlain() throws {
        try write("x", "target")
        symlink(path("target"), path("link"))
        for device in ["/dev/zero", "/dev/null"] {
            #expect(throws: Failure.self) { try files.content(device) }
        }
        mkdir(path("folder"), 0o755)
        mkfifo(path("pipe"), 0o644)
        try Data([0xff, 0xfe]).write(to: URL(filePath: path("bytes")))
        for name in ["link", "folder", "pipe", "bytes"] {
            let failure = #expect(throws: Failure.self) { try files.content(path(name)) }
            #expect(failure?.code == .file && failure?.hints.isEmpty == false, "\(name)")
        }
        for name in ["link", "folder", "pipe"] {
            #expect(throws: Failure.self, "\(name)") { try write("y", name) }
        }
        #expect(try files.content(path("target"))?.text == "x")
        let failure = #expect(throws: Failure.self) { try write("y", "target/below") }
        #expect(failure?.cause == "File exists" || failure?.cause == "Not a directory")
    }

    @Test func links() throws {
        let new = try #require(try files.linkChange(path("wants/unit"), to: "/etc/unit"))
        try apply(plan(new))
        #expect(try files.link(path("wants/unit"))?.text == "/etc/unit")
        #expect(try files.linkChange(path("wants/unit"), to: "/etc/unit") == nil)
        let other = try #require(try files.linkChange(path("wants/unit"), to: "/usr/unit"))
        try apply(plan(other))
        try apply(Plan([Plan.Item(Step.writeFile(other).reversed)]))
        #expect(try files.link(path("wants/unit"))?.text == "/etc/unit")
        try apply(Plan([Plan.Item(Step.writeFile(new).reversed)]))
        #expect(try files.link(path("wants/unit")) == nil && !files.hasFolder(path("wants")))
        // Neither takes the other's place.
        try write("x", "plain")
        #expect(throws: Failure.self) { try files.linkChange(path("plain"), to: "/x") }
        #expect(throws: Failure.self) {
            try files.write(FileContent(text: "/x", mode: FileContent.link), to: path("plain"))
        }
        #expect(try files.content(path("plain"))?.text == "x")
    }

    // MARK: Made ready aside

    private func names(_ folder: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted()
    }

    /// What a killed vfpool left, of this version or one before, goes with the next change there.
    @Test func leftovers() throws {
        try write("x", "hooks.d/hook", mode: 0o755)
        for leave in ["hook.vfpool-new", ".vfpool-new/hook", ".vfpool-new/.other"] {
            try PretendFiles.write("#!/bin/sh\n", path("hooks.d/" + leave))
            chmod(path("hooks.d/" + leave), 0o755)
        }
        chmod(path("hooks.d/.vfpool-new"), 0o700)
        try write("y", "hooks.d/hook", mode: 0o755)
        #expect(try names("hooks.d") == ["hook"] && files.content(path("hooks.d/hook"))?.text == "y")
        try PretendFiles.write("z", path("hooks.d/hook.vfpool-new"))
        mkdir(path("hooks.d/.vfpool-new"), 0o700)
        try files.remove(path("hooks.d/hook"), folder: true)
        #expect(try names() == [])
    }

    /// Nothing is made ready where others could change it, or lead it elsewhere.
    @Test func aPlaceOfOthers() throws {
        mkdir(path("elsewhere"), 0o755)
        symlink(path("elsewhere"), path(".vfpool-new"))
        for _ in 0..<2 {
            for mode in [0o644, FileContent.link] {
                let failure = #expect(throws: Failure.self) { try write("x", "file", mode: mode) }
                #expect(failure?.code == .file && failure?.hints.first?.text.contains("rm -r") == true)
            }
            #expect(try names("elsewhere") == [] && names() == [".vfpool-new", "elsewhere"])
            unlink(path(".vfpool-new"))
            mkdir(path(".vfpool-new"), 0o700)
            chmod(path(".vfpool-new"), 0o777)
        }
        chmod(path(".vfpool-new"), 0o700)
        try write("x", "file")
        #expect(try names() == ["elsewhere", "file"])
    }

    // MARK: Journal and undo

    @Test func undone() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 1)]))
        try write("one\n", "old", mode: 0o640)
        let plan = plan(try change("new.d/hook", "a & <b>\n", mode: 0o755), try change("old", "two\n"))
        let id = try world.apply(plan)
        let entry = try world.entry(id)
        #expect(entry.steps.map(\.words.subject) == plan.steps.map(\.subject.description))
        #expect(entry.steps.map(\.words.action) == plan.steps.map(\.action))
        #expect(world.journal.unreadableFiles(of: entry).isEmpty)
        #expect(try world.journal.changes(of: entry).map(\.subject.isFile) == [true, true])
        let undo = try world.undo()
        #expect(!files.hasFolder(path("new.d")))
        #expect(try files.content(path("old")) == FileContent(text: "one\n", mode: 0o640))
        #expect(try world.undoPlan(id).isEmpty)
        try world.undo(undo)
        #expect(try files.content(path("new.d/hook")) == FileContent(text: "a & <b>\n", mode: 0o755))
        #expect(try files.content(path("old")) == FileContent(text: "two\n", mode: 0o644))
    }

    @Test func movedOn() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 1)]))
        try write("one\n", "old")
        try world.apply(plan(try change("old", "two\n")))
        try write("three\n", "old")
        refused(.movedOn, hint: "vfpool log") { try world.undoPlan() }
        unlink(path("old"))
        refused(.movedOn) { try world.undoPlan() }
    }
}
