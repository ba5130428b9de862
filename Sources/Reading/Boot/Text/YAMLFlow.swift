import Model
import Text

/// YAML in brackets, and scalars: what stands on one line.
struct YAMLFlow {
    private(set) var rest: Substring
    private let line: Int
    private var depth = 0

    init(_ text: Substring, line: Int) {
        rest = text
        self.line = line
    }

    /// Whether every bracket and quote that opens is closed again.
    static func isWhole(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isOne(of: "[{\"'") else { return true }
        var depth = 0
        var quote: UInt8?
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                isEscaped = false
            } else if let open = quote {
                if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\"") { isEscaped = true }
                if byte == open { quote = nil }
            } else if byte.isOne(of: "\"'") {
                quote = byte
            } else if byte.isOne(of: "[{") {
                depth += 1
            } else if byte.isOne(of: "]}") {
                depth -= 1
            }
        }
        return depth <= 0 && quote == nil
    }

    mutating func whole() -> YAMLNode? {
        guard let node = node(endedBy: "") else { return nil }
        return rest.trimmed.isEmpty ? node : nil
    }

    private mutating func node(endedBy ends: StaticString) -> YAMLNode? {
        depth += 1
        defer { depth -= 1 }
        skipBlanks()
        guard depth < 64 else { return nil }
        switch rest.utf8.first {
        case UInt8(ascii: "{"): return mapping()
        case UInt8(ascii: "["): return sequence()
        default:
            return scalar(endedBy: ends, isValue: true).map { .scalar($0, line: line) }
        }
    }

    private mutating func mapping() -> YAMLNode? {
        var entries: [(key: Name, value: YAMLNode)] = []
        take(1)
        while true {
            skipBlanks()
            guard let first = rest.utf8.first else { return nil }
            if first == UInt8(ascii: "}") { break }
            if first == UInt8(ascii: ",") {
                take(1)
                continue
            }
            guard let key = scalar(endedBy: ",}") else { return nil }
            skipBlanks()
            var value = YAMLNode.scalar("", line: line)
            if rest.utf8.first == UInt8(ascii: ":") {
                take(1)
                guard let node = node(endedBy: ",}") else { return nil }
                value = node
            }
            entries.append((Name(key), value))
        }
        take(1)
        return .mapping(entries, line: line)
    }

    private mutating func sequence() -> YAMLNode? {
        var items: [YAMLNode] = []
        take(1)
        while true {
            skipBlanks()
            guard let first = rest.utf8.first else { return nil }
            if first == UInt8(ascii: "]") { break }
            if first == UInt8(ascii: ",") {
                take(1)
                continue
            }
            guard let item = node(endedBy: ",]") else { return nil }
            items.append(item)
        }
        take(1)
        return .sequence(items, line: line)
    }

    /// A scalar up to one of these bytes; a key, up to a colon with a blank behind it.
    mutating func scalar(endedBy ends: StaticString, isValue: Bool = false) -> String? {
        if let quote = rest.utf8.first, quote.isOne(of: "\"'") { return quoted(quote) }
        var index = rest.utf8.startIndex
        while index < rest.utf8.endIndex, !rest.utf8[index].isOne(of: ends) {
            let next = rest.utf8.index(after: index)
            if !isValue, rest.utf8[index] == UInt8(ascii: ":") {
                // `{a:1}` is one key; `{"a":1}`, as JSON has it, ended with its quote.
                if next == rest.utf8.endIndex || rest.utf8[next].isBlank || rest.utf8[next].isOne(of: ends) { break }
            }
            index = next
        }
        let text = rest[..<index]
        rest = rest[index...]
        return String(text.trimmed)
    }

    private mutating func quoted(_ quote: UInt8) -> String? {
        var bytes: [UInt8] = []
        var left = Array(rest.utf8)[1...]
        while let byte = left.first {
            left = left.dropFirst()
            if byte == quote {
                guard quote == UInt8(ascii: "'"), left.first == quote else {
                    rest = rest.dropFirstBytes(rest.utf8.count - left.count)
                    return String(decoding: bytes, as: UTF8.self)
                }
                left = left.dropFirst()
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let next = left.first {
                left = left.dropFirst()
                bytes.append(next)
                continue
            }
            bytes.append(byte)
        }
        return nil
    }

    private mutating func skipBlanks() { rest = rest.drop(bytes: \.isBlank) }
    private mutating func take(_ count: Int) { rest = rest.dropFirstBytes(count) }
}
