import Model
import Text

extension ScriptReader {
    /// The next word, with all that is quoted and replaced in it; nil where none begins.
    mutating func word() -> ScriptWord? { word(endedBy: ";&|()<>") }

    /// A word between `[[` and `]]`, where signs are words.
    mutating func testWord() -> ScriptWord? {
        skipLineEnds()
        for sign in ["&&", "||"] as [StaticString] where startsWith(sign) {
            advance(2)
            return ScriptWord(parts: [.text(String(describing: sign))])
        }
        if let byte = peek, byte.isOne(of: "<>()|&") {
            advance()
            return ScriptWord(parts: [.text(String(UnicodeScalar(byte)))])
        }
        return word()
    }

    private mutating func word(endedBy ends: StaticString) -> ScriptWord? {
        skipBlanks()
        var builder = WordBuilder()
        if startsWith("<(") || startsWith(">(") {
            advance(2)
            _ = nested(UInt8(ascii: "("), UInt8(ascii: ")"))
            return ScriptWord(parts: [.unknown])
        }
        let start = at
        while let byte = peek, !byte.isBlank, !byte.isOne(of: ends) {
            switch byte {
            case UInt8(ascii: "\\"):
                advance()
                if let next = peek {
                    // In a pattern it still has its meaning.
                    if next.isOne(of: "*?[") { builder.text.append(byte) }
                    if next != UInt8(ascii: "\n") { builder.text.append(next) }
                    advance()
                }
            case UInt8(ascii: "'"):
                advance()
                while let next = peek, next != byte {
                    builder.text.append(next)
                    advance()
                }
                advance()
            case UInt8(ascii: "\""):
                advance()
                doubleQuoted(&builder)
            default:
                takeUnquoted(byte, &builder)
            }
        }
        return at == start ? nil : builder.whole
    }

    private mutating func takeUnquoted(_ byte: UInt8, _ builder: inout WordBuilder) {
        if byte.isOne(of: "$`"), let part = replaced() {
            builder.add(part)
            builder.splits = true
        } else {
            builder.text.append(byte)
            advance()
        }
    }

    private mutating func doubleQuoted(_ builder: inout WordBuilder) {
        while let byte = peek, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                advance()
                if let next = peek {
                    if !next.isOne(of: "$`\"\\\n") { builder.text.append(byte) }
                    if next != UInt8(ascii: "\n") { builder.text.append(next) }
                    advance()
                }
            } else if byte.isOne(of: "$`"), let part = replaced() {
                builder.add(part)
                if case .variable(let variable) = part, variable.isList { builder.splits = true }
            } else {
                builder.text.append(byte)
                advance()
            }
        }
        advance()
    }

    /// What stands at a `$` or a backquote; nil, and nothing taken, where it is only a dollar sign.
    private mutating func replaced() -> ScriptWord.Part? {
        if peek == UInt8(ascii: "`") {
            advance()
            var script: [UInt8] = []
            while let byte = peek, byte != UInt8(ascii: "`") {
                advance()
                // A backslash hides those of scripts in the script.
                if byte == UInt8(ascii: "\\"), let next = peek, next.isOne(of: "`$\\") {
                    script.append(next)
                    advance()
                } else {
                    script.append(byte)
                }
            }
            advance()
            return .substitution(String(decoding: script, as: UTF8.self))
        }
        if startsWith("$((") {
            advance()
            _ = skipArithmetic()
            return .unknown
        }
        if startsWith("$(") {
            advance(2)
            return .substitution(nested(UInt8(ascii: "("), UInt8(ascii: ")")))
        }
        if startsWith("${") {
            advance(2)
            return .variable(ScriptVariable(braces: nested(UInt8(ascii: "{"), UInt8(ascii: "}"))))
        }
        let rest = bytes[(at + 1)...]
        guard let first = rest.first else { return nil }
        if first.isOne(of: "'\"") {
            advance()
            return .text("")
        }
        if first.isDigit || first.isOne(of: "@*#?$!-") {
            advance(2)
            return .variable(ScriptVariable(braces: String(UnicodeScalar(first))))
        }
        let name = rest.prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
        guard !name.isEmpty else { return nil }
        advance(1 + name.count)
        return .variable(ScriptVariable(name: Name(String(decoding: name, as: UTF8.self))))
    }

    /// What stands up to the bracket that ends it, which is taken.
    private mutating func nested(_ open: UInt8, _ close: UInt8) -> String {
        var depth = 1
        var quote: UInt8?
        var text: [UInt8] = []
        while let byte = peek {
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'"), at + 1 < bytes.count {
                text.append(byte)
                advance()
            } else if let open = quote {
                if byte == open { quote = nil }
            } else if byte.isOne(of: "'\"") {
                quote = byte
            } else if byte == open {
                depth += 1
            } else if byte == close {
                depth -= 1
                if depth == 0 { break }
            }
            if let byte = peek { text.append(byte) }
            advance()
        }
        advance()
        return String(decoding: text, as: UTF8.self)
    }
}

/// Puts a word together from its text and what is replaced in it.
private struct WordBuilder {
    var text: [UInt8] = []
    var splits = false
    private var parts: [ScriptWord.Part] = []

    mutating func add(_ part: ScriptWord.Part) {
        endText()
        parts.append(part)
    }

    var whole: ScriptWord {
        mutating get {
            endText()
            return ScriptWord(parts: parts, splits: splits)
        }
    }

    private mutating func endText() {
        if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
    }
}

extension ScriptVariable {
    /// What stands between `${` and `}`, or behind `$`.
    init(braces text: String) {
        if text.isSame(as: "@") || text.isSame(as: "*") {
            self.init(name: "@", isList: true)
            return
        }
        let name = text.prefix(bytes: { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
        self.init(name: Name(name))
        var rest = text.dropFirstBytes(name.utf8.count)
        if let others = rest.without(prefix: "[@]") ?? rest.without(prefix: "[*]") {
            isList = true
            rest = others
        }
        if name.isEmpty {
            change = .unknown
        } else if rest.isSame(as: "##*/") {
            change = .lastPart
        } else if rest.isSame(as: "%/*") {
            change = .withoutLastPart
        } else if let value = rest.without(prefix: ":-") ?? rest.without(prefix: ":=") ?? rest.without(prefix: "-") {
            change = .fallback(String(value))
        } else if !rest.isEmpty {
            change = .unknown
        }
    }
}

extension StringProtocol where SubSequence == Substring {
    func dropFirstBytes(_ count: Int) -> Substring { Substring(self[...].utf8.dropFirst(count)) }
}
