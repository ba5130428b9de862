/// Why a text is no JSON, or more of it than is read.
package struct JSONError: Error, Sendable, Equatable {
    /// A sentence without a full stop.
    package let message: String

    package init(_ message: String) { self.message = message }
}
