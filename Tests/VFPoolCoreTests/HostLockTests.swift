import Glibc
import TestSupport
import Testing
import Text
import VFPoolCore

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
        var program: [UnsafeMutablePointer<CChar>?] = ["flock", "--no-fork", state.lock, "sleep", "3600"].map {
            (word: String) in strdup(word)
        }
        program.append(nil)
        defer { for word in program { free(word) } }
        var pid: pid_t = 0
        try #require(posix_spawnp(&pid, "flock", nil, nil, &program, environ) == 0)
        try #require(eventually { !isFree() })
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

    /// The lock is no link to somewhere else.
    @Test func refusesLink() throws {
        try take().end()
        unlink(state.lock)
        symlink("/etc/hostname", state.lock)
        let failure = #expect(throws: Failure.self) { try take().end() }
        #expect(failure?.code == .journal)
    }
}
