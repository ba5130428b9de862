import Glibc
import Model

/// How far a change of many guests is, on one line of a terminal that is written over.
final class ProgressLine {
    /// Which guest a step begins, counted from 1.
    private var guests: [Int: Int] = [:]
    private let isShown: Bool
    private var last: ContinuousClock.Instant?

    init(_ plan: Plan, _ output: Output) {
        for (index, step) in plan.steps.enumerated() {
            if case .defineGuest = step { guests[index] = guests.count + 1 }
        }
        isShown =
            guests.count > 1 && output.format == .table && !output.isQuiet && !output.isVerbose
            && isatty(STDERR_FILENO) == 1
    }

    func show(_ index: Int) {
        guard isShown, let number = guests[index] else { return }
        let now = ContinuousClock.now
        if let last, now - last < .milliseconds(50), number < guests.count { return }
        last = now
        write("\r\(number) of \(guests.count) guests")
    }

    func clear() {
        // To the line's start, and empty from there.
        if last != nil { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
