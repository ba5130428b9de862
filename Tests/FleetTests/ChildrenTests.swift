import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Text

@testable import Fleet

/// Child processes: how each ends, and that none outstays its time.
@Suite struct ChildrenTests {
    private static let environment = ["PATH=/usr/bin:/bin"]

    private func run(
        _ scripts: [[String]], seconds: Double? = nil, width: Int = 32, limit: Int = 32 << 20
    ) -> [Int: [ChildEnd]] {
        var children = Children(.file("/bin/sh", environment: Self.environment))
        children.seconds = seconds
        children.width = width
        children.limit = limit
        var all: [Int: [ChildEnd]] = [:]
        let commands = scripts.map { $0.map { ["sh", "-c", $0] } }
        let outcome = children.run(commands, isWell: { $0.reason == .exited(0) }) { all[$0] = $1 }
        #expect(outcome == .done)
        return all
    }

    @Test func eachEnd() {
        let all = run([
            ["printf out; printf err >&2"], ["exit 3"], ["kill -KILL $$"], ["printf a", "printf b"],
            ["exit 1", "printf b"], [],
        ])
        #expect(all[0] == [ChildEnd(.exited(0), output: Array("out".utf8), errors: Array("err".utf8))])
        #expect(all[1]?.map(\.reason) == [.exited(3)])
        #expect(all[2]?.map(\.reason) == [.signalled(SIGKILL)])
        #expect(all[3]?.map(\.output) == [Array("a".utf8), Array("b".utf8)])
        #expect(all[4]?.map(\.reason) == [.exited(1)])
        #expect(all[5] == [])
    }

    @Test func whatCanNotBeStarted() {
        var ends: [ChildEnd] = []
        _ = Children(.file("/nowhere", environment: [])).run([[["x"]]], isWell: { _ in true }) { ends += $1 }
        #expect(ends.map(\.reason) == [.notStarted(ENOENT)])
    }

    /// It is ended with all that it started; the others' answers are whole.
    @Test func whoHangsIsEnded() throws {
        let folder = try TemporaryFolder()
        let all = run(
            [["echo $$ > \(folder.path)/own; sleep 1000 & echo $! > \(folder.path)/id; wait"], ["printf well"]],
            seconds: 5)
        #expect(all[0]?.map(\.reason) == [.timedOut])
        #expect(all[1]?.map(\.output) == [Array("well".utf8)])
        // The child itself is asked for: a test process that keeps ended children never ends.
        let own = try #require(pid_t(String(contentsOfFile: "\(folder.path)/own", encoding: .utf8).trimmed))
        #expect(kill(own, 0) != 0)
        let id = try #require(pid_t(String(contentsOfFile: "\(folder.path)/id", encoding: .utf8).trimmed))
        #expect(eventually { kill(id, 0) != 0 || Self.isZombie(id) })
    }

    /// Whose parent is gone waits for init, which may take its time.
    private static func isZombie(_ id: pid_t) -> Bool {
        (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8))?.contains(bytes: ") Z ") ?? true
    }

    /// It has no terminal to ask on, an empty stdin, and hears signals.
    @Test func whatAChildHas() throws {
        let all = run([
            ["cat; (exec 3< /dev/tty) 2> /dev/null && echo terminal; grep SigBlk /proc/self/status"]
        ])
        #expect(String(decoding: all[0]?[0].output ?? [], as: UTF8.self) == "SigBlk:\t0000000000000000\n")
    }

    @Test func tooMuchIsNotRead() {
        let all = run(
            [["head -c 3000000 /dev/zero"], ["head -c 1000 /dev/zero; head -c 900000 /dev/zero >&2; printf end >&2"]],
            limit: 100_000)
        #expect(all[0]?.map(\.reason) == [.tooLarge])
        #expect((all[0]?[0].output.count ?? 0) <= 100_001)
        #expect(all[1]?.map(\.reason) == [.exited(0)] && all[1]?[0].output.count == 1000)
        // Of stderr the last counts.
        #expect(all[1]?[0].errors.count == 65_536 && all[1]?[0].errors.suffix(3) == Array("end".utf8)[...])
    }

    /// Large answers wait for each other, and all of them come.
    @Test func largeAnswersTakeTurns() {
        let all = run(Array(repeating: ["head -c 90000 /dev/zero"], count: 20), limit: 100_000)
        #expect(all.count == 20 && all.values.allSatisfy { $0[0].reason == .exited(0) && $0[0].output.count == 90_000 })
    }

    @Test func noMoreAtOnceThanAsked() throws {
        let folder = try TemporaryFolder()
        let script = "mkdir \(folder.path)/only && sleep 0.02 && rmdir \(folder.path)/only"
        let all = run(Array(repeating: [script], count: 8), width: 1)
        #expect(all.values.allSatisfy { $0[0].reason == .exited(0) })
    }

    /// A copy of this process runs its own code: with an empty stdin, no file of this process's, and signals; its memory is its own.
    @Test func ownCode() async throws {
        await #expect(processExitsWith: .success) {
            let file = open("/dev/null", O_RDONLY)
            var count = 0
            let children = Children(
                .own { words in
                    var mask = sigset_t()
                    pthread_sigmask(SIG_BLOCK, nil, &mask)
                    guard read(STDIN_FILENO, &mask, 1) == 0, fcntl(file, F_GETFD) < 0 else { return 1 }
                    guard sigismember(&mask, SIGTERM) == 0, getsid(0) == getpid() else { return 2 }
                    _ = write(STDOUT_FILENO, words[0], words[0].utf8.count)
                    return words[0] == "b" ? 7 : 0
                })
            var ends: [Int: [ChildEnd]] = [:]
            _ = children.run([[["a"]], [["b"]], [["c"], ["d"]]], isWell: { $0.reason == .exited(0) }) {
                ends[$0] = $1
                count += 1
            }
            #expect(ends[0] == [ChildEnd(.exited(0), output: Array("a".utf8))])
            #expect(ends[1] == [ChildEnd(.exited(7), output: Array("b".utf8))])
            #expect(ends[2]?.map(\.output) == [Array("c".utf8), Array("d".utf8)] && count == 3)
        }
    }
}
