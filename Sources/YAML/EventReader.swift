import CYAML
import Text

/// libyaml's parser: a text as a row of events, each with its place.
final class EventReader {
    enum Event {
        case scalar(String, isPlain: Bool)
        case listStart, listEnd, mapStart, mapEnd
        case documentStart, documentEnd, streamStart, streamEnd
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// - Throws: where there is no memory for it.
    init(_ text: [UInt8]) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        input = .allocate(capacity: max(1, text.count))
        _ = input.update(fromContentsOf: text)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            input.deallocate()
            throw YAMLError("there is no memory to read it")
        }
        yaml_parser_set_input_string(parser, input.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// - Throws: what libyaml has to say; that there is an anchor, an alias or a tag.
    func next() throws(YAMLError) -> (event: Event, place: Place) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { yaml_event_delete(&event) }
        let place = Self.place(event.start_mark, event.end_mark)
        return (try Self.event(event, place), place)
    }

    private static func event(_ event: yaml_event_t, _ place: Place) throws(YAMLError) -> Event {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: throw YAMLError("aliases (`*name`) are not allowed here", at: place)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            try refuse(anchor: scalar.anchor, tag: scalar.tag, place)
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .scalar(text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
        case YAML_SEQUENCE_START_EVENT:
            let list = event.data.sequence_start
            try refuse(anchor: list.anchor, tag: list.tag, place)
            return .listStart
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_START_EVENT:
            let map = event.data.mapping_start
            try refuse(anchor: map.anchor, tag: map.tag, place)
            return .mapStart
        case YAML_MAPPING_END_EVENT: return .mapEnd
        default: return .streamEnd
        }
    }

    private static func refuse(
        anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?, _ place: Place
    ) throws(YAMLError) {
        if anchor != nil { throw YAMLError("anchors (`&name`) are not allowed here", at: place) }
        if tag != nil { throw YAMLError("tags (`!type`) are not allowed here", at: place) }
    }

    private var problem: YAMLError {
        let error = parser.pointee
        let words = error.problem.map { String(cString: $0) }
        let (at, begin) = (error.problem_mark, error.context_mark)
        let cause = words.map { words in
            error.context.map { context in
                let place = begin.line == at.line ? "" : " (from line \(begin.line + 1), column \(begin.column + 1))"
                return "\(String(cString: context))\(place): \(words)"
            } ?? words
        }
        switch error.error {
        case YAML_READER_ERROR:
            return YAMLError("it has a character that YAML does not allow", at: place(ofByte: error.problem_offset))
        case YAML_MEMORY_ERROR: return YAMLError("there is no memory to read it")
        default:
            // At the text's end there is nothing to be seen: what was not closed is.
            let shown = error.context != nil && isBlank(from: at) ? begin : at
            return YAMLError("it is not YAML", at: Self.place(shown, shown), cause: cause)
        }
    }

    /// Whether nothing stands there and behind it.
    private func isBlank(from mark: yaml_mark_t) -> Bool {
        // A mark counts code points, of which each has a byte at least.
        var lines = 0
        for (index, byte) in input.enumerated() {
            if lines == mark.line { return input[index...].allSatisfy { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 } }
            if byte == UInt8(ascii: "\n") { lines += 1 }
        }
        return true
    }

    /// The reader knows no lines yet, only bytes.
    private func place(ofByte offset: Int) -> Place {
        let before = input.prefix(max(0, offset))
        let line = before.count { $0 == UInt8(ascii: "\n") }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
        // Bytes that go on with a code point begin none.
        return Place(line: line + 1, column: before[start...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    private static func place(_ start: yaml_mark_t, _ end: yaml_mark_t) -> Place {
        Place(
            line: start.line + 1, column: start.column + 1,
            length: end.line == start.line ? end.column - start.column : 1)
    }
}
