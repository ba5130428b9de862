package import Text

/// What to do next, after an error or a finding, with commands in backticks that can be pasted into a shell.
///
/// Names come from documents that anyone may have written, so a name is never taken as it is: in a command,
/// `\(shell: name)` makes one quoted word of it; outside, `\(text: name)` can neither open nor close a command. There is
/// no `\(name)`, and no way in for a text that is not written in the source.
package struct Hint: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    package let text: String

    package var description: String { text }

    package static func == (left: Hint, right: Hint) -> Bool { left.text.isSame(as: right.text) }

    package func hash(into hasher: inout Hasher) { hasher.combine(Name(text)) }

    package init(stringLiteral value: StaticString) { text = value.description }

    package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.finished }

    package struct StringInterpolation: StringInterpolationProtocol {
        private var text = ""
        private var isInCommand = false

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: StaticString) {
            let literal = literal.description
            if !literal.utf8.count(where: { $0 == UInt8(ascii: "`") }).isMultiple(of: 2) { isInCommand.toggle() }
            text += literal
        }

        /// A word of a command.
        package mutating func appendInterpolation(shell word: String) { text += ShellWord(word).shellText }

        package mutating func appendInterpolation(shell name: Name) { text += ShellWord(name).shellText }

        /// A part of a command.
        package mutating func appendInterpolation(shell part: some ShellText) { text += part.shellText }

        /// Numbers and addresses, in a command or outside.
        package mutating func appendInterpolation(_ part: some ShellText) { text += part.shellText }

        /// Prose, outside of commands.
        package mutating func appendInterpolation(text prose: String) {
            guard !isInCommand else { return appendInterpolation(shell: prose) }
            text += Hint.withoutBackticks(prose)
        }

        package mutating func appendInterpolation(text name: Name) { appendInterpolation(text: name.string) }

        /// A part of a hint, outside of commands.
        package mutating func appendInterpolation(_ part: Hint) {
            text += isInCommand ? Hint.withoutBackticks(part.text) : part.text
        }

        fileprivate var finished: String { isInCommand ? text + "`" : text }
    }

    /// Prose that is no hint of vfpool's, such as a library's words.
    package init(prose: String) { text = Self.withoutBackticks(prose) }

    private static func withoutBackticks(_ prose: String) -> String {
        guard prose.utf8.contains(UInt8(ascii: "`")) else { return prose }
        let bytes = prose.utf8.map { $0 == UInt8(ascii: "`") ? UInt8(ascii: "'") : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}
