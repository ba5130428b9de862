import Glibc
import Model
import TestSupport
import Testing
import Text

@testable import vfpool

/// The man page has every command and option, by the same tree.
@Suite struct ManPageTests {
    @Test func isComplete() throws {
        let overview = try ManPage.page([])
        let tree = try ToolInfo.current().command
        let commands = tree.commands
        #expect(commands.count >= 16)
        #expect(try ManPage.page(["--list"]) == commands.map(\.commandName).joined(separator: "\n") + "\n")
        for command in commands {
            #expect(overview.contains("\n\(Roff.bold(command.pageName))(1)\n"), "\(command.commandName)")
            let page = try ManPage.page(command.commandName.split(byte: " ").map(String.init))
            let hasExample = page.contains(".SH EXAMPLES\n") && page.contains("\n.nf\n$ vfpool ")
            #expect(hasExample, "\(command.commandName)")
            for argument in command.arguments ?? [] where argument.shouldDisplay ?? true {
                #expect(argument.abstract?.isEmpty == false, "\(command.commandName): \(argument)")
                for name in argument.names ?? [] where !["version"].contains(name.name) {
                    #expect(page.contains(Roff.bold(name.spelling)), "\(command.commandName) \(name.spelling)")
                }
            }
        }
        for heading in ["EXIT STATUS", "ENVIRONMENT", "JSON", "FILES"] { #expect(overview.contains(".SH \(heading)")) }
    }

    @Test(.enabled(if: access("/usr/bin/mandoc", X_OK) == 0, "no mandoc"))
    func mandocHasNothingToSay() throws {
        let names = try ManPage.page(["--list"]).split(byte: "\n").map { $0.split(byte: " ").map(String.init) }
        for words in [[]] + names {
            let page = try ManPage.page(words)
            #expect(page.utf8.allSatisfy { $0 < 128 })
            let result = try RunningCommand(
                ["/usr/bin/mandoc", "-T", "lint", "-W", "warning"], environment: [:], input: page
            ).wait()
            #expect(result.status == 0 && result.stdout.isEmpty, "\(words): \(result.stdout)\(result.stderr)")
        }
    }

    @Test(arguments: [["nothing"], ["hook"], ["hook", "nothing"], ["bind", "vm1"], ["--lists"]])
    func ofNoCommandThereIsNoPage(words: [String]) {
        let failure = #expect(throws: Failure.self) { try ManPage.page(words) }
        #expect(failure?.code == .usage && failure?.hints.isEmpty == false, "\(String(describing: failure))")
    }

    @Test(arguments: [(".x", "\\&.x"), ("a-b\\c", "a\\-b\\ec"), ("—", "\\[u2014]"), ("'q", "\\&'q")])
    func escapes(text: String, roff: String) {
        #expect(Roff.text(text) == roff)
    }

    @Test func examplesStandAsTheyAre() {
        #expect(Roff.paragraphs("One.\n\nTwo:\n  $ x\nEnd") == "One.\n.PP\nTwo:\n.nf\n  $ x\n.fi\nEnd")
    }
}
