import ArgumentParser
import Model
import TestSupport
import Text

@testable import vfpool

/// Words on the command line: they are a command, or refused in one sentence; nothing is run.
///
/// The input is a word a line; `\n` in a word is a line's end.
struct ArgumentsTarget: FuzzTarget {
    private let mutation = WordsMutation(seeds: FuzzInputs.seeds("arguments"))

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        let words = String(decoding: input, as: UTF8.self).split(byte: "\n").filter { !$0.utf8.contains(0) }
            .map { $0.replacing(bytes: "\\n", with: "\n") }
        let normalized = CommandLineWords.normalized(words)
        try require(normalized.sorted() == words.sorted(), "words are lost: \(normalized) of \(words)")
        try complete(words)
        _ = CommandLineError.output(normalized)
        if let word = normalized.first { _ = CommandLineError.unknown(word) }
        if normalized.starts(with: ["help"]) {
            _ = normalized.dropFirst().first.flatMap(Topic.text)
            return true
        }
        do {
            try parse(normalized)
            return true
        } catch {
            guard VFPool.exitCode(for: error) != .success else {
                try require(!VFPool.fullMessage(for: error).isEmpty, "no help for \(words)")
                return true
            }
            let failure = CommandLineError.failure(error, normalized)
            try require(!failure.message.isEmpty, "refused without words: \(words)")
            return false
        }
    }

    /// The way from the root takes all commands with it, which takes ten times as long: it is gone where the command is not known.
    private func parse(_ words: [String]) throws {
        let known = VFPool.configuration.subcommands.first { command in
            command._commandName.isSame(as: words.first ?? "") && command.configuration.subcommands.isEmpty
        }
        if let known { _ = try known.parse(Array(words.dropFirst())) } else { _ = try VFPool.parseAsRoot(words) }
    }

    /// The shell's question about the last word, as far as it goes without a host.
    private func complete(_ words: [String]) throws {
        let line = ShellLine(words.joined(separator: " "))
        if line.isUnreadable { return }
        _ = BashWord(line, text: words.joined(separator: " "), replaced: words.last ?? "")?
            .completed(to: line.current.text + "x")
    }
}
