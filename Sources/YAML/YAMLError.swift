/// Why a text can't be read as YAML, and where.
package struct YAMLError: Error, Sendable, Equatable {
    /// A sentence without a full stop.
    package let message: String
    /// Nil where it is about the text as a whole.
    package let place: Place?
    /// The library's own words, where it has some.
    package let cause: String?

    package init(_ message: String, at place: Place? = nil, cause: String? = nil) {
        self.message = message
        self.place = place
        self.cause = cause
    }
}
