import FoundationEssentials
import TestSupport
import Testing

/// However many changes a journal has, only those that matter are read.
@Suite struct LargeJournalTests {
    /// A journal of 401 changes, and a watch on their folders.
    private func large() throws -> (host: CLIHost, folders: [String], watch: OpenWatch) {
        let host = try CLIHost()
        #expect(try host.run(["create", "eth3"]).status == 0)
        let folders = try GrownJournal.grow(host.stateFolder, by: 400)
        return (host, folders, try OpenWatch(folders))
    }

    /// The host has networks that are no pools of vfpool's: whether one was, the latest 128 changes tell.
    @Test(arguments: [
        (["log"], 20), (["log", "--limit", "3"], 3), (["undo", "--dry-run"], 128), (["status"], 128),
        (["bind", "vm2", "--pool", "vfpool-eth5", "--dry-run"], 128), (["---complete", "bash", "vfpool undo ", ""], 0),
        (["log", "401"], 1), (["doctor"], 128),
    ])
    func onlyWhatIsNeededIsRead(_ words: [String], _ most: Int) throws {
        let (host, folders, watch) = try large()
        let result = try host.run(words)
        let opened = watch.opened()
        #expect(Set(opened).count == most, "\(result)")
        #expect(opened.allSatisfy(Set(folders.suffix(most)).contains), "the newest")
        // The change, how far it came, and no more than its documents.
        #expect(opened.count <= most * 8)
    }

    @Test func whatIsLeftOutIsSaid() throws {
        let (host, folders, _) = try large()
        let ids = folders.reversed().map { String($0.split(separator: "/").last ?? "") }
        let log = try host.run(["log"])
        #expect(log.status == 0 && log.stderr.contains("381 older changes not shown"), "\(log)")
        #expect(log.stderr.contains("`vfpool log --limit 0`"))
        let lines = log.stdout.split(separator: "\n").dropFirst()
        #expect(lines.map { String($0.prefix { $0 != " " }) } == Array(ids.prefix(20)))
        // Scripts get all of them, unless they say otherwise.
        #expect(try host.run(["log", "-q"]).stdout == ids.map { $0 + "\n" }.joined())
        #expect(try host.run(["log", "-q", "--limit", "2"]).stdout == ids.prefix(2).map { $0 + "\n" }.joined())
        let all = try host.run(["log", "--limit", "0"])
        #expect(all.stdout.split(separator: "\n").count == 402 && !all.stderr.contains("older"))
        let json = try JSON(parsing: host.run(["log", "--format", "json", "--limit", "5"]).stdout)
        #expect(json["changes"]?.items.count == 5 && json["older"] == .number(396))
        #expect(try JSON(parsing: host.run(["log", "--format", "json"]).stdout)["changes"]?.items.count == 401)
        let names = try host.run(["---complete", "bash", "vfpool undo ", ""]).stdout
        #expect(names.split(separator: "\n").dropFirst().map(String.init).sorted() == ids.prefix(100).sorted())
    }

    /// Each by its number, and who took it back is known however old it is.
    @Test func oldOnes() throws {
        let host = try CLIHost()
        #expect(try host.run(["create", "eth3"]).status == 0)
        try host.keep()
        #expect(try host.run(["undo"]).status == 0)
        try GrownJournal.grow(host.stateFolder, by: 300)
        let first = try host.run(["log", "1"])
        #expect(first.stdout.contains("undone:  by "), "\(first)")
        let one = try host.run(["log", "300"])
        #expect(one.stdout.contains(/change \d{8}-\d{6}-\d{3}-300\n/), "\(one)")
        #expect(try host.run(["log", "9"]).status == 0)
        #expect(try host.run(["log", "303"]).stderr.contains("error[no-such-change]"))
    }
}
