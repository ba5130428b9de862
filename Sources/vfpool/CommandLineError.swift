import ArgumentParser
import Model
import Text

/// Bad arguments: found before there is a command, so how to print them is looked up in the words as they stand.
enum CommandLineError {
    static func output(_ arguments: [String]) -> Output {
        Output(
            value("--format", arguments).flatMap(OutputFormat.init) ?? .table, quiet: false, verbose: false,
            color: value("--color", arguments).flatMap(Style.Choice.init) ?? .auto)
    }

    private static func value(_ option: String, _ arguments: [String]) -> String? {
        for (index, word) in arguments.enumerated() {
            if word == "--" { return nil }
            if word == option, arguments.indices.contains(index + 1) { return arguments[index + 1] }
            if let value = word.without(prefix: option + "=") { return String(value) }
        }
        return nil
    }

    static func failure(_ error: any Error, _ arguments: [String]) -> Failure {
        let message = VFPool.message(for: error)
        guard let word = arguments.first, !word.hasPrefix(bytes: "-") else {
            // Moved behind the command where there is one: an option that stands alone is one of a command.
            let options = arguments.filter { $0.hasPrefix(bytes: "-") }
            let isOfCommands = options.allSatisfy { CommandLineWords.withValue.contains(bytes: $0) } && !options.isEmpty
            return usage(isOfCommands ? "\(options[0]) needs a value, and a command" : message, nil)
        }
        guard let command = command(word) else { return unknownCommand(word) }
        return usage(message, command)
    }

    private static func usage(_ message: String, _ command: (any ParsableCommand.Type)?) -> Failure {
        let name: ShellCommand = if let command { "vfpool \(shell: command._commandName)" } else { "vfpool" }
        let usage = command.map { VFPool.usageString(for: $0) } ?? VFPool.usageString(for: VFPool.self)
        let shortUsage = usage.split(byte: "\n").joined(separator: " ")
        return Failure(
            .usage, sentence(message),
            hints: ["usage: \(text: shortUsage)", "see `\(shell: name) --help`"])
    }

    /// The refusal of a word that is no command; nil for one that is.
    static func unknown(_ word: String) -> Failure? {
        command(word) == nil && word != "help" ? unknownCommand(word) : nil
    }

    /// ArgumentParser's words as one sentence: it lists many values on lines of their own.
    private static func sentence(_ message: String) -> String {
        let lines = message.split(byte: "\n").map(String.init)
        let values = lines.dropFirst().map { $0.drop(bytes: { $0.isOne(of: " -") }) }.joined(separator: ", ")
        let text = (lines.prefix(1) + [values]).filter { !$0.isEmpty }.joined(separator: " ")
        let first = text.prefix(bytes: \.isLetter).prefix(1)
        return first.asciiLowercased + (text.without(prefix: first) ?? "")
    }

    private static func unknownCommand(_ word: String) -> Failure {
        let names = VFPool.configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases }
        let near = names.filter { distance($0, word) <= 2 && $0.count > 2 }
        return Failure(
            .usage, "there is no command \(word)",
            hints: near.map { "did you mean `vfpool \(shell: $0)`?" } + ["see `vfpool --help`"])
    }

    private static func command(_ word: String) -> (any ParsableCommand.Type)? {
        VFPool.configuration.subcommands.first { command in
            command._commandName == word || command.configuration.aliases.contains(word)
        }
    }

    /// How many letters have to be changed, added or taken away.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var next = [i + 1]
            for j in right.indices {
                next.append(min(row[j + 1] + 1, next[j] + 1, row[j] + (letter == right[j] ? 0 : 1)))
            }
            row = next
        }
        return row[right.count]
    }
}
