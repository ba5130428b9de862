import Glibc
import Synchronization

/// A process that a test started. Whoever lets go of it ends it, and nothing of it is left: as long as one child of this
/// process has ended and nobody has asked for its status, Swift Testing sees no exit test end.
final class ChildProcess: Sendable {
    let id: pid_t
    /// In a shell's terms, once it was asked for.
    private let ended = Mutex<Int32?>(nil)

    /// What breaks this process on purpose breaks all that it starts (`Tests/Mutation`).
    private static let broken: [String: String] = {
        var variables: [String: String] = [:]
        for name in ["VFPOOL_MUTANT", "VFPOOL_MUTANTS_REACHED"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }()

    /// Starts a program with these as its standard streams.
    init(
        _ words: [String], environment: [String: String], streams: (Int32, Int32, Int32)
    ) throws(RigError) {
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
        let variables =
            environment.merging(Self.broken) { own, _ in own }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            arguments.forEach { free($0) }
            variables.forEach { free($0) }
        }
        var process: pid_t = 0
        let failure = posix_spawn(&process, words[0], &actions, &attributes, arguments, variables)
        guard failure == 0 else { throw RigError("cannot start \(words[0]): \(String(cString: strerror(failure)))") }
        id = process
    }

    deinit { end() }

    /// Sends a signal; to one that is gone, none.
    func signal(_ number: Int32) {
        ended.withLock { if $0 == nil { kill(id, number) } }
    }

    /// Whether it has ended; its status is still to be asked for.
    var hasEnded: Bool {
        ended.withLock { status in
            var information = siginfo_t()
            return status != nil
                || waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT) == 0
                    && information.si_signo == SIGCHLD
        }
    }

    /// Its exit status in a shell's terms, after waiting for it. After `seconds` it is killed, and that is an error.
    func wait(seconds: Double, _ context: () -> String) throws(RigError) -> Int32 {
        var pause: UInt32 = 200
        var left = seconds * 1_000_000
        while true {
            if let status = status(WNOHANG) { return status }
            if left <= 0 {
                end()
                throw RigError("a command did not end within \(seconds) s; \(context())")
            }
            usleep(pause)
            left -= Double(pause)
            pause = min(pause * 2, 5000)
        }
    }

    /// Kills it, unless it has ended by itself.
    func end() {
        signal(SIGKILL)
        _ = status(0)
    }

    private func status(_ flags: Int32) -> Int32? {
        ended.withLock { ended in
            if ended == nil {
                var status: Int32 = 0
                var answer = waitpid(id, &status, flags)
                while answer < 0 && errno == EINTR { answer = waitpid(id, &status, flags) }
                let signal = status & 0x7F
                if answer == id { ended = signal == 0 ? (status >> 8) & 0xFF : 128 + signal }
            }
            return ended
        }
    }
}
