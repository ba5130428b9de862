/// Why a list of hosts can't be used.
package struct HostListError: Error, Sendable, Equatable {
    /// A sentence without a full stop.
    package let message: String
    /// Of a file, counted from 1.
    package let line: Int?

    package init(_ message: String, line: Int? = nil) {
        self.message = message
        self.line = line
    }
}
