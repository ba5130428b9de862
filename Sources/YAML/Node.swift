package import Text

/// A part of a YAML text: a scalar as it is written, a list or a map.
///
/// A scalar is text: `52:54:00:00:00:01`, `010` and `on` mean what they say, not a number or a truth value.
package struct Node: Sendable {
    package enum Content: Sendable {
        /// `isPlain`: without quotation marks.
        case scalar(String, isPlain: Bool)
        case list([Node])
        case map([Entry])
    }

    /// A key of a map with its value. No map has a key twice.
    package struct Entry: Sendable {
        package let key: Name
        /// The key's.
        package let place: Place
        package let value: Node
    }

    package let content: Content
    package let place: Place

    /// Whether nothing stands there: `null`, `~`, or no word at all, without quotation marks.
    package var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains { Name($0) == Name(text) }
    }
}
