import Text

/// A document as a mutation sees it: elements, and raw text between them. Names and values stay as they are written.
///
/// It shares nothing with the reader that is tested.
indirect enum Markup {
    case element(MarkupElement)
    /// Words, comments, CDATA sections, processing instructions, declarations.
    case raw([UInt8])

    var element: MarkupElement? { if case .element(let element) = self { element } else { nil } }
}

/// An element as a mutation sees it.
struct MarkupElement {
    var name: [UInt8]
    var attributes: [(name: [UInt8], value: [UInt8])]
    var children: [Markup]

    /// The value of an attribute as it is written.
    subscript(attribute name: [UInt8]) -> [UInt8]? {
        get { attributes.first { $0.name == name }?.value }
        set {
            let place = attributes.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): attributes[place].value = value
            case (let place?, nil): attributes.remove(at: place)
            case (nil, let value?): attributes.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// Words, with what would begin markup written as references.
    static func escaped(_ text: String) -> [UInt8] {
        text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "&"): Array("&amp;".utf8)
            case UInt8(ascii: "<"): Array("&lt;".utf8)
            case UInt8(ascii: ">"): Array("&gt;".utf8)
            case UInt8(ascii: "\""): Array("&quot;".utf8)
            case 0..<0x20: Array("&#\(byte);".utf8)
            default: [byte]
            }
        }
    }
}

extension [Markup] {
    /// The text again.
    var bytes: [UInt8] { flatMap(\.bytes) }
}

extension Markup {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .raw(let bytes): return bytes
        case .element(let element):
            var text = [UInt8(ascii: "<")] + element.name
            for (name, value) in element.attributes {
                let quote = value.contains(UInt8(ascii: "\"")) ? UInt8(ascii: "'") : UInt8(ascii: "\"")
                text += [UInt8(ascii: " ")] + name + [UInt8(ascii: "="), quote] + value + [quote]
            }
            if element.children.isEmpty { return text + Array("/>".utf8) }
            return text + [UInt8(ascii: ">")] + element.children.bytes + Array("</".utf8) + element.name
                + [UInt8(ascii: ">")]
        }
    }
}
