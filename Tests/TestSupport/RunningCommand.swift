import Glibc

/// A command that was started: to be waited for, sent signals, and asked what it has printed so far.
///
/// Its output goes to files without a name, so that it never waits for a reader.
package final class RunningCommand: Sendable {
    private let process: pid_t
    private let output: Scratch
    private let errors: Scratch

    /// Starts a program. Its standard input holds `input`, then ends.
    package init(_ words: [String], environment: [String: String], input: String = "") throws(RigError) {
        let stdin = try Scratch(holding: input)
        output = try Scratch()
        errors = try Scratch()
        process = try Self.spawn(
            words, environment: environment, streams: (stdin.file, output.file, errors.file))
    }

    /// Starts a program with these as its standard streams.
    static func spawn(
        _ words: [String], environment: [String: String], streams: (Int32, Int32, Int32)
    ) throws(RigError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, streams.0, 0)
        posix_spawn_file_actions_adddup2(&actions, streams.1, 1)
        posix_spawn_file_actions_adddup2(&actions, streams.2, 2)
        // This thread may block signals, and whoever started these tests may ignore them; the program is to hear all.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            arguments.forEach { free($0) }
            variables.forEach { free($0) }
        }
        var process: pid_t = 0
        let failure = posix_spawn(&process, words[0], &actions, &attributes, arguments, variables)
        guard failure == 0 else { throw RigError("cannot start \(words[0]): \(String(cString: strerror(failure)))") }
        return process
    }

    /// What it has printed so far.
    package var stdout: String { output.text }
    package var stderr: String { errors.text }

    /// The same as bytes, whether they are text or not.
    package var bytes: (stdout: [UInt8], stderr: [UInt8]) { (output.bytes, errors.bytes) }

    /// Sends a signal; rig-run passes it on, and when killed takes the command with it.
    package func signal(_ number: Int32) { kill(process, number) }

    /// Whether it has ended; `wait` is still to be called.
    package var hasEnded: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            && information.si_signo == SIGCHLD
    }

    /// Waits for its end. After `seconds` it is killed, and that is an error.
    package func wait(seconds: Double = 300) throws(RigError) -> CommandResult {
        let status = try Self.wait(for: process, seconds: seconds) { "it had printed: \(self.stdout)\(self.stderr)" }
        return CommandResult(stdout: output.text, stderr: errors.text, status: status)
    }

    /// The exit status of a child, in a shell's terms.
    static func wait(for process: pid_t, seconds: Double, _ context: () -> String) throws(RigError) -> Int32 {
        var status: Int32 = 0
        var pause: UInt32 = 200
        var left = seconds * 1_000_000
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { break }
            if ended < 0 && errno != EINTR { throw RigError("waitpid: \(String(cString: strerror(errno)))") }
            if left <= 0 {
                kill(process, SIGKILL)
                waitpid(process, &status, 0)
                throw RigError("a command did not end within \(seconds) s; \(context())")
            }
            usleep(pause)
            left -= Double(pause)
            pause = min(pause * 2, 5000)
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
