/// One thing wrong with a document, in libxml2's words.
package struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The line in the text the document was read from; an element made since then has none.
    package let line: Int?
    /// For example `Invalid attribute managed for element interface`.
    package let message: String

    package init(line: Int?, message: String) {
        self.line = line
        self.message = message
    }

    package var description: String { (line.map { "line \($0): " } ?? "") + message }
}
