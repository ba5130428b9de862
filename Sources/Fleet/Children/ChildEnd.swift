/// What a child process left behind.
package struct ChildEnd: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// With this status.
        case exited(Int32)
        /// By a signal that was not this process's.
        case signalled(Int32)
        /// It was ended when its time was over.
        case timedOut
        /// It was ended when it had printed more than is read.
        case tooLarge
        /// It could not be started: the error's number.
        case notStarted(Int32)
    }

    package let reason: Reason
    package let output: [UInt8]
    /// The last of what it said on stderr.
    package let errors: [UInt8]

    package init(_ reason: Reason, output: [UInt8] = [], errors: [UInt8] = []) {
        self.reason = reason
        self.output = output
        self.errors = errors
    }
}
