import ArgumentParser
import Testing
import Text

@testable import vfpool

/// What is typed, as commands have it.
@Suite struct ArgumentTests {
    /// Hints name one promise each, so people give the option again and again.
    @Test(arguments: [["--drop", "link,port"], ["--drop", "link", "--drop", "port"]])
    func whatIsDropped(_ words: [String]) throws {
        #expect(try Bind.parse(["vm1"] + words).drop.flatMap(\.names) == ["link", "port"])
        #expect(try Unbind.parse(["vm1"] + words).drop.flatMap(\.names) == ["link", "port"])
        #expect(try Migrate.parse(["vm1"] + words).drop.flatMap(\.names) == ["link", "port"])
    }

    /// Digits are `0` to `9`, and a number is nothing else.
    @Test(arguments: ["+5", "-5", "\u{665}", "5\u{301}", " 5", "5 ", "0x5", "5\r\n", ""])
    func whatIsNoNumber(_ text: String) {
        #expect(CountArgument(argument: text) == nil)
        #expect(IndicesArgument(argument: text) == nil)
        #expect(VLANArgument(argument: text) == nil)
        #expect(PortgroupArgument(argument: "red:vlan=\(text)") == nil)
        #expect(SecondsArgument(argument: text) == nil)
    }

    @Test func namesKeepTheirBytes() throws {
        let names: [Name] = ["caf\u{E9}", "cafe\u{301}", "caf\u{E9}"]
        #expect(try Bind.parse(names.map(\.string)).guests.deduplicated == [names[0], names[1]])
        #expect(
            PortgroupArgument(argument: "red:\u{301}default") == nil, "a separator is one with an accent on it, too")
    }
}
