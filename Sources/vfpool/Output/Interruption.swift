import Glibc
import Synchronization

/// Signals that ask to stop, held back while a change is applied: the step is finished, then all is put back.
enum Interruption {
    private static let requests = Atomic<Int>(0)
    /// When the first came, in hundredths of a second.
    private static let first = Atomic<Int>(0)
    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    /// What was to happen before, by signal.
    private static let former = Mutex<[Int32: sigaction]>([:])

    /// Whether somebody asked to stop.
    static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

    /// From here on a signal only leaves word; a second ^C ends it all the same, as a power cut would. A signal that is
    /// ignored stays so: whoever started this with `nohup` wants it to go on when the terminal closes.
    static func hold() {
        // Made before a handler needs it: a handler may not be the first to touch a global.
        requests.store(0, ordering: .relaxed)
        for number in signals {
            var old = sigaction()
            guard sigaction(number, nil, &old) == 0, !isIgnored(old) else { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { Interruption.note($0) }
            action.sa_flags = Int32(SA_RESTART)
            guard sigaction(number, &action, nil) == 0 else { continue }
            former.withLock { $0[number] = $0[number] ?? old }
        }
    }

    /// Gives every signal back what it had.
    static func release() {
        let actions = former.withLock { actions in
            defer { actions = [:] }
            return actions
        }
        for (number, action) in actions {
            var action = action
            sigaction(number, &action, nil)
        }
    }

    static func isIgnored(_ action: sigaction) -> Bool {
        guard action.sa_flags & Int32(SA_SIGINFO) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Runs in a signal handler: nothing but atomics and what POSIX allows there.
    private static func note(_ number: Int32) {
        // Whatever was interrupted may be about to look at its own.
        let error = errno
        defer { errno = error }
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int(time.tv_sec) * 100 + time.tv_nsec / 10_000_000
        guard requests.add(1, ordering: .relaxed).oldValue > 0 else {
            first.store(now, ordering: .relaxed)
            return say("\nstopping: the step is being finished, then everything is put back\n")
        }
        // A terminal and a parent may both tell of the same ^C.
        guard number == SIGINT, now - first.load(ordering: .relaxed) > 50 else {
            return say("still putting back, please wait; a second ^C ends it at once\n")
        }
        say("\nended at once: something may still be in place; see `vfpool log`, take it back: `vfpool undo`\n")
        _exit(3)
    }

    private static func say(_ text: StaticString) {
        _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// A reader that goes away is no reason to die, nor is a file that has grown to its limit (`ulimit -f`): writing then
    /// says so.
    static func ignoreWriteSignals() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }
}
