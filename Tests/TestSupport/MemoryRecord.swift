import Journal
package import Model

/// A change's record in memory; it can fail as a full disk does.
package final class MemoryRecord: ChangeRecord {
    package enum Line: Equatable {
        case starting(Int), finished(Int, stored: String?), reverted(Int), possible(Int), complete(
            ChangeResult, Failure?)
    }

    package let id = "20261122-160612-a3f1"
    package private(set) var lines: [Line] = []
    /// From this line on, nothing can be written.
    private let capacity: Int

    package init(capacity: Int = .max) { self.capacity = capacity }

    /// How it ended; nil where no closing line was written.
    package var result: ChangeResult? {
        lines.lazy.compactMap { if case .complete(let result, _) = $0 { result } else { nil } }.last
    }

    package var reverted: [Int] {
        lines.compactMap { if case .reverted(let step) = $0 { step } else { nil } }
    }

    package var possible: [Int] {
        lines.compactMap { if case .possible(let step) = $0 { step } else { nil } }
    }

    package func starting(_ step: Int) throws(Failure) { try add(.starting(step)) }
    package func finished(_ step: Int, stored: String?) throws(Failure) { try add(.finished(step, stored: stored)) }
    package func reverted(_ step: Int) throws(Failure) { try add(.reverted(step)) }
    package func possible(_ step: Int) throws(Failure) { try add(.possible(step)) }
    package func complete(_ result: ChangeResult, failure: Failure?) throws(Failure) {
        try add(.complete(result, failure))
    }

    private func add(_ line: Line) throws(Failure) {
        guard lines.count < capacity else { throw Failure(.journal, "no space left on device") }
        lines.append(line)
    }
}
