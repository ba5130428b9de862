package import Text

/// A shell command, or its beginning: text that is written in the source, and words that are quoted.
///
/// `\(shell: name)` makes a word of a name. There is no `\(name)`: what comes from outside is never taken as it is.
package struct ShellCommand: Sendable, Hashable, ShellText, ExpressibleByStringInterpolation, CustomStringConvertible {
    let command: CommandText

    package var shellText: String { command.finished }

    package var description: String { shellText }

    package static func == (left: Self, right: Self) -> Bool { left.shellText.isSame(as: right.shellText) }

    package func hash(into hasher: inout Hasher) { hasher.combine(Name(shellText)) }

    package init(stringLiteral value: StaticString) { self.init(value.description) }

    package init(stringInterpolation: StringInterpolation) { command = stringInterpolation.command }

    /// A command line as a program got it.
    package init(words: [String]) { self.init(words.map { ShellWord($0).shellText }.joined(separator: " ")) }

    private init(_ text: String) {
        var command = CommandText()
        command.append(plain: text)
        self.command = command
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var command = CommandText()

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) { command.append(literal: literal.description) }

        package mutating func appendInterpolation(shell word: String) { command.append(ShellWord(word)) }

        package mutating func appendInterpolation(shell name: Name) { command.append(ShellWord(name)) }

        package mutating func appendInterpolation(shell word: ShellWord) { command.append(word) }

        package mutating func appendInterpolation(shell part: some ShellText) { command.append(plain: part.shellText) }

        package mutating func appendInterpolation(shell part: ShellCommand) { command.append(part.command) }
    }
}
