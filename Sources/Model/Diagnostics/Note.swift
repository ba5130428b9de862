package import Text

/// A fact about a plan that is no warning: what is dropped, when it takes effect.
///
/// Notes whose sentences differ in nothing but what is put into them are of one kind.
package struct Note: Sendable, Equatable, ExpressibleByStringInterpolation {
    package let text: String
    package let kind: Name
    package var fold: Fold?

    package static func == (left: Note, right: Note) -> Bool { left.text.isSame(as: right.text) }

    /// A sentence of which nothing is known but that.
    package init(_ text: String) {
        self.text = text
        kind = Name(text)
    }

    package init(stringLiteral text: String) { self.init(text) }

    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        kind = Name(stringInterpolation.sentence)
    }

    /// The same with words for many.
    package init(_ note: Note, _ fold: Fold) {
        self = note
        self.fold = fold
    }

    package func contains(_ part: String) -> Bool { text.contains(bytes: part) }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        /// Without what is put into it.
        fileprivate var sentence = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
            sentence += literal
        }

        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            text += value.description
            sentence += "\u{0}"
        }
    }
}

extension Note: Foldable {
    package var message: String { text }
    package var hints: [Hint] { [] }
    package var about: (noun: String, name: Name)? { nil }
}
