import Model
import Text

/// Takes a shell script apart into words, one after the other.
struct ScriptReader {
    let bytes: [UInt8]
    var at = 0
    var line: Int
    /// What ends the texts that follow this line (`<<END`).
    private var hereDocuments: [(end: String, isIndented: Bool)] = []

    init(_ text: String, line: Int) {
        // With CR LF at the ends of lines the shell would stumble; people who write so mean LF.
        bytes = Array(text.replacing(bytes: "\r\n", with: "\n").utf8)
        self.line = line
    }

    var isAtEnd: Bool { at >= bytes.count }
    var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    func startsWith(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            at + text.count <= bytes.count && bytes[at..<at + text.count].elementsEqual(text)
        }
    }

    mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where at < bytes.count {
            if bytes[at] == UInt8(ascii: "\n") { line += 1 }
            at += 1
        }
    }

    // MARK: Blanks

    /// Blanks, comments, and line ends that a backslash takes away.
    mutating func skipBlanks() {
        while let byte = peek {
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
                advance()
            } else if startsWith("\\\n") {
                advance(2)
            } else if byte == UInt8(ascii: "#"), at == 0 || bytes[at - 1].isBlank || bytes[at - 1].isOne(of: ";&|()") {
                while let byte = peek, byte != UInt8(ascii: "\n") { advance() }
            } else {
                return
            }
        }
    }

    mutating func skipLineEnds() {
        skipBlanks()
        while peek == UInt8(ascii: "\n") {
            takeLineEnd()
            skipBlanks()
        }
    }

    /// Line ends and what else stands between statements.
    mutating func skipSeparators() {
        skipLineEnds()
        while let byte = peek, byte.isOne(of: ";&"), !startsWith(";;"), !startsWith("&&"), !startsWith("&>") {
            advance()
            skipLineEnds()
        }
    }

    private mutating func takeLineEnd() {
        advance()
        for document in hereDocuments {
            while !isAtEnd {
                let rest = bytes[at...]
                var text = rest.prefix { $0 != UInt8(ascii: "\n") }
                advance(text.count + 1)
                if document.isIndented { text = text.drop { $0 == UInt8(ascii: "\t") } }
                if text.elementsEqual(document.end.utf8) { break }
            }
        }
        hereDocuments = []
    }

    /// From `((` to behind `))`.
    mutating func skipArithmetic() -> Bool {
        var depth = 0
        while let byte = peek {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            advance()
            if depth == 0 { return true }
        }
        return false
    }

    // MARK: Plain words

    /// The next word, where it is plain text; nothing is taken.
    func peekWord() -> String? {
        var copy = self
        copy.skipBlanks()
        let word = copy.bytes[copy.at...].prefix { !$0.isBlank && !$0.isOne(of: ";&|()<>\"'$`\\") }
        return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
    }

    mutating func takeAnyWord() {
        skipBlanks()
        advance(peekWord()?.utf8.count ?? 0)
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard peekWord() == word else { return false }
        takeAnyWord()
        return true
    }

    // MARK: Redirections

    mutating func redirection() -> ScriptRedirection? {
        skipBlanks()
        var copy = self
        while let byte = copy.peek, byte.isDigit { copy.advance() }
        if copy.startsWith("&>") { copy.advance() }
        guard let byte = copy.peek, byte.isOne(of: "<>") else { return nil }
        if copy.startsWith("<(") || copy.startsWith(">(") { return nil }
        self = copy
        let line = line
        if startsWith("<<<") {
            advance(3)
            return word().map { ScriptRedirection(kind: .text, word: $0, line: line) }
        }
        if startsWith("<<") {
            advance(2)
            let isIndented = peek == UInt8(ascii: "-")
            if isIndented { advance() }
            guard let word = word() else { return nil }
            let end = word.literal ?? ""
            let part = hereDocuments.isEmpty ? hereDocument(end, isIndented) : .unknown
            hereDocuments.append((end, isIndented))
            return ScriptRedirection(kind: .text, word: ScriptWord(parts: [part]), line: line)
        }
        let isOutput = byte == UInt8(ascii: ">") || startsWith("<>")
        advance()
        while let byte = peek, byte.isOne(of: ">|&") { advance() }
        return word().map { ScriptRedirection(kind: isOutput ? .output : .input, word: $0, line: line) }
    }

    /// The text that follows this line, which is not taken yet; unknown where something in it is replaced.
    private func hereDocument(_ end: String, _ isIndented: Bool) -> ScriptWord.Part {
        var lines: [String] = []
        for line in bytes[at...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst() {
            let text = isIndented ? line.drop { $0 == UInt8(ascii: "\t") } : line
            if text.elementsEqual(end.utf8) { return .text(lines.joined(separator: "\n")) }
            guard !text.contains(where: { $0.isOne(of: "$`\\") }), lines.count < ScriptValues.limit else { break }
            lines.append(String(decoding: text, as: UTF8.self))
        }
        return .unknown
    }

    // MARK: Assignments

    /// `NAME=value`, `NAME+=value`, `NAME=(values)`.
    mutating func assignment() -> (name: Name, value: ScriptWord)? {
        skipBlanks()
        let name = bytes[at...].prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
        guard let first = name.first, !first.isDigit else { return nil }
        let rest = bytes[(at + name.count)...]
        let isSum = rest.starts(with: "+=".utf8)
        guard isSum || rest.first == UInt8(ascii: "=") else { return nil }
        let text = Name(String(decoding: name, as: UTF8.self))
        advance(name.count + (isSum ? 2 : 1))
        var value = ScriptWord()
        if peek == UInt8(ascii: "(") {
            advance()
            while true {
                skipLineEnds()
                guard let word = word() else { break }
                value.parts += (value.parts.isEmpty ? [] : [.text(" ")]) + word.parts
            }
            guard peek == UInt8(ascii: ")") else { return nil }
            advance()
        } else if let byte = peek, !byte.isBlank, let word = word() {
            value = word
        }
        if isSum { value.parts.insert(.variable(ScriptVariable(name: text)), at: 0) }
        return (text, value)
    }
}
