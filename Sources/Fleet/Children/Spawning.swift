import CLinux
import Glibc

/// Starts a child process: in a session of its own, with nothing on its standard input, and none of this process's files but what it prints to.
///
/// In a session of its own it has no terminal: what it starts, such as ssh, can ask nobody for a password. And its process group is its
/// alone, so that all of it is ended at once.
enum Spawning {
    struct Child {
        let id: pid_t
        /// What it prints, not waited for.
        let output: Int32
        let errors: Int32
    }

    /// - Throws: the error's number.
    static func start(_ program: ChildProgram, _ words: [String]) throws(SystemCode) -> Child {
        let (output, into) = try pipe()
        defer { close(into) }
        let errors: (Int32, Int32)
        do throws(SystemCode) {
            errors = try pipe()
        } catch {
            close(output)
            throw error
        }
        defer { close(errors.1) }
        do throws(SystemCode) {
            let id =
                switch program {
                case .file(let path, let environment):
                    try spawn(path, words, environment, output: into, errors: errors.1)
                case .own(let body): try copy(output: into, errors: errors.1) { body(words) }
                }
            return Child(id: id, output: output, errors: errors.0)
        } catch {
            close(output)
            close(errors.0)
            throw error
        }
    }

    /// Its end for reading does not wait.
    private static func pipe() throws(SystemCode) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemCode(errno) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (ends[0], ends[1])
    }

    /// A copy of this process, which runs `body` and ends with its status.
    private static func copy(
        output: Int32, errors: Int32, _ body: () -> Int32
    ) throws(SystemCode) -> pid_t {
        // What waits to be printed would be printed by both.
        fflush(nil)
        let id = fork()
        guard id == 0 else {
            guard id > 0 else { throw SystemCode(errno) }
            return id
        }
        setsid()
        let nothing = open("/dev/null", O_RDONLY)
        guard nothing >= 0, dup2(nothing, 0) == 0, dup2(output, 1) == 1, dup2(errors, 2) == 2 else { _exit(127) }
        closefrom(3)
        // This thread blocks signals; the child must receive them all.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        exit(body())
    }

    private static func spawn(
        _ program: String, _ words: [String], _ environment: [String], output: Int32, errors: Int32
    ) throws(SystemCode) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // This thread blocks signals; the child must receive them all.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var usual = sigset_t()
        sigemptyset(&usual)
        for number in [SIGPIPE, SIGXFSZ, SIGCHLD] { sigaddset(&usual, number) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | Int16(vfpool_POSIX_SPAWN_SETSID))
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var id: pid_t = 0
        let number = posix_spawn(&id, program, &actions, &attributes, arguments, variables)
        guard number == 0 else { throw SystemCode(number) }
        return id
    }
}

/// The number of a system's error.
struct SystemCode: Error {
    let number: Int32
    init(_ number: Int32) { self.number = number }
}
