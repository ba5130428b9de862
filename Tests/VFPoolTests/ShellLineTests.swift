import TestSupport
import Testing

@testable import vfpool

/// Lines of a shell as they are read without being run.
@Suite struct ShellLineTests {
    @Test(arguments: [
        ("vfpool bind x", ["vfpool", "bind"], "x"), ("vfpool bind ", ["vfpool", "bind"], ""),
        ("a 'b c' \"d e\" f\\ g h'i'\"j\"k", ["a", "b c", "d e", "f g"], "hijk"),
        ("a \"\\$\\`\\\"\\\\\\x\"", ["a"], "$`\"\\\\x"), ("a '' \"\" ", ["a", "", ""], ""),
        ("a 'it'\\''s", ["a"], "it's"), ("a >b 2>c d", ["a"], "d"),
        ("a e\u{301}'\u{301}' ", ["a", "e\u{301}\u{301}"], ""),
    ])
    func words(line: String, words: [String], current: String) {
        let line = ShellLine(line)
        #expect(line.words.map(\.text) == words)
        #expect(line.current.text == current)
        #expect(!line.isUnreadable && line.current.isKnown && line.words.allSatisfy(\.isKnown))
    }

    @Test(arguments: ["$x", "\"$x", "*", "a?", "~/a", "{a", "!x", "\"!x", "[a", "$"]) func unknownWords(word: String) {
        #expect(!ShellLine("vfpool " + word).current.isKnown)
        #expect(ShellLine("vfpool \(word)\(word.hasPrefix("\"") ? "\"" : "") x").words.last?.isKnown == false)
    }

    @Test(arguments: ["$(x", "`x", "\"$(x", "\"`", "a; b", "a & b", "a | b", "(a", "a #b", "$'a", "${a", "<(a"])
    func unreadableLines(line: String) {
        #expect(ShellLine(line).isUnreadable)
    }

    @Test func whereTheCursorStands() {
        #expect(ShellLine("a 'b c").quotes == .single && ShellLine("a 'b c").bytesInQuotes == 3)
        #expect(ShellLine("a \"b\\\"").quotes == .double && ShellLine("a \"b\\\"").bytesInQuotes == 3)
        #expect(ShellLine("a b\\").isEscaped && ShellLine("a >").isRedirection && !ShellLine("a > b ").isRedirection)
    }
}
