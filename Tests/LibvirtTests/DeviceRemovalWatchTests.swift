import Glibc
import Testing
import Text

@testable import Libvirt
@testable import Parallel

/// The test driver has the events but never tells one; that a real guest is heard, RigTests show.
@Suite struct DeviceRemovalWatchTests {
    @Test func silenceTimesOut() throws {
        let host = try PretendHost()
        let connection = try host.connection(events: true)
        let watch = try DeviceRemovalWatch(connection.domain(named: "web"), on: connection)
        let start = ContinuousClock.now
        #expect(watch.wait(alias: "hostdev0", seconds: 0.2) == .timedOut)
        let waited = ContinuousClock.now - start
        #expect(waited >= .milliseconds(195) && waited < .seconds(10))
        #expect(watch.wait(alias: "hostdev0", seconds: -1) == .timedOut)
    }

    @Test func needsEvents() throws {
        let connection = try PretendHost().connection()
        let error = #expect(throws: LibvirtError.self) {
            try DeviceRemovalWatch(connection.domain(named: "web"), on: connection)
        }
        #expect(error?.code == .operationInvalid)
    }

    @Test func anotherConnectionsDomainIsRefused() throws {
        let connection = try PretendHost().connection(readOnly: true, events: true)
        let other = try PretendHost().connection()
        let error = #expect(throws: LibvirtError.self) {
            try DeviceRemovalWatch(other.domain(named: "web"), on: connection)
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func anAnswerIsGivenOnceAndToItsDevice() {
        let box = Mailbox<Int>()
        box.leave(1, under: "hostdev0")
        box.leave(2, under: "hostdev1")
        #expect(box.take("hostdev1", within: 0) == 2)
        #expect(box.take("hostdev1", within: 0) == nil)
        #expect(box.take("hostdev0", within: 0) == 1)
    }

    @Test func anAnswerEndsTheWait() throws {
        let box = Mailbox<Int>()
        let start = ContinuousClock.now
        let thread = try #require(
            Thread.start {
                usleep(50_000)
                box.leave(0, under: "other")
                box.leave(7, under: "hostdev0")
            })
        #expect(box.take("hostdev0", within: 30) == 7)
        #expect(ContinuousClock.now - start < .seconds(10))
        pthread_join(thread, nil)
    }
}
