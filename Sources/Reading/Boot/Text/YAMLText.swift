import Model
import Text

/// Reads YAML as configuration files have it: mappings and sequences, in blocks or in brackets; scalars as text.
///
/// JSON is YAML. Anchors, aliases and keys that are no scalars are not understood.
struct YAMLText {
    private struct Line {
        var indent: Int
        var text: Substring
        var number: Int
    }

    private var lines: [Line] = []
    private var at = 0
    private var depth = 0

    /// - Returns: nil where it is not understood.
    static func read(_ text: String) -> YAMLNode? {
        var reader = YAMLText()
        for (index, full) in text.lines.enumerated() {
            let indent = full.prefix(bytes: { $0 == UInt8(ascii: " ") }).utf8.count
            let line = uncommented(full.dropFirstBytes(indent)).trimmed
            guard !line.isEmpty, !line.isSame(as: "---"), !line.hasPrefix(bytes: "%") else { continue }
            if line.isSame(as: "...") { break }
            reader.lines.append(Line(indent: indent, text: line, number: index + 1))
        }
        guard !reader.lines.isEmpty else { return .mapping([], line: 1) }
        guard let node = reader.block(atLeast: 0), reader.at == reader.lines.count else { return nil }
        return node
    }

    /// Without a comment: `#` at the start or behind a blank, outside of quotes.
    private static func uncommented(_ text: Substring) -> Substring {
        var quote: UInt8?
        var last = UInt8(ascii: " ")
        for index in text.utf8.indices {
            let byte = text.utf8[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte.isOne(of: "'\""), last.isBlank || last.isOne(of: "[{,:") {
                quote = byte
            } else if byte == UInt8(ascii: "#"), last.isBlank {
                return text[..<index]
            }
            last = byte
        }
        return text
    }

    // MARK: Blocks

    private mutating func block(atLeast indent: Int) -> YAMLNode? {
        depth += 1
        defer { depth -= 1 }
        guard at < lines.count, lines[at].indent >= indent, depth < 64 else { return .scalar("", line: 0) }
        let line = lines[at]
        if line.text.isSame(as: "-") || line.text.hasPrefix(bytes: "- ") { return sequence(line.indent) }
        if Self.key(line.text) != nil { return mapping(line.indent) }
        return value(line.text, line.number)
    }

    private mutating func sequence(_ indent: Int) -> YAMLNode? {
        let start = lines[at].number
        var items: [YAMLNode] = []
        while at < lines.count, lines[at].indent == indent {
            let line = lines[at]
            guard line.text.isSame(as: "-") || line.text.hasPrefix(bytes: "- ") else { break }
            let rest = line.text.dropFirstBytes(1)
            let inside = rest.drop(bytes: \.isBlank)
            if inside.isEmpty {
                at += 1
                guard let item = block(atLeast: indent + 1) else { return nil }
                items.append(item)
            } else {
                // What follows the dash is a block of its own, as deep as it stands.
                let inner = indent + 1 + rest.utf8.count - inside.utf8.count
                lines[at] = Line(indent: inner, text: inside, number: line.number)
                guard let item = block(atLeast: inner) else { return nil }
                items.append(item)
            }
        }
        return .sequence(items, line: start)
    }

    private mutating func mapping(_ indent: Int) -> YAMLNode? {
        let start = lines[at].number
        var entries: [(key: Name, value: YAMLNode)] = []
        while at < lines.count, lines[at].indent == indent, let (key, rest) = Self.key(lines[at].text) {
            let line = lines[at]
            let value: YAMLNode?
            if rest.isEmpty {
                at += 1
                // A sequence may stand as deep as its key.
                let isSequence = at < lines.count && lines[at].indent == indent && lines[at].text.hasPrefix(bytes: "-")
                value = isSequence ? sequence(indent) : block(atLeast: indent + 1)
            } else if let first = rest.utf8.first, first.isOne(of: "|>") {
                at += 1
                while at < lines.count, lines[at].indent > indent { at += 1 }
                value = .scalar("", line: line.number)
            } else {
                value = self.value(rest, line.number)
                // A plain scalar goes on in the deeper lines below; none that matters here is so long.
                if case .scalar = value {
                    while at < lines.count, lines[at].indent > indent { at += 1 }
                }
            }
            guard let value else { return nil }
            entries.append((Name(key), value.line == 0 ? .scalar("", line: line.number) : value))
        }
        return entries.isEmpty ? nil : .mapping(entries, line: start)
    }

    /// A key, and what follows its colon.
    private static func key(_ text: Substring) -> (key: String, rest: Substring)? {
        if let first = text.utf8.first, first.isOne(of: "[{&*?!|>") { return nil }
        var flow = YAMLFlow(text, line: 0)
        guard let key = flow.scalar(endedBy: ""), let rest = flow.rest.without(prefix: ":") else { return nil }
        guard rest.isEmpty || rest.utf8.first?.isBlank ?? false else { return nil }
        return (key, rest.trimmed)
    }

    /// A scalar, or what stands in brackets, which may go on in the lines below.
    private mutating func value(_ text: Substring, _ number: Int) -> YAMLNode? {
        at += 1
        if let first = text.utf8.first, first.isOne(of: "&*!") { return nil }
        var all = String(text)
        while !YAMLFlow.isWhole(all), at < lines.count {
            all += " " + lines[at].text
            at += 1
        }
        var flow = YAMLFlow(all[...], line: number)
        return flow.whole()
    }
}
