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

    /// Prose that is not vfpool's own, such as a library's words.
    package init(prose: String) { text = Self.withoutBackticks(prose) }

    package struct StringInterpolation: StringInterpolationProtocol {
        private var text = ""
        /// The command that is open.
        private var command: CommandText?

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: StaticString) {
            let parts = literal.description.split(byte: "`", keepsEmpty: true).map(String.init)
            for (index, part) in parts.enumerated() {
                if index > 0 { toggle() }
                if command == nil { text += part } else { command?.append(literal: part) }
            }
        }

        /// A word of a command.
        package mutating func appendInterpolation(shell word: String) { appendInterpolation(shell: ShellWord(word)) }

        package mutating func appendInterpolation(shell name: Name) { appendInterpolation(shell: ShellWord(name)) }

        /// A word of a command.
        package mutating func appendInterpolation(shell word: ShellWord) {
            if command == nil { text += word.shellText } else { command?.append(word) }
        }

        /// A part of a command that needs no quotes, or has them.
        package mutating func appendInterpolation(shell part: some ShellText) {
            if command == nil { text += part.shellText } else { command?.append(plain: part.shellText) }
        }

        /// A command's beginning.
        package mutating func appendInterpolation(shell part: ShellCommand) {
            if command == nil { text += part.shellText } else { command?.append(part.command) }
        }

        /// Numbers and addresses, outside of commands.
        package mutating func appendInterpolation(_ part: some ShellText) { appendInterpolation(shell: part) }

        /// Prose, outside of commands.
        package mutating func appendInterpolation(text prose: String) {
            if command == nil { text += Hint.withoutBackticks(prose) } else { appendInterpolation(shell: prose) }
        }

        package mutating func appendInterpolation(text name: Name) { appendInterpolation(text: name.string) }

        /// A part of a hint, outside of commands.
        package mutating func appendInterpolation(_ part: Hint) {
            if command == nil { text += part.text } else { appendInterpolation(shell: part.text) }
        }

        private mutating func toggle() {
            if let open = command {
                text += open.finished + "`"
                command = nil
            } else {
                text += "`"
                command = CommandText()
            }
        }

        fileprivate var finished: String {
            var whole = self
            if command != nil { whole.toggle() }
            return whole.text
        }
    }

    private static func withoutBackticks(_ prose: String) -> String {
        guard prose.utf8.contains(UInt8(ascii: "`")) else { return prose }
        return String(decoding: prose.utf8.map { $0 == UInt8(ascii: "`") ? UInt8(ascii: "'") : $0 }, as: UTF8.self)
    }
}
