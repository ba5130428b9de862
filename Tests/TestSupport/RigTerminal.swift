import Glibc
import Synchronization

/// A command on a terminal of its own: type to it, and wait for what it shows.
package final class RigTerminal: Sendable {
    private let process: ChildProcess
    private let master: Int32
    private let seen = Mutex<[UInt8]>([])

    init(_ words: [String], environment: [String: String]) throws(RigError) {
        // posix_openpt and its like are hidden from Swift; this is what they do.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var number: Int32 = 0
        var locked: Int32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw RigError("no terminal: \(String(cString: strerror(errno)))")  // TIOCSPTLCK, TIOCGPTN
        }
        let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { throw RigError("no terminal: \(String(cString: strerror(errno)))") }
        defer { close(terminal) }
        process = try ChildProcess(words, environment: environment, streams: (terminal, terminal, terminal))
    }

    deinit { close(master) }

    /// All that it has shown so far, with the terminal's line ends (CR LF).
    package var screen: String { seen.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Presses keys; `\u{3}` is Ctrl-C, `\u{4}` the end of input.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    package func signal(_ number: Int32) { process.signal(number) }

    /// Waits until it has shown this text.
    package func expect(_ text: String, seconds: Double = 120) throws(RigError) {
        var left = seconds
        while !screen.contains(text) {
            guard left > 0, read() else { throw RigError("never shown: \(text); shown: \(screen)") }
            left -= 0.05
        }
    }

    /// Waits for its end. What it showed is the result's stdout.
    package func wait(seconds: Double = 300) throws(RigError) -> CommandResult {
        var left = seconds
        while read() && left > 0 { left -= 0.05 }
        let status = try process.wait(seconds: max(left, 0)) { "it had shown: \(self.screen)" }
        return CommandResult(stdout: screen, stderr: "", status: status)
    }

    /// Takes up what is shown, for at most 50 ms; false when the command has let go of the terminal.
    private func read() -> Bool {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 50) > 0 else { return true }
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        let count = Glibc.read(master, &chunk, chunk.count)
        guard count > 0 else { return false }
        seen.withLock { $0 += chunk[..<count] }
        return true
    }
}
