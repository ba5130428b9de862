import Libvirt
import Synchronization
import TestSupport
import Testing

@testable import Applying

/// The connections of a change.
@Suite struct LanesTests {
    private final class Opened: Sendable {
        let count = Mutex(0)

        func lanes(_ most: Int, fails: Bool = false) throws -> Lanes {
            Lanes(try Connection.open("test:///default", readOnly: false), most: most) { () throws(LibvirtError) in
                self.count.withLock { $0 += 1 }
                return try Connection.open(fails ? "test:///nowhere" : "test:///default", readOnly: false)
            }
        }
    }

    private func many(_ lanes: Lanes) -> Set<ObjectIdentifier> { Set(used(lanes).map { ObjectIdentifier($0) }) }

    private func used(_ lanes: Lanes) -> [Lane] { (0..<2 * Lanes.few).map { lanes.lane(of: "uuid \($0)") } }

    @Test func `a small change has one`() throws {
        let opened = Opened()
        let lanes = try opened.lanes(4)
        for number in 1..<Lanes.few { #expect(lanes.lane(of: "\(number)") === lanes.first) }
        #expect(opened.count.withLock { $0 } == 0)
    }

    @Test func `a large change has several, and each object its own`() throws {
        let opened = Opened()
        let lanes = try opened.lanes(4)
        let used = many(lanes)
        #expect(used.count == 4 && used.contains(ObjectIdentifier(lanes.first)))
        #expect(lanes.lane(of: "a") === lanes.lane(of: "a"))
        #expect(Set((0..<8).map { _ in ObjectIdentifier(lanes.lane()) }) == used)
        #expect(many(lanes) == used && opened.count.withLock { $0 } == 3)
    }

    @Test func `connected anew it is one, and several again`() throws {
        let opened = Opened()
        let lanes = try opened.lanes(2)
        let former = used(lanes)
        lanes.replace(by: try Connection.open("test:///default", readOnly: false))
        #expect(lanes.lane(of: "a") === lanes.first && !former.contains { $0 === lanes.first })
        #expect(many(lanes).count == 2)
        #expect(many(lanes).isDisjoint(with: former.map { ObjectIdentifier($0) }))
    }

    @Test(arguments: [1, 4]) func `what can't be had is not needed`(_ most: Int) throws {
        let opened = Opened()
        let lanes = try opened.lanes(most, fails: true)
        #expect(many(lanes) == [ObjectIdentifier(lanes.first)])
        #expect(many(lanes).count == 1 && opened.count.withLock { $0 } == (most == 1 ? 0 : 1))
    }
}
