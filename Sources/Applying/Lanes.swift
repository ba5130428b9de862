import Libvirt
import Synchronization

/// The connections on which a change is made: one, and in a large change several, so that threads have one each.
///
/// Threads that share a connection hand its answers to one another, which takes longer than the answers.
final class Lanes: Sendable {
    /// From so many calls on, others pay: to open one takes as long as some ten calls.
    static let few = 64

    private struct Open {
        var lanes: [Lane]
        var calls = 0
    }

    private let most: Int
    private let open: Mutex<Open>
    private let another: @Sendable () throws(LibvirtError) -> Connection

    /// - Parameters:
    ///   - most: how many there are at most.
    ///   - another: opens one more to the same daemon.
    init(_ first: Connection, most: Int, another: @escaping @Sendable () throws(LibvirtError) -> Connection) {
        self.most = most
        self.another = another
        open = Mutex(Open(lanes: [Lane(first)]))
    }

    /// The one that was there from the first: the only one that tells of events.
    var first: Lane { open.withLock { $0.lanes[0] } }

    /// The same one for the same object, by its UUID; without, now this one, now that.
    func lane(of uuid: String? = nil) -> Lane {
        let (lanes, calls) = open.withLock {
            $0.calls += 1
            return ($0.lanes, $0.calls)
        }
        if calls == Self.few { widen(lanes[0]) }
        let number = uuid.map { $0.utf8.reduce(0) { $0 &* 31 &+ Int($1) } } ?? calls
        return lanes[Int(UInt(bitPattern: number) % UInt(lanes.count))]
    }

    /// After a connection was lost.
    func replace(by connection: Connection) { open.withLock { $0 = Open(lanes: [Lane(connection)]) } }

    /// What can't be had is not needed: the daemon may have clients enough.
    private func widen(_ first: Lane) {
        for _ in 1..<most {
            guard let connection = try? another() else { return }
            open.withLock { if $0.lanes[0] === first { $0.lanes.append(Lane(connection)) } }
        }
    }
}
