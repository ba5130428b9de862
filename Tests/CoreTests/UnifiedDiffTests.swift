import FoundationEssentials
import Glibc
import Model
import TestSupport
import Testing
import Text

@Suite struct UnifiedDiffTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// As `diff -u` and `patch` print it.
    private func text(_ diff: UnifiedDiff) -> String {
        diff.hunks.map { hunk in
            hunk.header + "\n"
                + hunk.lines.map { line in
                    switch line {
                    case .context(let text): " \(text)\n"
                    case .removed(let text): "-\(text)\n"
                    case .added(let text): "+\(text)\n"
                    }
                }.joined()
        }.joined()
    }

    /// What GNU diff says, without its two lines of names.
    private func reference(_ old: String, _ new: String) throws -> String {
        try Data(old.utf8).write(to: URL(filePath: folder.path + "/old"))
        try Data(new.utf8).write(to: URL(filePath: folder.path + "/new"))
        let command = "cd \(folder.path) && diff -u --minimal old new > out; true"
        try #require(system(command) == 0)
        let output = try String(decoding: Data(contentsOf: URL(filePath: folder.path + "/out")), as: UTF8.self)
        return output.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).joined(separator: "\n")
    }

    /// Lines that look alike are told apart, as `diff` does.
    @Test(arguments: [
        ("<name>caf\u{E9}</name>\n", "<name>cafe\u{301}</name>\n"), ("a\r\nb\r\n", "a\r\nb\n"), ("a\n", "a\r\n"),
        ("\u{212B}\n", "\u{C5}\n"),
    ])
    func alike(_ old: String, _ new: String) throws {
        let diff = UnifiedDiff(from: old, to: new)
        #expect(!diff.hunks.isEmpty)
        #expect(try text(diff).isSame(as: reference(old, new)))
    }

    private func document(_ lines: Int, _ random: inout SeededGenerator) -> [String] {
        (0..<lines).map { _ in "  <e\(Int.random(in: 0..<12, using: &random))/>" }
    }

    /// One place edited: the very same text as `diff -u`.
    @Test(arguments: 0..<40) func onePlace(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let old = (0..<Int.random(in: 0...40, using: &random)).map { "<line\($0)/>" }
        var new = old
        let place = Int.random(in: 0...old.count, using: &random)
        let removed = Int.random(in: 0...min(5, old.count - place), using: &random)
        new.replaceSubrange(
            place..<place + removed, with: (0..<Int.random(in: 0...5, using: &random)).map { "<new\($0)/>" })
        let (before, after) = (joined(old), joined(new))
        #expect(try text(UnifiedDiff(from: before, to: after)) == reference(before, after))
    }

    /// Edited all over: `patch` makes the new text of the old one with it, and it is as short as diff's own.
    @Test(arguments: 0..<40) func anywhere(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var lines = document(Int.random(in: 0...120, using: &random), &random)
        let before = joined(lines)
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let place = Int.random(in: 0...lines.count, using: &random)
            if random.once(in: 2), place < lines.count {
                lines.remove(at: place)
            } else {
                lines.insert("<n/>", at: place)
            }
        }
        let after = joined(lines)
        let ours = text(UnifiedDiff(from: before, to: after))
        let theirs = try reference(before, after)
        #expect(changes(ours) == changes(theirs))
        guard before != after else {
            #expect(ours.isEmpty)
            return
        }
        try Data(("--- old\n+++ new\n" + ours).utf8).write(to: URL(filePath: folder.path + "/patch"))
        try Data(before.utf8).write(to: URL(filePath: folder.path + "/old"))
        #expect(system("cd \(folder.path) && patch -s -F0 -o patched old patch") == 0)
        #expect(try String(decoding: Data(contentsOf: URL(filePath: folder.path + "/patched")), as: UTF8.self) == after)
    }

    private func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    private func changes(_ diff: String) -> Int {
        diff.split(separator: "\n").count { $0.hasPrefix("+") || $0.hasPrefix("-") }
    }

    /// Letters that look alike are not alike, and a carriage return is part of its line.
    @Test func bytes() {
        let diff = UnifiedDiff(from: "a\ncafe\u{301}\n", to: "a\ncaf\u{e9}\n")
        #expect(diff.hunks.count == 1)
        let lines = UnifiedDiff(from: "a\r\nb\r\n", to: "a\r\nc\r\n").hunks.first?.lines ?? []
        #expect(lines.count == 3)
        #expect(UnifiedDiff(from: "a\n", to: "a\n").hunks.isEmpty)
    }

    /// Two documents of ten thousand lines that have nothing in common take a moment, not minutes.
    @Test(.timeLimit(.minutes(10))) func large() {
        let old = joined((0..<3000).map { "old \($0)" })
        let new = joined((0..<3000).map { "new \($0)" })
        #expect(UnifiedDiff(from: old, to: new).hunks.count == 1)
    }
}
