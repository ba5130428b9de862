import Testing

@testable import Model

/// Patterns of names, as fnmatch(3) has them.
@Suite struct GlobTests {
    @Test(arguments: [
        ("eth3", "eth3", true), ("eth3", "eth30", false), ("eth*", "eth3", true), ("*", "", true), ("", "", true),
        ("e*3", "eth3", true), ("e*h*3", "eth3", true), ("e*x*3", "eth3", false), ("eth?", "eth3", true),
        ("eth?", "eth", false), ("eth[0-3]", "eth3", true), ("eth[!0-2]", "eth3", true), ("eth[^3]", "eth3", false),
        ("eth[]3]", "eth]", true), ("eth[", "eth[", true), ("\\*", "*", true), ("\\*", "x", false),
        ("**a**b", "xaxb", true), ("caf\u{E9}", "cafe\u{301}", false), ("caf?", "caf\u{E9}", false),
    ])
    func matches(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(Glob.truth(pattern, text) == (isMatch ? .yes : .no))
    }

    @Test func aStarStopsAtSlashesInPaths() {
        #expect(Glob.truth("/sys/*/x", "/sys/a/x", inPath: true) == .yes)
        #expect(Glob.truth("/sys/*/x", "/sys/a/b/x", inPath: true) == .no)
        #expect(Glob.truth("/sys/*/x", "/sys/a/b/x") == .yes)
    }

    @Test func whatIsUnknownMayBeAnything() {
        #expect(Glob.truth("/sys/\(Glob.unknown)/x", "/sys/a/b/x", inPath: true) == .maybe)
        #expect(Glob.truth("/sys/\(Glob.unknown)/x", "/sys/a/y", inPath: true) == .no)
        #expect(Glob.truth(Glob.unknown, "eth3") == .maybe)
    }

    /// A pattern of stars takes no more time than its length times the text's.
    @Test func manyStarsTakeNoTime() {
        let text = String(repeating: "a", count: 5_000)
        #expect(Glob.truth(String(repeating: "*a", count: 40) + "b", text) == .no)
    }
}
