import FoundationEssentials
import TestSupport
import Testing

/// What `docs/json.md` says of all documents: valid JSON on stdout and nothing else, sorted. Fields are held to its schema by Tests/Docs/json.
@Suite struct JSONTests {
    static let commands: [(line: String, keys: Set<String>)] = [
        ("list", ["version", "uri", "pools"]),
        ("status", ["version", "uri", "pools", "ports", "guests", "findings"]),
        ("log", ["version", "changes", "unreadable", "older"]),
        ("create eth3 --dry-run", changeKeys), ("create eth3", changeKeys), ("reconcile", changeKeys),
        ("bind vm2 --pool vfpool-eth5", changeKeys), ("undo", changeKeys),
    ]
    @Test func doctorIsOneObject() throws {
        let result = try CLIHost().run(["doctor", "--format", "json"])
        #expect(result.status == 2 && result.stderr.isEmpty, "eth4 is down, and has a pool")
        let object = try JSON(parsing: result.stdout)
        #expect(object.keys == ["version", "uri", "checks", "verdicts"])
    }

    static let changeKeys: Set<String> = ["version", "change", "changed", "dryRun", "plan", "summary"]

    @Test(arguments: commands) func isOneObject(line: String, keys: Set<String>) throws {
        let host = try CLIHost()
        // Something for `log` and `undo`.
        #expect(try host.run(["bind", "vm3", "--pool", "vfpool-eth5"]).status == 0)
        try host.keep()
        let result = try host.run(line.split(separator: " ").map(String.init) + ["--format", "json"])
        #expect(result.status == 0)
        #expect(result.stderr.isEmpty, "\(result)")
        let object = try JSON(parsing: result.stdout)
        #expect(object.keys == keys)
        #expect(object["version"] == .number(1))
    }

    @Test func unknownIsNullWithAReason() throws {
        let result = try CLIHost().run(["status", "eth3", "--format", "json"])
        let pf = try #require(try JSON(parsing: result.stdout)["ports"]?.items.first)
        let function = try #require(pf["status"]?["functions"]?.items.first)
        #expect(function["actualMAC"] == .null)
        #expect(function["unknown"]?["actualMAC"] == .string("the host's kernel can't be asked from here"))
        #expect(function["driver"] == .null)
        #expect(function["unknown"]?["driver"] == nil, "known to have none")
    }

    @Test func listsAreSorted() throws {
        let object = try JSON(parsing: try CLIHost().run(["status", "--format", "json"]).stdout)
        for key in ["pools", "guests"] {
            let names = try #require(object[key]?.items.compactMap { $0["name"]?.text })
            #expect(names == names.sorted() && names.count > 1)
        }
    }
}
