import CLibvirt
import Glibc
import Synchronization
import Testing
import Text

@testable import Libvirt

/// Nobody waits for ever for a libvirt that gives no answer.
@Suite struct PatienceTests {
    /// A call that gets no answer until it is released.
    private final class Silence: Sendable {
        private let isOver = Pending<Void>()
        func call() { _ = isOver.wait(Watch(Patience(seconds: 60))) }
        func end() { isOver.bring(()) }
    }

    private func connection(_ patience: Patience) throws -> Connection {
        try Connection.open("test:///default", readOnly: false, patience: patience)
    }

    // MARK: The watch

    /// How many seconds it takes until it is enough; nil if it never is.
    private func seconds(_ watch: inout Watch, step: Double = 0.1) -> Double? {
        for count in 1...10_000 where watch.hasEnough(after: step) { return (Double(count) * 0.1 * 10).rounded() / 10 }
        return nil
    }

    @Test func `silence is enough at its end, an answer begins it anew`() {
        let answers = Atomic(0)
        var watch = Watch(Patience(seconds: 1))
        watch.answers = { answers.load(ordering: .relaxed) }
        for _ in 0..<9 { _ = watch.hasEnough(after: 0.1) }
        answers.add(1, ordering: .relaxed)
        let more = seconds(&watch) ?? 0
        #expect(abs(more - 1.1) < 0.15)
    }

    @Test func `time in which this process was stopped is nobody's silence`() {
        var watch = Watch(Patience(seconds: 1))
        let steps = seconds(&watch, step: 3600).map { $0 * 10 } ?? 0
        #expect((4...6).contains(steps))
    }

    @Test func `who is asked for a password may take his time`() {
        var watch = Watch(Patience(seconds: 1))
        watch.isAsking = { true }
        let end = seconds(&watch)
        #expect(end == nil)
    }

    @Test func `without a limit, a wish to stop is one`() {
        let isHurried = Atomic(false)
        var watch = Watch(Patience(seconds: nil, isHurried: { isHurried.load(ordering: .relaxed) }))
        let before = seconds(&watch)
        #expect(before == nil)
        isHurried.store(true, ordering: .relaxed)
        let after = seconds(&watch) ?? 0
        #expect(abs(after - Watch.hurry) < 0.3)
    }

    @Test func `what may take long is asked for a sign of life, and not for ever after a wish to stop`() {
        let answers = Atomic(0)
        let isHurried = Atomic(false)
        var watch = Watch(Patience(seconds: 2, isHurried: { isHurried.load(ordering: .relaxed) }))
        watch.answers = { answers.load(ordering: .relaxed) }
        watch.inquire = { answers.add(1, ordering: .relaxed) }
        let before = seconds(&watch)
        #expect(before == nil)
        isHurried.store(true, ordering: .relaxed)
        let after = seconds(&watch) ?? 0
        #expect(abs(after - Watch.longHurry) < 0.3)
        // Nobody answers.
        let inquiries = Atomic(0)
        var alone = Watch(Patience(seconds: 2))
        alone.inquire = { inquiries.add(1, ordering: .relaxed) }
        let silence = seconds(&alone) ?? 0
        #expect(abs(silence - 2) < 0.3 && inquiries.load(ordering: .relaxed) == 1)
    }

    // MARK: The line

    @Test func `a call without an answer is given up, and so is its connection`() throws {
        let connection = try connection(Patience(seconds: 0.3))
        let silence = Silence()
        defer { silence.end() }
        let error = #expect(throws: LibvirtError.self) {
            try connection.line.call { () throws(LibvirtError) in silence.call() }
        }
        #expect(error?.code == .noAnswer)
        #expect(error?.connectionLost == true)
        #expect(error?.symbol == "VFPOOL_ERR_NO_ANSWER")
        #expect(error?.message == "no answer from libvirt for 0.3 s")
        // At once, and not asked: the driver in this process would answer.
        let next = #expect(throws: LibvirtError.self) { try connection.networks() }
        #expect(next?.code == .noAnswer)
    }

    @Test func `calls in flight together are given up together`() throws {
        let connection = try connection(Patience(seconds: 0.3))
        let silence = Silence()
        defer { silence.end() }
        let begun = Atomic(0)
        let error = #expect(throws: LibvirtError.self) {
            _ = try connection.inParallel(Array(0..<100), width: 8) { (number) throws(LibvirtError) in
                begun.add(1, ordering: .relaxed)
                try connection.line.call { () throws(LibvirtError) in if number >= 50 { silence.call() } }
            }
        }
        #expect(error?.code == .noAnswer)
        #expect(begun.load(ordering: .relaxed) <= 58)
    }

    @Test func `calls in flight together are waited for as long as answers come`() throws {
        let connection = try connection(Patience(seconds: 20))
        let numbers = try connection.inParallel(Array(0..<2000), width: 8) { (number) throws(LibvirtError) in
            _ = try connection.daemonVersion()
            // Within one, too.
            return try connection.inParallel([1, 2], width: 2) { (more) throws(LibvirtError) in number + more }
        }
        #expect(numbers == (0..<2000).map { [$0 + 1, $0 + 2] })
        let error = #expect(throws: LibvirtError.self) {
            _ = try connection.inParallel(Array(0..<100)) { (number) throws(LibvirtError) in
                if number == 7 { throw LibvirtError(code: .rpc, message: "") }
                return number
            }
        }
        #expect(error?.code == .rpc)
    }

    @Test func `a long call goes on while the daemon answers otherwise`() throws {
        let connection = try connection(Patience(seconds: 0.4))
        let value = try connection.line.call(isLong: true) { () throws(LibvirtError) in
            usleep(1_500_000)
            return 7
        }
        #expect(value == 7)
    }

    @Test func `all together may be limited`() throws {
        let connection = try connection(Patience(seconds: 60, whole: 0.3))
        let silence = Silence()
        defer { silence.end() }
        let error = #expect(throws: LibvirtError.self) {
            try connection.line.call { () throws(LibvirtError) in silence.call() }
        }
        #expect(error?.code == .noAnswer)
    }

    /// A socket that takes connections and says nothing.
    @Test(arguments: [true, false]) func `connecting is given up, too`(_ hasEvents: Bool) throws {
        let path = "/tmp/vfpool-silent-\(getpid())-\(hasEvents)"
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer {
            close(listener)
            unlink(path)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) }
        }
        try #require(bound == 0 && listen(listener, 5) == 0)
        let error = #expect(throws: LibvirtError.self) {
            _ = try Connection.open(
                "test+unix:///default?socket=\(path)", readOnly: true, events: hasEvents,
                patience: Patience(seconds: 0.3))
        }
        #expect(error?.code == .noAnswer)
    }

    // MARK: The daemon's return

    @Test func `it is back when its networks are`() throws {
        Worker.isWatched = true
        vfpool_lose("virConnectListAllNetworks", 2)
        defer {
            vfpool_lose(nil, 0)
            Worker.isWatched = false
        }
        let connection = try Connection.openAgain("test:///default")
        #expect(try connection.networks().count == 1)
    }
}
