package import Text

/// A command line of a unit (`ExecStart=`) or of a udev rule (`RUN`): words and quotes, no shell.
package enum UnitCommand {
    /// The commands of one line: `;` as a word of its own parts them. Specifiers are replaced before.
    package static func commands(_ line: String, _ environment: [Name: String]) -> [[String]] {
        var commands: [[String]] = [[]]
        for word in words(line, isCStyle: true) {
            if word.isSame(as: ";") {
                commands.append([])
                continue
            }
            let isFirst = commands[commands.count - 1].isEmpty
            let text = isFirst ? String(word.drop { $0.isOne(of: "@-:+!|") }) : word
            commands[commands.count - 1] += isFirst ? [text] : replaced(text, environment)
        }
        return commands.filter { !$0.isEmpty }
    }

    /// Words, with quotes taken off.
    package static func words(_ line: String, isCStyle: Bool = false) -> [String] {
        var words: [String] = []
        var rest = Array(line.utf8)[...]
        while true {
            rest = rest.drop(while: \.isBlank)
            guard !rest.isEmpty else { return words }
            var word: [UInt8] = []
            var quote: UInt8?
            while let byte = rest.first, quote != nil || !byte.isBlank {
                rest = rest.dropFirst()
                if byte == quote {
                    quote = nil
                } else if quote == nil, byte.isOne(of: "'\"") {
                    quote = byte
                } else if isCStyle, byte == UInt8(ascii: "\\"), let next = rest.first {
                    // `\:` and the like stay; in quotes a backslash takes a quote's meaning away.
                    if !next.isOne(of: "\\\"' ") { word.append(byte) }
                    word.append(next)
                    rest = rest.dropFirst()
                } else {
                    word.append(byte)
                }
            }
            words.append(String(decoding: word, as: UTF8.self))
        }
    }

    /// `${NAME}` within a word, `$NAME` as a whole one (which becomes several), `$$`.
    private static func replaced(_ word: String, _ environment: [Name: String]) -> [String] {
        if let name = word.without(prefix: "$"), !name.isEmpty,
            name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
        {
            return environment[Name(name)].map { $0.words.map(String.init) } ?? [Glob.unknown]
        }
        var result = ""
        var rest = word[...]
        while let (before, after) = rest.cut(at: "$") {
            result += before
            if let escaped = after.without(prefix: "$") {
                result += "$"
                rest = escaped
            } else if let (name, behind) = after.without(prefix: "{")?.cut(at: "}") {
                result += environment[Name(name)] ?? Glob.unknown
                rest = behind
            } else {
                result += "$"
                rest = after
            }
        }
        return [result + rest]
    }
}
