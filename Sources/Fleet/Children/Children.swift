import Glibc

/// A child process for each host, so many at once: what they print is gathered, and who hangs is ended when its time is over.
///
/// One thread waits for all of them. What is kept of unfinished answers is bounded: when they are large, they are read one after the
/// other, and the other children wait.
package struct Children {
    package enum Outcome: Sendable, Equatable {
        case done
        /// By a signal that asks to stop; all children are ended.
        case interrupted(Int32)
    }

    package let program: ChildProgram
    /// At once.
    package var width = 32
    /// A host's time in seconds, for all of its commands; nil: no limit.
    package var seconds: Double?
    /// Bytes of one answer, and of all that are unfinished before they have to wait.
    package var limit = 32 << 20

    package init(_ program: ChildProgram) { self.program = program }

    /// Runs each host's commands one after the other, as long as they end well.
    ///
    /// - Parameters:
    ///   - commands: of each host, the arguments of each of its commands, with the program's name.
    ///   - isWell: whether the next command of a host is to be run after this end.
    ///   - body: is given each host's place in the list and its ends, in the order in which they finish.
    package func run(
        _ commands: [[[String]]], isWell: (ChildEnd) -> Bool, _ body: (Int, [ChildEnd]) -> Void
    ) -> Outcome {
        let signals = SignalFile()
        // Until all children are ended.
        defer { withExtendedLifetime(signals) {} }
        var running = ParallelChildren(self, commands)
        while true {
            running.fill(body)
            if running.isEmpty { break }
            running.wait(for: signals.file)
            if let number = signals.stop() {
                running.end()
                return .interrupted(number)
            }
            running.finish(isWell, body)
        }
        // Of one that was killed the kernel keeps the end until it is asked for.
        running.end()
        return .done
    }
}
