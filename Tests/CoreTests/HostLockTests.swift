import FoundationEssentials
import Glibc
import Journal
import Model
import TestSupport
import Testing
import Text

/// One at a time: a process that is just being started still has the files of the one that starts it, and their locks.
@Suite(.serialized) struct HostLockTests {
    private let folder: TemporaryFolder
    private let state: StateFolder

    init() throws {
        folder = try TemporaryFolder()
        state = StateFolder(path: folder.path + "/state")
    }

    /// Another program that holds the lock until its end.
    private func holder() throws -> pid_t {
        try take().end()
        let pid = try start(["flock", "--no-fork", state.lock, "sleep", "3600"])
        try #require(eventually { !isFree() } && eventually { isProgram("sleep", pid) })
        return pid
    }

    /// Whether a process has become that program: until it has, it is the one that started it, or flock.
    private func isProgram(_ name: String, _ pid: pid_t) -> Bool {
        (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) == name + "\n"
    }

    private func start(_ words: [String]) throws -> pid_t {
        var program: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        program.append(nil)
        defer { for word in program { free(word) } }
        var pid: pid_t = 0
        try #require(posix_spawnp(&pid, words[0], nil, nil, &program, environ) == 0)
        return pid
    }

    private func isFree() -> Bool {
        let file = open(state.lock, O_RDWR | O_CLOEXEC)
        defer { close(file) }
        return flock(file, LOCK_EX | LOCK_NB) == 0
    }

    private func take(patience: Double = 0, _ waiting: (String) -> Void = { _ in }) throws -> Held {
        Held(try HostLock(state, command: ["vfpool", "bind", "vm1"], patience: patience, waiting: waiting))
    }

    /// Holds the lock until it is told to end.
    private struct Held: ~Copyable {
        let lock: HostLock
        init(_ lock: consuming HostLock) { self.lock = lock }
        consuming func end() {}
    }

    @Test func heldByAnotherProcess() throws {
        let pid = try holder()
        defer {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
        var said: [String] = []
        let failure = #expect(throws: Failure.self) { try take(patience: 0.2) { said.append($0) }.end() }
        #expect(failure?.code == .lockHeld && failure?.hints.isEmpty == false)
        #expect(said.count == 1)
        // It wrote nothing down, and yet it is known. flock has become what it runs.
        for text in [failure?.message ?? "", said.first ?? ""] {
            #expect(text.contains("process \(pid) (sleep, user "), "\(text)")
        }
        #expect(failure?.cause == "that is no vfpool")
        #expect(failure?.hints.contains { $0.text.contains("`ps -fp \(pid)`") } == true)
    }

    /// Who took the lock has ended, and left it to a process that was started with the open file.
    @Test func heldByAHeir() throws {
        try take().end()
        let script = "exec 9>>\"$0\"; flock 9; sleep 3600 & echo $! > \"$0.heir\""
        var status: Int32 = 0
        waitpid(try start(["sh", "-c", script, state.lock]), &status, 0)
        try #require(status == 0)
        let heir = try #require(pid_t(try String(contentsOfFile: state.lock + ".heir", encoding: .utf8).dropLast()))
        defer { kill(heir, SIGKILL) }
        try #require(eventually { isProgram("sleep", heir) })
        let failure = #expect(throws: Failure.self) { try take().end() }
        #expect(failure?.message.contains("process \(heir) (sleep, user ") == true, "\(String(describing: failure))")
    }

    /// Killed, and the lock is gone with it; the next one need not wait for anything.
    @Test func goneAfterKill() throws {
        let pid = try holder()
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
        var said = 0
        try take(patience: 5) { _ in said += 1 }.end()
        #expect(said <= 1)
    }

    @Test func waitsForTheOther() throws {
        let first = try take()
        let (held, text) = (isFree(), try lockText())
        #expect(!held)
        #expect(text == "process \(getpid()), `vfpool bind vm1`\n")
        let failure = #expect(throws: Failure.self) { try take().end() }
        #expect(failure?.message.contains("process \(getpid())") == true)
        first.end()
        // The tests beside this one start programs, too.
        try take(patience: 5).end()
    }

    private func lockText() throws -> String {
        let file = open(state.lock, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(file, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    /// A file that all users share, in a folder of root's; who may only read it can hold it.
    @Test func sharedByAll() throws {
        let run = folder.path + "/run"
        try #require(mkdir(run, 0o755) == 0)
        let lock = { [state] (patience: Double) throws(Failure) in
            try HostLock(state, shared: run, command: ["vfpool", "bind", "vm1"], patience: patience) { _ in }
        }
        _ = try lock(0)
        // Others than root only use what root has made.
        guard geteuid() == 0 else { return }
        let file = open(run + "/vfpool.lock", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        try #require(file >= 0 && eventually { flock(file, LOCK_EX | LOCK_NB) == 0 })
        let failure = #expect(throws: Failure.self) { _ = try lock(0) }
        #expect(failure?.code == .lockHeld && failure?.message.contains("process \(getpid()) (") == true)
        flock(file, LOCK_UN)
        for (name, make) in Self.strangers {
            unlink(run + "/vfpool.lock")
            let before = try make(run + "/vfpool.lock")
            // A program that a test beside this one starts may have the first lock for a moment.
            let failure = #expect(throws: Failure.self, "\(name)") { _ = try lock(60) }
            #expect(failure?.code == .journal, "\(name): \(String(describing: failure))")
            #expect(Self.content(run + "/vfpool.lock") == before, "\(name)")
        }
    }

    /// What stands where the lock is to be, and is none: how it is made, and what has to be in it afterwards.
    private static let strangers: [(String, @Sendable (String) throws -> String?)] = [
        ("a file", { path in Self.write(path, "precious\n") }),
        (
            "an own file that others can write",
            { path in
                _ = Self.write(path, ""); chmod(path, 0o666); return ""
            }
        ),
        (
            "a link",
            { path in
                let target = path + ".target"
                _ = Self.write(target, "precious\n")
                symlink(target, path)
                return "precious\n"
            }
        ),
        (
            "a FIFO",
            { path in
                mkfifo(path, 0o600); return nil
            }
        ),
        (
            "a folder",
            { path in
                mkdir(path, 0o700); return nil
            }
        ),
    ]

    private static func write(_ path: String, _ text: String) -> String {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        _ = Glibc.write(file, text, text.utf8.count)
        close(file)
        return text
    }

    private static func content(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try? Files.read(path)
    }

    /// Nothing is written over, and nothing waited for.
    @Test func refusesWhatIsNoLock() throws {
        try take().end()
        for (name, make) in Self.strangers {
            unlink(state.lock)
            rmdir(state.lock)
            let before = try make(state.lock)
            let failure = #expect(throws: Failure.self, "\(name)") { try take().end() }
            #expect(failure?.code == .journal && failure?.hints.isEmpty == false, "\(name)")
            #expect(Self.content(state.lock) == before, "\(name)")
        }
        // A lock of a gigabyte is a lock, if it began as one; only its first line is read.
        rmdir(state.lock)
        _ = Self.write(state.lock, "process 1, `vfpool`\n")
        #expect(truncate(state.lock, 1 << 30) == 0)
        try take().end()
        #expect(try lockText() == "process \(getpid()), `vfpool bind vm1`\n")
    }

    /// The lock is no link to somewhere else.
    @Test func refusesLink() throws {
        try take().end()
        unlink(state.lock)
        symlink("/etc/hostname", state.lock)
        let failure = #expect(throws: Failure.self) { try take().end() }
        #expect(failure?.code == .journal)
    }
}
