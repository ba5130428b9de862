import Text

/// A command as it is put together, in which a name that begins with a hyphen is no option.
///
/// A pool called `--connect=…` would else have its own way with whoever pastes the command. virsh and vfpool take such a
/// word as an option's value after `=`, and as an argument after `--`, behind everything else.
struct CommandText: Sendable {
    private enum Piece: Sendable {
        /// What is written in the source.
        case literal(String)
        case word(ShellWord)
        /// What needs no quotes, or has them.
        case plain(String)
    }

    private var pieces: [Piece] = []

    mutating func append(literal: String) { pieces.append(.literal(literal)) }

    mutating func append(_ word: ShellWord) { pieces.append(.word(word)) }

    mutating func append(plain part: String) { pieces.append(.plain(part)) }

    mutating func append(_ part: CommandText) { pieces += part.pieces }

    /// As it can be pasted into a shell.
    var finished: String {
        var line = Line()
        for piece in pieces {
            switch piece {
            case .literal(let text): line.append(literal: text)
            case .word(let word): line.append(word)
            case .plain(let text): line.text += text
            }
        }
        line.close()
        return line.text
    }

    /// The text as it grows.
    private struct Line {
        var text = ""
        /// Where the command begins that is being put together: a line may be several.
        private var start = 0
        /// Words for the command's end.
        private var behind: [String] = []

        mutating func append(literal: String) {
            for (index, part) in Self.split(literal).enumerated() {
                if index > 0 {
                    close()
                    start = text.utf8.count
                }
                text += part
            }
        }

        mutating func append(_ word: ShellWord) {
            let quoted = word.shellText
            let command = text.utf8.dropFirst(start)
            let words = command.split(separator: UInt8(ascii: " ")).drop { Self.isEnd(String(Substring($0))) }
            guard word.isLikeOption, command.last == UInt8(ascii: " "), let program = words.first,
                let last = words.last, program.elementsEqual("vfpool".utf8) || program.elementsEqual("virsh".utf8)
            else {
                text += quoted
                return
            }
            text.unicodeScalars.removeLast()
            if last.starts(with: "--".utf8) {
                text += "=" + quoted
            } else {
                behind.append(quoted)
            }
        }

        mutating func close() {
            guard !behind.isEmpty else { return }
            // Before what parts it from the next command, which is still to come.
            text += " -- " + behind.joined(separator: " ")
            behind = []
        }

        private static func isEnd(_ word: String) -> Bool { ["&&", "|", ">", ";"].contains(word) }

        /// At what ends a command, each part but the first beginning with it.
        private static func split(_ literal: String) -> [String] {
            var parts: [String] = [""]
            for word in literal.split(byte: " ", keepsEmpty: true).enumerated() {
                let piece = word.offset == 0 ? String(word.element) : " " + word.element
                if isEnd(String(word.element)) {
                    parts.append(piece)
                } else {
                    parts[parts.count - 1] += piece
                }
            }
            return parts
        }
    }
}
