import Model
import Text

/// A value of a YAML document, with the line that it stands on.
indirect enum YAMLNode {
    case mapping([(key: Name, value: YAMLNode)], line: Int)
    case sequence([YAMLNode], line: Int)
    case scalar(String, line: Int)

    var line: Int {
        switch self {
        case .mapping(_, let line), .sequence(_, let line), .scalar(_, let line): line
        }
    }

    var text: String? { if case .scalar(let text, _) = self { text } else { nil } }

    var entries: [(key: Name, value: YAMLNode)] { if case .mapping(let entries, _) = self { entries } else { [] } }

    /// The parts of a sequence; a scalar is a sequence of one.
    var items: [YAMLNode] {
        switch self {
        case .sequence(let items, _): items
        case .scalar(let text, _): text.isEmpty ? [] : [self]
        case .mapping: []
        }
    }

    subscript(key: Name) -> YAMLNode? { entries.last { $0.key == key }?.value }
}
