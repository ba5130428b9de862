package import Text

/// What to do next, after an error or a finding, with commands in backticks that can be pasted into a shell.
///
/// Names come from documents that anyone may have written, so a name is never taken as it is: in a command,
/// `\(shell: name)` makes one quoted word of it; outside, `\(text: name)` can neither open nor close a command. There is
/// no `\(name)`, and no way in for a text that is not written in the source.
package struct Hint: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    fileprivate enum Part: Sendable {
        case prose(String)
        case command(CommandText)
    }

    private let parts: [Part]
    /// What is said to some instead; none: nothing helps there.
    private var others: [Audience: [Part]] = [:]

    /// The same, but for specs and those who write them.
    package func inSpec(_ other: Hint?) -> Hint { saying(other, to: .spec) }

    /// The same, but for documents that are rewritten without a host.
    package func inRewrite(_ other: Hint?) -> Hint { saying(other, to: .rewrite) }

    /// The same, but for a change that takes another back.
    package func inUndo(_ other: Hint?) -> Hint { saying(other, to: .undo) }

    private func saying(_ other: Hint?, to audience: Audience) -> Hint {
        var copy = self
        copy.others[audience] = other?.parts ?? []
        return copy
    }

    /// As it is for them; nil where nothing helps there. Without a host, no command does that needs one.
    func told(_ audience: Audience) -> Hint? {
        if let other = others[audience] { return other.isEmpty ? nil : Hint(other) }
        guard audience == .rewrite else { return self }
        let needsHost = parts.contains { part in
            if case .command(let command) = part { !command.finished.hasPrefix(bytes: "-") } else { false }
        }
        return needsHost ? nil : self
    }

    private init(_ parts: [Part]) { self.parts = parts }

    /// As people read it.
    package var text: String {
        parts.map { part in
            switch part {
            case .prose(let text): text
            case .command(let command): "`" + command.finished + "`"
            }
        }.joined()
    }

    package var description: String { text }

    package static func == (left: Hint, right: Hint) -> Bool { left.text.isSame(as: right.text) }

    package func hash(into hasher: inout Hasher) { hasher.combine(Name(text)) }

    package init(stringLiteral value: StaticString) {
        var whole = StringInterpolation(literalCapacity: 0, interpolationCount: 0)
        whole.appendLiteral(value)
        parts = whole.finished
    }

    package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.finished }

    /// Prose that is not vfpool's own, such as a library's words.
    package init(prose: String) { parts = [.prose(Self.withoutBackticks(prose))] }

    package struct StringInterpolation: StringInterpolationProtocol {
        private var parts: [Part] = []
        /// The command that is open.
        private var command: CommandText?

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: StaticString) {
            for (index, part) in literal.description.split(byte: "`", keepsEmpty: true).map(String.init).enumerated() {
                if index > 0 { toggle() }
                if command == nil { parts.append(.prose(part)) } else { command?.append(literal: part) }
            }
        }

        /// A word of a command.
        package mutating func appendInterpolation(shell word: String) { appendInterpolation(shell: ShellWord(word)) }

        package mutating func appendInterpolation(shell name: Name) { appendInterpolation(shell: ShellWord(name)) }

        /// A word of a command.
        package mutating func appendInterpolation(shell word: ShellWord) {
            if command == nil { parts.append(.prose(word.shellText)) } else { command?.append(word) }
        }

        /// A part of a command that needs no quotes, or has them.
        package mutating func appendInterpolation(shell part: some ShellText) {
            if command == nil { parts.append(.prose(part.shellText)) } else { command?.append(plain: part.shellText) }
        }

        /// A command's beginning.
        package mutating func appendInterpolation(shell part: ShellCommand) {
            if command == nil { parts.append(.prose(part.shellText)) } else { command?.append(part.command) }
        }

        /// Numbers and addresses, outside of commands.
        package mutating func appendInterpolation(_ part: some ShellText) { appendInterpolation(shell: part) }

        /// Prose, outside of commands.
        package mutating func appendInterpolation(text prose: String) {
            if command == nil {
                parts.append(.prose(Hint.withoutBackticks(prose)))
            } else {
                appendInterpolation(shell: prose)
            }
        }

        package mutating func appendInterpolation(text name: Name) { appendInterpolation(text: name.string) }

        /// A part of a hint, outside of commands.
        package mutating func appendInterpolation(_ part: Hint) {
            if command == nil { parts += part.parts } else { appendInterpolation(shell: part.text) }
        }

        private mutating func toggle() {
            if let open = command { parts.append(.command(open)) }
            command = command == nil ? CommandText() : nil
        }

        fileprivate var finished: [Part] {
            var whole = self
            if command != nil { whole.toggle() }
            return whole.parts
        }
    }

    private static func withoutBackticks(_ prose: String) -> String {
        guard prose.utf8.contains(UInt8(ascii: "`")) else { return prose }
        return String(decoding: prose.utf8.map { $0 == UInt8(ascii: "`") ? UInt8(ascii: "'") : $0 }, as: UTF8.self)
    }
}
