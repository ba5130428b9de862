import ArgumentParser
import FoundationEssentials
import Glibc
import Model
import Reporting
import TestSupport
import Testing
import Text

@testable import vfpool

/// README.md and docs/ are complete, short enough, and lead somewhere.
@Suite struct PagesTests {
    private static let folder = CLIHost.fixtures + "/../.."

    private static func text(_ path: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: "\(folder)/\(path)")), as: UTF8.self)
    }

    /// A part of a page, from its heading to the next of that level.
    private static func part(_ heading: String, of page: String) throws -> [Substring] {
        let lines = page.split(byte: "\n", keepsEmpty: true)
        let first = try #require(lines.firstIndex { $0.isSame(as: "## " + heading) })
        return Array(lines[(first + 1)...].prefix { !$0.hasPrefix(bytes: "## ") })
    }

    /// The names that a part's tables explain: `| `name` | …`, several with commas.
    private static func explained(_ lines: [Substring]) -> [String] {
        lines.filter { $0.hasPrefix(bytes: "| `") }.flatMap { line in
            let cell = line.split(byte: "|").first ?? ""
            return cell.split(byte: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    @Test func theReadmeIsShort() throws {
        // What says how its commands are tested is not shown.
        let shown = try Self.text("README.md").split(byte: "\n").filter { !$0.hasPrefix(bytes: "<!--") }
        let words = shown.flatMap { $0.split { $0.isWhitespace } }
        #expect(words.count <= 700, "README.md has \(words.count) words")
    }

    /// From README in two clicks: pins to pools, what a code means, how to undo.
    @Test(arguments: ["docs/howto/pools.md", "docs/reference/codes.md", "docs/howto/undo.md", "docs/index.md"])
    func theReadmeLeadsTo(page: String) throws {
        #expect(try Self.text("README.md").contains("(\(page))"))
    }

    /// The catalogue has every code once, in the order of the enumeration, and the page has what it says.
    @Test func everyCodeIsExplained() throws {
        let entries = try Self.text("templates/codes.txt").split(byte: "\n").filter {
            !$0.hasPrefix(bytes: "#") && !$0.hasPrefix(bytes: "[")
        }.map { $0.split(separator: " | ").map(String.init) }
        #expect(entries.allSatisfy { (3...4).contains($0.count) })
        #expect(entries.map { $0[0] } == Diagnostic.Code.allCases.map(\.rawValue))
        let ofDoctor = entries.filter { $0[1].contains("d") }.map { $0[0] }
        #expect(ofDoctor == Diagnostic.Code.ofDoctor.map(\.rawValue))
        let ofMigration = entries.filter { $0[1].contains("m") }.map { $0[0] }
        #expect(ofMigration == Diagnostic.Code.ofLiveMigration.map(\.rawValue))
        let ofFleet = entries.filter { $0[1].contains("h") }.map { $0[0] }
        #expect(ofFleet == Diagnostic.Code.ofFleet.map(\.rawValue))
        let result = try RunningCommand(
            ["\(Self.folder)/Tests/Docs/codes"], environment: ["PATH": "/usr/bin:/bin"]
        ).wait()
        #expect(result.status == 0, "\(result.stderr)")
    }

    @Test func helpExplainsACode() throws {
        let host = try CLIHost()
        let one = try host.run(["help", "no-vf-free"])
        #expect(one.status == 0 && one.stdout.hasPrefix("Every VF is held"), "\(one)")
        let all = try host.run(["help", "codes"])
        #expect(Diagnostic.Code.allCases.allSatisfy { all.stdout.contains("\n  \($0.rawValue)\n") })
    }

    /// Names of metrics, and of alerts, are those that there are; the rules and the dashboard are held to them by their own tests.
    @Test func everyMetricIsExplained() throws {
        let page = try Self.text("docs/howto/monitoring.md")
        let state = State(uri: "test:///x", isLocal: true, networks: [], guests: [], pfs: [])
        let metrics = try Metrics(state, .unknown("", hasGrammars: true), counters: [:], time: 0)
        #expect(
            Self.explained(try Self.part("The metrics", of: page)).filter { $0.hasPrefix(bytes: "vfpool_") }.sorted()
                == metrics.families.map(\.name).sorted())
        let alerts = try Self.text("Integrations/prometheus/alerts.yml").split(byte: "\n").compactMap {
            $0.trimmed.without(prefix: "- alert: ").map(String.init)
        }
        let headings = try Self.part("Alerts and a dashboard", of: page).compactMap {
            $0.without(prefix: "### ").map(String.init)
        }
        #expect(headings.sorted() == alerts.sorted())
    }

    /// What the dashboard and the alerts ask for is what `metrics` prints, all of it.
    @Test func everyMetricIsShown() throws {
        let state = State(uri: "test:///x", isLocal: true, networks: [], guests: [], pfs: [])
        let names = try Metrics(state, .unknown("", hasGrammars: true), counters: [:], time: 0).families.map(\.name)
        let text = try ["alerts.yml", "dashboard.json"].map { try Self.text("Integrations/prometheus/" + $0) }.joined()
        let asked = Set(text.matches(of: /vfpool_[a-z_]+/).map { Name($0.output) })
        #expect(asked == Set(names.map { Name($0) }))
    }

    @Test func everyCommandHasItsOptions() throws {
        let result = try RunningCommand(
            ["\(Self.folder)/Tests/Docs/commands"],
            environment: ["PATH": "/usr/bin:/bin", "VFPOOL_BINARY": Rig.vfpool]
        ).wait()
        #expect(result.status == 0, "\(result.stderr)")
    }

    /// The page of specs and `vfpool help spec` have one source; the schema takes what the reader takes.
    @Test func thePageOfSpecsSaysWhatHelpDoes() throws {
        let result = try RunningCommand(
            ["\(Self.folder)/Tests/Docs/spec"],
            environment: ["PATH": "/usr/bin:/bin", "VFPOOL_BINARY": Rig.vfpool]
        ).wait()
        #expect(result.status == 0, "\(result.stderr)")
    }

    private static let mkdocs = folder + "/.cache/docs/bin/mkdocs"

    @Test(.enabled(if: access(mkdocs, X_OK) == 0, "no mkdocs: Tests/Docs/setup"))
    func linksLeadSomewhereAndNothingIsLoaded() throws {
        let scratch = try TemporaryFolder()
        let result = try RunningCommand(
            ["\(Self.folder)/Tests/Docs/build", scratch.path + "/site"], environment: ["PATH": "/usr/bin:/bin"]
        ).wait(seconds: 120)
        #expect(result.status == 0, "\(result.stdout)\(result.stderr)")
    }
}

/// The examples of `vfpool help` are commands that vfpool understands.
@Suite struct ExampleTests {
    @Test func everyExampleParses() throws {
        var count = 0
        for command in try ToolInfo.current().command.commands {
            for line in (command.discussion ?? "").split(byte: "\n") {
                let line = line.drop(bytes: { $0 == UInt8(ascii: " ") })
                guard let typed = line.without(prefix: "$ vfpool ") else { continue }
                #expect(throws: Never.self, "\(line)") { _ = try VFPool.parseAsRoot(Self.words(typed)) }
                count += 1
            }
        }
        #expect(count > 40)
    }

    /// A command's words; what goes on behind them is the shell's.
    private static func words(_ typed: Substring) -> [String] {
        typed.split(byte: " ").prefix { !["|", ">", "<", "&&"].contains(String($0)) }.map(String.init)
    }

    /// Words that stand for something in commands of pages.
    private static let meant = [
        "GUEST": "vm1", "POOL": "vfpool-eth3", "PF": "eth3", "MAC": "52:54:00:00:00:01", "ADDRESS": "0000:03:10.0",
        "CHANGE": "17", "ID": "42", "N": "8", "FILE": "/etc/pool.xml", "URI": "qemu:///system", "SECONDS": "5",
    ]

    /// `vfpool …` in the text of a page, as opposed to a block, which is run.
    @Test func everyCommandInTheTextOfPagesParses() throws {
        let folder = CLIHost.fixtures + "/../.."
        let pages = try FileManager.default.subpathsOfDirectory(atPath: folder + "/docs").map { "docs/" + $0 }
        let names = try ToolInfo.current().command.commands.map(\.commandName) + ["hook", "help", "--version"]
        var count = 0
        for page in ["README.md"] + pages where page.hasSuffix(".md") && !page.hasPrefix("docs/development/") {
            let text = String(decoding: try Data(contentsOf: URL(filePath: "\(folder)/\(page)")), as: UTF8.self)
            var isBlock = false
            let prose = text.split(byte: "\n", keepsEmpty: true).filter { line in
                if line.hasPrefix(bytes: "```") { isBlock.toggle() }
                return !isBlock && !line.hasPrefix(bytes: "```")
            }.joined(separator: " ")
            for (place, code) in prose.split(byte: "`", keepsEmpty: true).enumerated() where place % 2 == 1 {
                guard let typed = code.without(prefix: "vfpool "), !typed.contains("…"), !typed.contains("COMMAND")
                else {
                    continue
                }
                let words = Self.words(typed).map { Self.meant[$0] ?? $0 }
                // One word alone is a command's name.
                if words.count == 1 {
                    #expect(names.contains(words[0]), "\(page): \(code)")
                } else {
                    #expect(throws: Never.self, "\(page): \(code)") { _ = try VFPool.parseAsRoot(words) }
                }
                count += 1
            }
        }
        #expect(count > 60)
    }
}
