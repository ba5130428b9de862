import Journal
import Model
import Synchronization
import TestSupport
import Text

/// A record that ends as when vfpool is killed: from some point on, nothing more is written.
final class KilledRecord: ChangeRecord {
    private let record: JournalRecord
    private let isDead: () -> Bool
    private let capacity: Int
    private let look: () -> PretendHost?
    private var lines = 0
    /// The world when it was killed.
    private(set) var world: PretendHost?

    /// Dies when so many lines are written.
    init(_ record: JournalRecord, after lines: Int, look: @escaping () -> PretendHost?) {
        self.record = record
        capacity = lines
        isDead = { false }
        self.look = look
    }

    init(_ record: JournalRecord, when isDead: @escaping () -> Bool) {
        self.record = record
        capacity = .max
        self.isDead = isDead
        look = { nil }
    }

    var id: String { record.id }

    func starting(_ step: Int) throws(Failure) { try line { () throws(Failure) in try record.starting(step) } }

    func finished(_ step: Int, stored: String?) throws(Failure) {
        try line { () throws(Failure) in try record.finished(step, stored: stored) }
    }

    func reverted(_ step: Int) throws(Failure) { try line { () throws(Failure) in try record.reverted(step) } }

    func possible(_ step: Int) throws(Failure) { try line { () throws(Failure) in try record.possible(step) } }

    func complete(_ result: ChangeResult, failure: Failure?) throws(Failure) {
        try line { () throws(Failure) in try record.complete(result, failure: failure) }
    }

    private func line(_ write: () throws(Failure) -> Void) throws(Failure) {
        if lines == capacity, world == nil { world = look() }
        guard lines < capacity, !isDead() else { throw Failure(.interrupted, "killed") }
        lines += 1
        try write()
    }
}

/// One value, for a closure to write.
final class Box<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }
}
