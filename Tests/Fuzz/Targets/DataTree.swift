import Fleet
import TestSupport
import Text
import YAML

/// Maps, lists and words, as a mutation of YAML or JSON sees them.
indirect enum DataTree {
    /// `isText`: in quotation marks, also where it looks like a number.
    case word(String, isText: Bool)
    case list([DataTree])
    case map([(key: String, value: DataTree)])

    /// - Returns: nil for a text that can't be read.
    init?(yaml text: [UInt8]) {
        guard let node = try? Parser.parse(text) else { return nil }
        self.init(node)
    }

    private init(_ node: Node) {
        switch node.content {
        case .scalar(let text, let isPlain): self = .word(text, isText: !isPlain)
        case .list(let items): self = .list(items.map { DataTree($0) })
        case .map(let entries): self = .map(entries.map { ($0.key.string, DataTree($0.value)) })
        }
    }

    // MARK: Writing

    /// JSON, or YAML in brackets.
    func flow(isJSON: Bool) -> String {
        switch self {
        case .word(let text, let isText): return isText || Self.needsQuotes(text, isJSON) ? Self.quoted(text) : text
        case .list(let items): return "[" + items.map { $0.flow(isJSON: isJSON) }.joined(separator: ", ") + "]"
        case .map(let entries):
            let pairs = entries.map { key, value in
                let key = isJSON || Self.needsQuotes(key, false) ? Self.quoted(key) : key
                return "\(key): \(value.flow(isJSON: isJSON))"
            }
            return "{" + pairs.joined(separator: ", ") + "}"
        }
    }

    /// YAML in lines. Some of what is within is in brackets, and some lines have comments.
    func block(_ depth: Int, _ generator: inout SeededGenerator) -> String {
        let blanks = String(repeating: "  ", count: depth)
        let isFlow = generator.once(in: 3)
        switch self {
        case .list(let items) where !items.isEmpty && !(isFlow && depth > 0):
            return "\n"
                + items.map { "\(blanks)- \($0.flow(isJSON: false))\(Self.comment(&generator))" }.joined(
                    separator: "\n")
        case .map(let entries) where !entries.isEmpty && !(isFlow && depth > 0):
            let lines = entries.map { key, value in
                let key = Self.needsQuotes(key, false) ? Self.quoted(key) : key
                let text = value.block(depth + 1, &generator)
                return "\(blanks)\(key):\(text.utf8.first == UInt8(ascii: "\n") ? "" : " ")\(text)"
            }
            return (depth > 0 ? "\n" : "") + lines.joined(separator: "\n")
        default: return flow(isJSON: false) + Self.comment(&generator)
        }
    }

    private static func comment(_ generator: inout SeededGenerator) -> String {
        generator.once(in: 20) ? "  # a: {b}" : ""
    }

    private static func needsQuotes(_ text: String, _ isJSON: Bool) -> Bool {
        if isJSON { return !["true", "false", "null"].contains(bytes: text) && Int(digits: text) == nil }
        return text.isEmpty || !text.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "_-.") }
            || text.hasPrefix(bytes: "-") || text.hasPrefix(bytes: ".")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
