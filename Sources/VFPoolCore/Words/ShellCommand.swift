package import Text

/// A shell command, or a part of one: text that is written in the source, and words that are quoted.
///
/// `\(shell: name)` makes a word of a name. There is no `\(name)`: what comes from outside is never taken as it is.
package struct ShellCommand: Sendable, Hashable, ShellText, ExpressibleByStringInterpolation, CustomStringConvertible {
    package let shellText: String

    package var description: String { shellText }

    package static func == (left: Self, right: Self) -> Bool { left.shellText.isSame(as: right.shellText) }

    package func hash(into hasher: inout Hasher) { hasher.combine(Name(shellText)) }

    package init(stringLiteral value: StaticString) { shellText = value.description }

    package init(stringInterpolation: StringInterpolation) { shellText = stringInterpolation.text }

    /// A command line as a program got it.
    package init(words: [String]) { shellText = words.map { ShellWord($0).shellText }.joined(separator: " ") }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: StaticString) { text += literal.description }

        package mutating func appendInterpolation(shell word: String) { text += ShellWord(word).shellText }

        package mutating func appendInterpolation(shell name: Name) { text += ShellWord(name).shellText }

        package mutating func appendInterpolation(shell part: some ShellText) { text += part.shellText }
    }
}
