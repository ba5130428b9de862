import Glibc

/// A child process that runs: what it has printed so far, and when its time is over.
struct RunningChild {
    /// More of stderr is not kept; what counts stands last.
    private static let mostErrors = 65_536

    /// The host's place in the list.
    let host: Int
    /// Which of the host's commands it is.
    let number: Int
    let id: pid_t
    let deadline: ContinuousClock.Instant?
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    /// Files that it prints to; -1 for one that has ended.
    private(set) var files: (output: Int32, errors: Int32)
    /// Why this process ended it, if it did.
    private(set) var reason: ChildEnd.Reason?

    init(host: Int, number: Int, _ child: Spawning.Child, deadline: ContinuousClock.Instant?) {
        self.host = host
        self.number = number
        id = child.id
        files = (child.output, child.errors)
        self.deadline = deadline
    }

    /// Takes up what there is of its stdout, if not more than `limit` in all.
    mutating func readOutput(limit: Int) {
        guard files.output >= 0 else { return }
        if Self.read(&output, files.output, most: limit + 1 - output.count) { return }
        close(files.output)
        files.output = -1
    }

    mutating func readErrors() {
        guard files.errors >= 0 else { return }
        let mayContinue = Self.read(&errors, files.errors, most: 1 << 20)
        if errors.count > Self.mostErrors { errors.removeFirst(errors.count - Self.mostErrors) }
        if mayContinue { return }
        close(files.errors)
        files.errors = -1
    }

    /// - Returns: whether more may come.
    private static func read(_ bytes: inout [UInt8], _ file: Int32, most: Int) -> Bool {
        var left = most
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
            while left > 0 {
                let count = Glibc.read(file, buffer.baseAddress, min(left, buffer.count))
                if count > 0 {
                    bytes += buffer[..<count]
                    left -= count
                } else if count < 0, errno == EINTR {
                    continue
                } else {
                    return count < 0 && errno == EAGAIN
                }
            }
            return true
        }
    }

    /// Ends it, and all that it started and that has not left it.
    mutating func end(_ why: ChildEnd.Reason) {
        reason = reason ?? why
        kill(-id, SIGKILL)
    }

    /// What is left of it; it runs no more, or is not waited for.
    mutating func close(status: Int32?, limit: Int) -> ChildEnd {
        readOutput(limit: limit)
        readErrors()
        if files.output >= 0 { Glibc.close(files.output) }
        if files.errors >= 0 { Glibc.close(files.errors) }
        files = (-1, -1)
        return ChildEnd(reason ?? why(status, limit), output: output, errors: errors)
    }

    private func why(_ status: Int32?, _ limit: Int) -> ChildEnd.Reason {
        guard let status else { return .timedOut }
        if output.count > limit { return .tooLarge }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    private func close(_ file: Int32) { Glibc.close(file) }
}
