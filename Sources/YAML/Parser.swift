import Text

/// Reads a YAML text, of which JSON is a part: one document, without anchors, aliases and tags.
package struct Parser {
    private let events: EventReader
    private let limits: Limits
    private var nodes = 0

    /// - Returns: nil for a text without a document, or with an empty one.
    /// - Throws: also for what is larger or deeper than the limits, and for what is not UTF-8.
    package static func parse(_ text: [UInt8], limits: Limits = Limits()) throws(YAMLError) -> Node? {
        guard text.count <= limits.size else {
            throw YAMLError("it has more than \(limits.size >> 20) MiB")
        }
        try checkEncoding(text)
        do throws(YAMLError) {
            var parser = try Parser(text, limits)
            return try parser.document()
        } catch {
            throw TabIndent.explained(error, text)
        }
    }

    private init(_ text: [UInt8], _ limits: Limits) throws(YAMLError) {
        events = try EventReader(text)
        self.limits = limits
    }

    private static func checkEncoding(_ text: [UInt8]) throws(YAMLError) {
        guard String(validating: text, as: UTF8.self) == nil else { return }
        // The line that is none.
        for (index, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where String(validating: line, as: UTF8.self) == nil {
            throw YAMLError("it is not UTF-8", at: Place(line: index + 1, column: validScalars(line) + 1))
        }
    }

    /// How many code points there are before the bytes that are none.
    private static func validScalars(_ line: some Collection<UInt8>) -> Int {
        var decoder = Unicode.UTF8()
        var bytes = line.makeIterator()
        var count = 0
        while case .scalarValue = decoder.decode(&bytes) { count += 1 }
        return count
    }

    private mutating func document() throws(YAMLError) -> Node? {
        var document: Node?
        var count = 0
        while true {
            let (event, place) = try events.next()
            switch event {
            case .streamEnd: return document
            case .streamStart, .documentEnd: continue
            case .documentStart:
                count += 1
                if count > 1 { throw YAMLError("there is more than one document in it (`---`)", at: place) }
                let (first, start) = try events.next()
                document = try node(first, start, depth: 0)
            default: continue
            }
        }
    }

    private mutating func node(
        _ event: EventReader.Event, _ place: Place, depth: Int
    ) throws(YAMLError) -> Node {
        nodes += 1
        guard nodes <= limits.nodes else { throw YAMLError("it has more than \(limits.nodes) parts", at: place) }
        guard depth < limits.depth else {
            throw YAMLError("it has more than \(limits.depth) lists and maps within each other", at: place)
        }
        switch event {
        case .scalar(let text, let isPlain):
            try check(text, place)
            return Node(content: .scalar(text, isPlain: isPlain), place: place)
        case .listStart: return Node(content: .list(try list(depth)), place: place)
        default: return Node(content: .map(try map(depth)), place: place)
        }
    }

    private func check(_ text: String, _ place: Place) throws(YAMLError) {
        guard let limit = limits.text, text.utf8.count > limit else { return }
        throw YAMLError("a text or key of more than \(limit) bytes", at: place)
    }

    private mutating func list(_ depth: Int) throws(YAMLError) -> [Node] {
        var items: [Node] = []
        while true {
            let (event, place) = try events.next()
            if case .listEnd = event { return items }
            items.append(try node(event, place, depth: depth + 1))
        }
    }

    private mutating func map(_ depth: Int) throws(YAMLError) -> [Node.Entry] {
        var entries: [Node.Entry] = []
        var known: [Name: Place] = [:]
        while true {
            let (event, place) = try events.next()
            if case .mapEnd = event { return entries }
            guard case .scalar(let text, _) = event else {
                throw YAMLError("a key has to be one word or text", at: place)
            }
            try check(text, place)
            let key = Name(text)
            if let first = known.updateValue(place, forKey: key) {
                throw YAMLError("the key \(key.shown) is there twice, first in line \(first.line)", at: place)
            }
            let (value, start) = try events.next()
            entries.append(Node.Entry(key: key, place: place, value: try node(value, start, depth: depth + 1)))
        }
    }
}
