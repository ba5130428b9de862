import CLinux
import Glibc

/// Signals as a file to be waited for: that a child has ended, and those that ask to stop. While it lives they do nothing else.
final class SignalFile {
    private static let stops = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    let file: Int32
    /// Of this thread, as it was.
    private var formerMask = sigset_t()

    init() {
        // Where a parent has it ignored, the kernel tells nothing of how a child ended.
        signal(SIGCHLD, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        for number in Self.stops + [SIGCHLD] { sigaddset(&set, number) }
        pthread_sigmask(SIG_BLOCK, &set, &formerMask)
        file = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    }

    deinit {
        if file >= 0 { close(file) }
        pthread_sigmask(SIG_SETMASK, &formerMask, nil)
    }

    /// Takes what has come.
    ///
    /// - Returns: a signal that asks to stop.
    func stop() -> Int32? {
        var found: Int32?
        var information = signalfd_siginfo()
        while read(file, &information, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size {
            let number = Int32(information.ssi_signo)
            if Self.stops.contains(number) { found = found ?? number }
        }
        return found
    }
}
