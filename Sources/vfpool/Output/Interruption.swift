import Glibc
import Synchronization

/// Signals that ask to stop, held back while a change is applied: the step is finished, then all is put back.
enum Interruption {
    private static let requests = Atomic<Int>(0)
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Whether somebody asked to stop.
    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// From here on a signal only leaves word.
    static func hold() {
        // Made before a handler needs it: a handler may not be the first to touch a global.
        requests.store(0, ordering: .relaxed)
        for number in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in Interruption.note() }
            action.sa_flags = Int32(SA_RESTART)
            sigaction(number, &action, nil)
        }
    }

    static func release() {
        for number in signals { signal(number, SIG_DFL) }
    }

    /// Runs in a signal handler: nothing but atomics and `write`.
    private static func note() {
        let earlier = requests.add(1, ordering: .relaxed).oldValue
        let text: StaticString =
            earlier == 0
            ? "\nstopping: the step is being finished, then everything is put back\n"
            : "still putting back, please wait\n"
        _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// A reader that goes away is no reason to die: writing then says so.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
