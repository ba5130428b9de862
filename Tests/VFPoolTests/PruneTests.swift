import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// What `log --prune-older-than` removes and, above all, what it does not.
@Suite struct PruneTests {
    /// vm2 is bound (change 1), then `count` pools of eth3 are made and taken back; all of it on 2026-01-01.
    private func host(_ count: Int = 2) throws -> CLIHost {
        let host = try CLIHost()
        #expect(try host.run(["bind", "vm2", "--pool", "vfpool-eth5"]).status == 0)
        try host.keep()
        for _ in 0..<count {
            #expect(try host.run(["create", "eth3"]).status == 0)
            try host.keep()
            #expect(try host.run(["undo", "--yes"]).status == 0)
            try forget("vfpool-eth3", host)
        }
        try age(host)
        return host
    }

    /// The test driver forgets what was made; its file does, too.
    private func forget(_ name: String, _ host: CLIHost) throws { try host.remove("network", name) }

    /// Gives all changes names, and so times, of an earlier day.
    private func age(_ host: CLIHost, to day: String = "20260101") throws {
        let files = FileManager.default
        let changes = host.stateFolder + "/changes"
        let names = try files.contentsOfDirectory(atPath: changes)
        for name in names {
            let page = "\(changes)/\(name)/change.json"
            var text = String(decoding: try Data(contentsOf: URL(filePath: page)), as: UTF8.self)
            for other in names { text = text.replacing(other, with: day + other.dropFirst(8)) }
            try Data(text.utf8).write(to: URL(filePath: page))
            try files.moveItem(atPath: "\(changes)/\(name)", toPath: "\(changes)/\(day)\(name.dropFirst(8))")
        }
    }

    private func numbers(_ host: CLIHost) throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: host.stateFolder + "/changes")
            .compactMap { Int($0.split(separator: "-").last ?? "") }.sorted()
    }

    private func reasons(_ result: CommandResult) throws -> [String] {
        try JSON(parsing: result.stdout)["kept"]?.items.compactMap { $0["reason"]?.text } ?? []
    }

    @Test func whatIsWantedStays() throws {
        let host = try host()
        // 1 binds vm2, which is still bound, and is what undo would take back; 5 is the newest.
        let plan = try host.run(["log", "--prune-older-than", "90d", "--dry-run", "--format", "json"])
        #expect(plan.status == 0, "\(plan)")
        let json = try JSON(parsing: plan.stdout)
        #expect(json["removed"]?.items.count == 3 && json["dryRun"] == .bool(true) && json["younger"] == .number(0))
        #expect(try reasons(plan) == ["undoable", "newest"] && numbers(host) == [1, 2, 3, 4, 5])
        let said = try host.run(["log", "--prune-older-than", "90d", "--dry-run"])
        #expect(said.stdout.contains("Would remove 3 changes, from 20260101-"), "\(said)")
        let done = try host.run(["log", "--prune-older-than", "12w", "-y"])
        #expect(done.status == 0 && done.stdout.contains("Removed 3 changes"), "\(done)")
        #expect(try numbers(host) == [1, 5])
        #expect(try host.run(["log", "--prune-older-than", "12w", "-y"]).stdout.contains("Nothing to do"))
        #expect(try host.run(["unbind", "vm2", "--dry-run"]).status == 0)
        #expect(try host.run(["undo", "--dry-run", "--format", "json"]).stdout.contains("vm2"))
        // Numbers go on.
        #expect(try host.run(["create", "eth3"]).status == 0)
        #expect(try numbers(host) == [1, 5, 6])
        let forced = try host.run(["log", "--prune-older-than", "1h", "-y", "--force"])
        #expect(forced.stdout.contains("Removed 2 changes"), "\(forced)")
        #expect(try numbers(host) == [6], "young, and the newest")
    }

    @Test func itAsks() throws {
        let host = try host(1)
        let result = try host.run(["log", "--prune-older-than", "90d"])
        #expect(result.status == 4 && result.stderr.contains("error[not-confirmed]"), "\(result)")
        #expect(try numbers(host) == [1, 2, 3])
        for words in [["--force"], ["--yes"], ["-n"]] { #expect(try host.run(["log"] + words).status == 64) }
        for age in ["90", "d", "-1d", "1m", "1.5d", "٩d", "9999999999999999999999w"] {
            #expect(try host.run(["log", "--prune-older-than", age]).status == 64, "\(age)")
        }
        #expect(try host.run(["log", "1", "--prune-older-than", "1d"]).status == 64)
    }

    @Test func theYoungStay() throws {
        let host = try CLIHost()
        #expect(try host.run(["create", "eth3"]).status == 0)
        try GrownJournal.grow(host.stateFolder, by: 3)
        #expect(try host.run(["log", "--prune-older-than", "1h", "--yes"]).stdout.contains("Nothing to do"))
        #expect(try numbers(host) == [1, 2, 3, 4])
    }

    /// One change from the future, one from 1970, among those of today: no clock makes them older than the others.
    @Test(arguments: ["20990101", "19700101"]) func wrongClocks(_ day: String) throws {
        let host = try CLIHost()
        #expect(try host.run(["create", "eth3"]).status == 0)
        try GrownJournal.grow(host.stateFolder, by: 4)
        let changes = host.stateFolder + "/changes"
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: changes).first { $0.hasSuffix("-3") })
        try FileManager.default.moveItem(
            atPath: "\(changes)/\(name)", toPath: "\(changes)/\(day)\(name.dropFirst(8))")
        #expect(try host.run(["log", "--prune-older-than", "1d", "-y", "--force"]).stdout.contains("Nothing to do"))
        #expect(try numbers(host) == [1, 2, 3, 4, 5])
    }

    @Test func whatIsNotKnownStays() throws {
        let host = try host()
        let changes = host.stateFolder + "/changes"
        let names = try FileManager.default.contentsOfDirectory(atPath: changes)
        let second = try #require(names.first { $0.hasSuffix("-2") })
        let third = try #require(names.first { $0.hasSuffix("-3") })
        // 2 is damaged, and so 3, which took it back, stays. 4 is another host's, and so 5 stays anyhow.
        #expect(truncate("\(changes)/\(second)/change.json", 10) == 0)
        let fourth = try #require(names.first { $0.hasSuffix("-4") })
        let page = "\(changes)/\(fourth)/change.json"
        let text = String(decoding: try Data(contentsOf: URL(filePath: page)), as: UTF8.self)
        try Data(text.replacing("\"uri\" : \"test:", with: "\"uri\" : \"xtest:").utf8).write(to: URL(filePath: page))
        let result = try host.run(["log", "--prune-older-than", "90d", "--dry-run", "--format", "json"])
        #expect(try reasons(result) == ["undoable", "unreadable", "undoes", "other-host", "newest"], "\(result)")
        // Another's journal, too, if that is said.
        #expect(try host.run(["log", "--prune-older-than", "90d", "--force", "-y"]).status == 0)
        #expect(try numbers(host) == [5])
        #expect(!third.isEmpty)
    }

    /// A change that never ended, whose step may be in place.
    @Test func whatWasCutShortStays() throws {
        let host = try host()
        let changes = host.stateFolder + "/changes"
        let second = try #require(
            FileManager.default.contentsOfDirectory(atPath: changes).first { $0.hasSuffix("-4") })
        let fifth = try #require(
            FileManager.default.contentsOfDirectory(atPath: changes).first { $0.hasSuffix("-5") })
        for name in [second, fifth] {
            let file = "\(changes)/\(name)/progress.jsonl"
            let text = String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
            let lines = text.split(separator: "\n").prefix(1).map { $0 + "\n" }.joined()
            try Data(lines.utf8).write(to: URL(filePath: file))
        }
        let result = try host.run(["log", "--prune-older-than", "90d", "--dry-run", "--format", "json"])
        #expect(try reasons(result) == ["undoable", "in-place", "in-place"], "\(result)")
    }

    /// Killed between any two of its calls, a change is there whole or not at all.
    @Test func whatACrashLeavesIsCleaned() throws {
        let host = try host()
        let changes = host.stateFolder + "/changes"
        let names = try FileManager.default.contentsOfDirectory(atPath: changes).sorted()
        // As `remove` leaves it when it is killed in the middle.
        let second = try #require(names.first { $0.hasSuffix("-2") })
        try FileManager.default.moveItem(atPath: "\(changes)/\(second)", toPath: "\(changes)/removed-\(second)")
        let log = try host.run(["log"])
        #expect(log.status == 0 && !log.stderr.contains("can't be read"), "\(log)")
        #expect(try host.run(["log", "--prune-older-than", "90d", "--yes"]).status == 0)
        let left = try FileManager.default.contentsOfDirectory(atPath: changes)
        #expect(left.count == 2 && !left.contains { $0.hasPrefix("removed-") }, "\(left)")
    }

    @Test func itTakesTheLock() throws {
        let host = try host(1)
        let lock = open(host.stateFolder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(lock) }
        #expect(flock(lock, LOCK_EX) == 0)
        let result = try host.run(["log", "--prune-older-than", "90d", "--yes", "--lock-wait", "0"])
        #expect(result.status == 1 && result.stderr.contains("error[lock-held]"), "\(result)")
        #expect(try host.run(["log", "--prune-older-than", "90d", "--dry-run", "--lock-wait", "0"]).status == 0)
        #expect(try numbers(host) == [1, 2, 3])
    }
}
