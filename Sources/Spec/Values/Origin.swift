package import Model
import Text
import YAML

/// Where a spec says something: a file, a line and a column, with the text, so that an error can show the line.
package struct Origin: Sendable, Equatable, CustomStringConvertible {
    private let text: SpecText
    private let place: Place

    init(_ text: SpecText, _ place: Place) {
        self.text = text
        self.place = place
    }

    package static func == (left: Origin, right: Origin) -> Bool {
        Name(left.text.name) == Name(right.text.name) && left.place == right.place
    }

    package var description: String { "\(text.name):\(place.line)" }

    /// `bad-spec`, with the line.
    package func failure(_ message: String, reason: String? = nil, hints: [Hint] = []) -> Failure {
        text.failure(message, at: place, reason: reason, hints: hints)
    }
}
