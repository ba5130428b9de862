package import Text

/// One word of a shell command, quoted: every POSIX shell reads it as that word, byte for byte, and as nothing else.
///
/// It is quoted by bytes, as a shell reads it: a quote with an accent on it is one Character, and a quote all the same. What
/// a terminal would act on, or not show, is written as an octal number for `printf`, and so is the backtick, with which
/// hints mark where a command begins and ends. So a hint holds the same command however it is printed.
package struct ShellWord: Sendable, Hashable, ShellText, CustomStringConvertible {
    /// The word as it stands in a command.
    package let shellText: String

    /// Whether a program could take it for an option, quoted or not.
    let isLikeOption: Bool

    package var description: String { shellText }

    package static func == (left: ShellWord, right: ShellWord) -> Bool { left.shellText.isSame(as: right.shellText) }

    package func hash(into hasher: inout Hasher) { hasher.combine(Name(shellText)) }

    package init(_ text: String) {
        isLikeOption = text.utf8.first == UInt8(ascii: "-")
        if Self.isPlain(text.utf8) {
            shellText = text
        } else {
            shellText = Self.quoted(text.unicodeScalars.map { Unit(Array(String($0).utf8), isOdd: Self.isOdd($0)) })
        }
    }

    package init(_ name: Name) { self.init(name.string) }

    /// A name of the kernel's, or a path, which need not be UTF-8.
    package init(bytes: some Collection<UInt8>) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            isLikeOption = bytes.first == UInt8(ascii: "-")
            shellText = Self.quoted(bytes.map { Unit([$0], isOdd: $0 >= 0x80 || Self.isOdd(Unicode.Scalar($0))) })
            return
        }
        self = ShellWord(text)
    }

    // MARK: Quoting

    /// A scalar, or a byte that is none.
    private struct Unit {
        var bytes: [UInt8]
        var isOdd: Bool

        init(_ bytes: [UInt8], isOdd: Bool) {
            self.bytes = bytes
            self.isOdd = isOdd
        }

        var isNewline: Bool { bytes == [0x0A] }
    }

    /// Whether no shell sees more in it than a word. `=` at its beginning, zsh takes for the name of a program.
    private static func isPlain(_ bytes: String.UTF8View) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "=") else { return false }
        return bytes.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "@%+=:,./_-") }
    }

    private static func isOdd(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value < 0x20 || scalar == "`" }
        return switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func quoted(_ units: [Unit]) -> String {
        // A shell takes newlines off the end of what a command prints: there they stand as they are.
        let end = units.lastIndex { !$0.isNewline }.map { $0 + 1 } ?? 0
        var text = ""
        var rest = units[..<end]
        while let first = rest.first {
            if first.isOdd {
                var run: [UInt8] = []
                while let next = rest.first, next.isOdd || run.last == 0x0A {
                    run += next.bytes
                    rest.removeFirst()
                }
                text += "\"$(printf '" + run.map(octal).joined() + "')\""
            } else {
                let run = rest.prefix { !$0.isOdd }
                text += inQuotes(run.flatMap(\.bytes))
                rest = rest.dropFirst(run.count)
            }
        }
        let newlines = units[end...].flatMap(\.bytes)
        return text.isEmpty || !newlines.isEmpty ? text + inQuotes(newlines) : text
    }

    private static func inQuotes(_ bytes: [UInt8]) -> String {
        var result = [UInt8(ascii: "'")]
        for byte in bytes {
            if byte == UInt8(ascii: "'") { result += "'\\''".utf8 } else { result.append(byte) }
        }
        result.append(UInt8(ascii: "'"))
        return String(decoding: result, as: UTF8.self)
    }

    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }
}
