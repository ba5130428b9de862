/// What bash has to put in the place of the text before the cursor, so that the word there becomes another: the text as it
/// was typed, and the rest of the word in the quotes that are open.
///
/// bash does not take a word as it was typed, but what stands behind the last quote that is open, or behind one of
/// `COMP_WORDBREAKS`; nothing before that may be changed. So completing is to add, and never to write anew.
struct BashWord {
    private let line: ShellLine
    /// The text that bash replaces.
    private let replaced: String

    /// - Parameters:
    ///   - text: the line up to the cursor.
    ///   - replaced: what bash says that it replaces, its function's `$2`. Where another function passed the word on, it
    ///     may begin with its quote.
    /// - Returns: nil where only the shell knows what stands there.
    init?(_ line: ShellLine, text: String, replaced: String) {
        guard !line.isUnreadable, line.current.isKnown else { return nil }
        self.line = line
        if line.quotes == .none {
            guard text.utf8.reversed().starts(with: replaced.utf8.reversed()) else { return nil }
            self.replaced = replaced
        } else {
            self.replaced = String(decoding: text.utf8.suffix(line.bytesInQuotes), as: UTF8.self)
        }
    }

    /// What makes this of the word; nil where what was typed is not its beginning.
    func completed(to word: String) -> String? {
        let typed = line.current.text.utf8
        guard word.utf8.starts(with: typed) else { return nil }
        var rest: [UInt8] = []
        for byte in word.utf8.dropFirst(typed.count) { rest += quoted(byte) }
        if line.isEscaped {
            // The backslash that stands there is the one that the rest would begin with. Outside of quotes it may also
            // stand before what needs none.
            if rest.first == UInt8(ascii: "\\") {
                rest.removeFirst()
            } else if line.quotes != .none || rest.isEmpty {
                return nil
            }
        }
        return fitted(Array(replaced.utf8) + rest)
    }

    /// As readline wants it within quotes. It closes them itself behind the only candidate, unless it ends with such a
    /// quote; and it takes the opening one away if the candidate begins with such a quote.
    private func fitted(_ text: [UInt8]) -> String {
        var text = text
        switch line.quotes {
        case .none: break
        case .single:
            if text.last == UInt8(ascii: "'") { text.removeLast() }
            if text.first == UInt8(ascii: "'") { text.insert(UInt8(ascii: "'"), at: 0) }
        case .double:
            if text.last == UInt8(ascii: "\"") { text.append(UInt8(ascii: "\"")) }
            if text.first == UInt8(ascii: "\"") { text.insert(UInt8(ascii: "\""), at: 0) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func quoted(_ byte: UInt8) -> [UInt8] {
        switch line.quotes {
        case .none:
            let isPlain =
                byte >= 0x80 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-_./:@%+=,".utf8.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "\\"), byte]
        case .single: return byte == UInt8(ascii: "'") ? Array(#"'\''"#.utf8) : [byte]
        case .double:
            // Between double quotes bash looks for earlier commands, and a backslash before the mark would stay.
            if byte == UInt8(ascii: "!") { return Array(#""'!'""#.utf8) }
            return #"$`"\"#.utf8.contains(byte) ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }
}
