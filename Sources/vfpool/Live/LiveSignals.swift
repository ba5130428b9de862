import Glibc
import Synchronization

/// Signals as bytes that can be polled for: who draws on a terminal has to leave it as it was, whatever ends him.
enum LiveSignals {
    private static let end = Atomic<Int32>(-1)
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT]

    /// From here on they only leave word. One that is ignored stays so.
    ///
    /// - Returns: what to poll, and to read their numbers from; -1 where there is no descriptor left.
    static func hear() -> Int32 {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else { return -1 }
        end.store(ends[1], ordering: .relaxed)
        for number in signals {
            var old = sigaction()
            guard sigaction(number, nil, &old) == 0, !Interruption.isIgnored(old) else { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { LiveSignals.note($0) }
            action.sa_flags = Int32(SA_RESTART)
            sigaction(number, &action, nil)
        }
        return ends[0]
    }

    /// The numbers that came, in their order.
    static func heard(_ descriptor: Int32) -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return bytes.prefix(max(0, count)).map { Int32($0) }
    }

    /// Lets the signal do what it does to who does not hear it.
    static func passOn(_ number: Int32) {
        signal(number, SIG_DFL)
        raise(number)
    }

    /// Runs in a signal handler.
    private static func note(_ number: Int32) {
        let error = errno
        defer { errno = error }
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(end.load(ordering: .relaxed), &byte, 1)
    }
}
