import TestSupport
import Testing
import Text

@testable import vfpool

/// The man page has every command and option, by the same tree.
@Suite struct ManPageTests {
    @Test func isComplete() throws {
        let page = try ManPage.text()
        let tree = try ToolInfo.current().command
        let commands = tree.commands
        #expect(commands.count >= 16)
        for command in commands {
            #expect(page.contains("\n.SS \(Roff.text(command.commandName))\n"))
            #expect(command.discussion?.contains("$ vfpool ") ?? false, "\(command.commandName) has no example")
            for argument in command.arguments ?? [] {
                #expect(argument.abstract?.isEmpty == false, "\(command.commandName): \(argument)")
                for name in argument.names ?? [] where !["help", "version", "h"].contains(name.name) {
                    #expect(page.contains(Roff.bold(name.spelling)), "\(command.commandName) \(name.spelling)")
                }
            }
        }
        for heading in ["EXIT STATUS", "ENVIRONMENT", "JSON", "FILES"] { #expect(page.contains(".SH \(heading)")) }
        let isPlain = page.allSatisfy(\.isASCII)
        #expect(isPlain)
    }

    @Test(arguments: [(".x", "\\&.x"), ("a-b\\c", "a\\-b\\ec"), ("—", "\\[u2014]"), ("'q", "\\&'q")])
    func escapes(text: String, roff: String) {
        #expect(Roff.text(text) == roff)
    }

    @Test func examplesStandAsTheyAre() {
        #expect(Roff.paragraphs("One.\n\nTwo:\n  $ x\nEnd") == "One.\n.PP\nTwo:\n.nf\n  $ x\n.fi\nEnd")
    }
}
