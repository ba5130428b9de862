import TestSupport
import Testing

@testable import vfpool

/// What is put into bash's line, read by bash itself.
@Suite struct BashWordTests {
    /// Each name, from each place in it on, in each kind of quotes.
    @Test(.enabled(if: TypedLines.has("bash"))) func readsAsTheName() throws {
        var script = "printf '%s\\0'"
        var expected: [[UInt8]] = []
        // Names of several lines are never offered: outside of quotes bash could not write them so.
        for name in HostileNames.all where (1..<40).contains(name.utf8.count) && !name.utf8.contains(UInt8(ascii: "\n"))
        {
            for opening in ["", "'", "\""] {
                for count in 0...name.unicodeScalars.count {
                    let part = String(String.UnicodeScalarView(name.unicodeScalars.prefix(count)))
                    guard let start = Self.completed(opening, replaced: opening.isEmpty ? "" : nil, to: part) else {
                        Issue.record("\(part.debugDescription) within \(opening)")
                        continue
                    }
                    // As if it had been typed so far; what ends with its quote is closed already.
                    let isClosed = !opening.isEmpty && ShellLine("vfpool bind " + start).quotes == .none
                    guard !isClosed else { continue }
                    guard let whole = Self.completed(start, replaced: opening.isEmpty ? start : nil, to: name) else {
                        Issue.record("\(start.debugDescription) to \(name.debugDescription)")
                        continue
                    }
                    let end = ShellLine("vfpool bind " + whole).quotes
                    script += " " + whole + (end == .none ? "" : end == .single ? "'" : "\"")
                    expected.append(Array(name.utf8))
                }
            }
        }
        let result = try RunningCommand(
            ["/usr/bin/bash", "-c", script], environment: ["LC_ALL": "C.UTF-8", "PATH": "/nowhere"]
        ).wait()
        let words = result.stdout.utf8.split(separator: 0, omittingEmptySubsequences: false).dropLast().map(Array.init)
        #expect(result.stderr == "")
        #expect(words.count == expected.count)
        for (word, name) in zip(words, expected) where word != name {
            Issue.record("\(String(decoding: name, as: UTF8.self)) read as \(String(decoding: word, as: UTF8.self))")
        }
    }

    /// The word as bash's line then has it: the quote that readline takes away is gone.
    private static func completed(_ typed: String, replaced: String?, to word: String) -> String? {
        let text = "vfpool bind " + typed
        let line = ShellLine(text)
        let inQuotes = String(decoding: text.utf8.suffix(line.bytesInQuotes), as: UTF8.self)
        guard let new = BashWord(line, text: text, replaced: replaced ?? inQuotes)?.completed(to: word) else {
            return nil
        }
        guard line.quotes != .none else { return new }
        let quote = typed.utf8.prefix(1)
        let start = typed.utf8.dropLast(line.bytesInQuotes)
        let kept = new.utf8.starts(with: quote) ? start.dropLast() : start
        return String(decoding: Array(kept) + Array(new.utf8), as: UTF8.self)
    }

    @Test func addsToWhatStandsThere() {
        let text = "vfpool bind 52:5"
        let word = BashWord(ShellLine(text), text: text, replaced: "5")
        #expect(word?.completed(to: "52:54:00") == "54:00")
        #expect(word?.completed(to: "53:54:00") == nil)
        // The same to a reader, but other bytes.
        let accent = "vfpool bind e"
        #expect(BashWord(ShellLine(accent), text: accent, replaced: "e")?.completed(to: "\u{E9}") == nil)
        #expect(BashWord(ShellLine(accent), text: accent, replaced: "e")?.completed(to: "e\u{301}") == "e\u{301}")
    }
}
