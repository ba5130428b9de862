import FoundationEssentials
import Glibc

/// What the process is connected to.
enum Terminal {
    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// Where libvirt is without `--connect`: as set, else the system's for root, and the user's own for others.
    static var usualURI: String {
        let set = environment["LIBVIRT_DEFAULT_URI"] ?? ""
        guard set.isEmpty else { return set }
        return geteuid() == 0 ? "qemu:///system" : "qemu:///session"
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal that data goes to; nil for a file, a pipe, or one that does not tell.
    static var width: Int? {
        var size = winsize()
        guard isTerminal(STDOUT_FILENO), ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Whether somebody can be asked something: a person reads what is written and can answer.
    static var canAsk: Bool { isTerminal(STDIN_FILENO) && isTerminal(STDERR_FILENO) }
}
