import Glibc

/// How many hosts have answered, on one line of a terminal that is written over.
final class FleetProgress {
    private let count: Int
    private let isShown: Bool
    private var done = 0
    private var last: ContinuousClock.Instant?

    init(_ count: Int, _ output: Output) {
        self.count = count
        isShown = count > 1 && !output.isQuiet && !output.isVerbose && Terminal.isTerminal(STDERR_FILENO)
        // Before the first answer: it may be long in coming.
        if isShown { write("\r0 of \(count) hosts") }
    }

    /// One more has answered, or will not.
    func show() {
        done += 1
        let now = ContinuousClock.now
        guard isShown, last.map({ now - $0 >= .milliseconds(50) }) ?? true || done == count else { return }
        last = now
        write("\r\(done) of \(count) hosts")
    }

    /// To the line's start, and empty from there.
    func clear() { if isShown { write("\r\u{1B}[K") } }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
