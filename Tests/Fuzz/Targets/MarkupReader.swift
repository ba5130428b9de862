import Text

/// Takes a text apart into markup; what it does not understand stays as raw text.
struct MarkupReader {
    private let bytes: [UInt8]
    private var at = 0

    static func read(_ bytes: [UInt8]) -> [Markup] {
        var reader = MarkupReader(bytes: bytes)
        var nodes: [Markup] = []
        while reader.at < bytes.count {
            nodes += reader.nodes(depth: 0)
            // An end tag that belongs to nothing.
            if reader.at < bytes.count { nodes.append(.raw(reader.upTo(">"))) }
        }
        return nodes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func starts(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[min(at, bytes.count)...].starts(with: $0) }
    }

    /// What stands up to the end of this text, which is taken too.
    private mutating func upTo(_ end: StaticString) -> [UInt8] {
        let start = at
        while at < bytes.count, !starts(end) { at += 1 }
        at = min(bytes.count, at + end.utf8CodeUnitCount)
        return Array(bytes[start..<at])
    }

    private mutating func take(while isTaken: (UInt8) -> Bool) -> [UInt8] {
        let start = at
        while at < bytes.count, isTaken(bytes[at]) { at += 1 }
        return Array(bytes[start..<at])
    }

    private mutating func nodes(depth: Int) -> [Markup] {
        var nodes: [Markup] = []
        while at < bytes.count, !starts("</") {
            if starts("<!--") {
                nodes.append(.raw(upTo("-->")))
            } else if starts("<![CDATA[") {
                nodes.append(.raw(upTo("]]>")))
            } else if starts("<?") {
                nodes.append(.raw(upTo("?>")))
            } else if starts("<!") || starts("<") && depth > 200 {
                nodes.append(.raw(upTo(">")))
            } else if starts("<") {
                nodes.append(element(depth))
            } else {
                nodes.append(.raw(take { $0 != UInt8(ascii: "<") }))
            }
        }
        return nodes
    }

    private mutating func element(_ depth: Int) -> Markup {
        let start = at
        at += 1
        let name = take { !$0.isBlank && !$0.isOne(of: "/>=<\"'") }
        var element = MarkupElement(name: name, attributes: [], children: [])
        while true {
            _ = take(while: \.isBlank)
            if starts("/>") {
                at += 2
                return .element(element)
            }
            if starts(">") {
                at += 1
                break
            }
            let key = take { !$0.isBlank && !$0.isOne(of: "/>=<\"'") }
            _ = take(while: \.isBlank)
            guard !name.isEmpty, !key.isEmpty, starts("=") else { return .raw(Array(bytes[start..<at]) + upTo(">")) }
            at += 1
            _ = take(while: \.isBlank)
            guard at < bytes.count, bytes[at].isOne(of: "\"'") else {
                return .raw(Array(bytes[start..<at]) + upTo(">"))
            }
            let quote = bytes[at]
            at += 1
            let value = take { $0 != quote }
            at = min(at + 1, bytes.count)
            element[attribute: key] = value
        }
        element.children = nodes(depth: depth + 1)
        if starts("</") { _ = upTo(">") }
        return .element(element)
    }
}
