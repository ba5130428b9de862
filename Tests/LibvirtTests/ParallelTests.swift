import Glibc
import Libvirt
import Synchronization
import Testing
import Text

@Suite struct ParallelTests {
    /// How many calls are in flight, and the most there were.
    private final class Gauge: Sendable {
        private let state = Mutex((now: 0, most: 0))

        var most: Int { state.withLock { $0.most } }

        func during(_ body: () -> Void) {
            state.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            body()
            state.withLock { $0.now -= 1 }
        }

        /// Waits until there were `count`, at most 5 min.
        func wait(for count: Int) {
            let end = ContinuousClock.now + .seconds(300)
            while most < count, .now < end { usleep(1_000) }
        }
    }

    @Test func keepsTheOrder() throws {
        let items = Array(0..<1_000)
        let results = try inParallel(items) { item throws(LibvirtError) in
            if item % 100 == 0 { usleep(2_000) }
            return item * 2
        }
        #expect(results == items.map { $0 * 2 })
    }

    @Test func keepsSixteenInFlightAndNoMore() throws {
        let gauge = Gauge()
        _ = try inParallel(Array(0..<64)) { _ throws(LibvirtError) in
            gauge.during { gauge.wait(for: 16) }
        }
        #expect(gauge.most == 16)
    }

    @Test func oneAtATimeStaysOnThisThread() throws {
        let here = pthread_self()
        #expect(
            try inParallel([1, 2, 3], width: 1) { _ throws(LibvirtError) in pthread_self() } == [here, here, here])
        #expect(try inParallel([1]) { _ throws(LibvirtError) in pthread_self() } == [here])
        #expect(try inParallel([Int]()) { _ throws(LibvirtError) in pthread_self() }.isEmpty)
    }

    @Test func throwsTheFirstErrorInOrder() {
        let done = Atomic(0)
        let error = #expect(throws: LibvirtError.self) {
            try inParallel(Array(0..<10_000)) { item throws(LibvirtError) in
                // The later one fails sooner.
                if item == 2 { usleep(50_000) }
                if item == 2 || item == 9 { throw LibvirtError(code: .rpc, message: "\(item)") }
                usleep(100)
                done.add(1, ordering: .relaxed)
            }
        }
        #expect(error?.message == "2")
        #expect(done.load(ordering: .relaxed) < 5_000)
    }

    @Test func aResultMayBeNil() throws {
        #expect(
            try inParallel([1, 2, 3]) { item throws(LibvirtError) -> Int? in item == 2 ? nil : item } == [1, nil, 3])
    }

    @Test func eachThreadReadsItsOwnError() throws {
        let connection = try Connection.open("test:///default", readOnly: true)
        let names = (0..<2_000).map { "guest\($0)" }
        let errors = try inParallel(names) { name throws(LibvirtError) -> LibvirtError? in
            do throws(LibvirtError) {
                _ =
                    name.hasSuffix("0")
                    ? try connection.network(named: Name(name)).name : try connection.domain(named: Name(name)).name
                return nil
            } catch {
                return error
            }
        }
        for (name, error) in zip(names, errors) {
            #expect(error?.code == (name.hasSuffix("0") ? .noNetwork : .noDomain))
        }
    }
}
