import Journal
import Libvirt
import Model
import Synchronization

/// Does many guests' parts at once: parts that only redefine a guest and give back what was reserved for it.
///
/// libvirt's daemon answers a connection's calls in parallel, so while it stores one guest's document others are looked
/// at. Each guest is still done whole or not at all. The journal knows of all of them before the first is touched.
struct ParallelGuests {
    /// How many are begun before the journal is written and it is looked whether to stop.
    static let most = 64

    private let hypervisor: any Hypervisor
    private let record: any ChangeRecord
    private let width: Int
    private let lateness: Lateness
    private let isInterrupted: @Sendable () -> Bool

    init(
        _ hypervisor: any Hypervisor, _ record: any ChangeRecord, width: Int, _ lateness: Lateness,
        _ isInterrupted: @escaping @Sendable () -> Bool
    ) {
        self.hypervisor = hypervisor
        self.record = record
        self.width = width
        self.lateness = lateness
        self.isInterrupted = isInterrupted
    }

    /// The parts from this one on that can be done together; that one alone if there is none.
    static func group(_ plan: Plan, _ parts: [Range<Int>], from first: Int) -> ArraySlice<Range<Int>> {
        var guests: Set<String> = []
        let group = parts[first...].prefix(most).prefix { part in
            guard let guest = guest(plan, part) else { return false }
            return guests.insert(guest).inserted
        }
        return group.count > 1 ? group : parts[first...first]
    }

    /// The guest of a part that can be done beside others.
    private static func guest(_ plan: Plan, _ part: Range<Int>) -> String? {
        guard case .defineGuest(let change) = plan.items[part.lowerBound].step else { return nil }
        let others = plan.items[part].dropFirst()
        return others.allSatisfy { if case .release = $0.step { true } else { false } } ? change.uuid : nil
    }

    private struct Outcome: Sendable {
        var log: [BufferedLog.Line]
        var stop: PartStop?
    }

    /// - Returns: how many parts are done, and the first failure.
    func apply(
        _ plan: Plan, _ parts: ArraySlice<Range<Int>>, _ progress: (Int, Step) -> Void
    ) -> (done: Int, stop: PartStop?) {
        do throws(Failure) {
            try record.together { () throws(Failure) in
                for part in parts { for index in part { try record.starting(index) } }
            }
        } catch {
            return (0, PartStop(failure: error, result: .reverted, wasBegun: false))
        }
        for part in parts { progress(part.lowerBound, plan.items[part.lowerBound].step) }
        let steps = plan.steps
        let hypervisor = hypervisor
        let lateness = lateness
        let hasFailed = Atomic(false)
        let outcomes: [Outcome]
        do throws(LibvirtError) {
            outcomes = try inParallel(Array(parts), width: width) { [isInterrupted] (part) throws(LibvirtError) in
                let log = BufferedLog()
                let applier = PartApplier(
                    runner: StepRunner(hypervisor, files: LocalFiles()), log: log,
                    isInterrupted: { isInterrupted() || hasFailed.load(ordering: .relaxed) }, lateness: lateness,
                    width: 1)
                do throws(PartStop) {
                    try applier.apply(part.map { ($0, steps[$0]) })
                    return Outcome(log: log.lines, stop: nil)
                } catch {
                    hasFailed.store(true, ordering: .relaxed)
                    return Outcome(log: log.lines, stop: error)
                }
            }
        } catch {
            // Nothing above throws: every failure is an outcome.
            return (0, PartStop(failure: Failure("could not change guests", error), result: .failed, wasBegun: true))
        }
        return conclude(Array(parts), outcomes)
    }

    private func conclude(_ parts: [Range<Int>], _ outcomes: [Outcome]) -> (done: Int, stop: PartStop?) {
        // Others stop because one has failed: that one's words count, and the worst of what is left.
        let stops = outcomes.compactMap(\.stop)
        var stop =
            stops.first { $0.result == .failed } ?? stops.first { $0.failure.code != .interrupted } ?? stops.first
        stop?.left = stops.flatMap(\.left)
        stop?.possible = stops.flatMap(\.possible)
        do throws(Failure) {
            try record.together { () throws(Failure) in
                for (part, outcome) in zip(parts, outcomes) { try write(part, outcome) }
            }
        } catch {
            if stop == nil {
                // All of it is in place; what can't be written down can't be undone by name, but is to be said.
                stop = PartStop(failure: error, result: .failed, wasBegun: false)
            }
        }
        return (outcomes.count { $0.stop == nil }, stop)
    }

    private func write(_ part: Range<Int>, _ outcome: Outcome) throws(Failure) {
        var begun: Set<Int> = []
        for line in outcome.log {
            switch line {
            case .starting(let index): begun.insert(index)
            case .finished(let index, let stored): try record.finished(index, stored: stored)
            case .reverted(let index): try record.reverted(index)
            case .possible(let index): try record.possible(index)
            }
        }
        // Announced, but never begun.
        for index in part where !begun.contains(index) { try record.reverted(index) }
    }
}

/// A part's log, kept until the parts beside it have ended too.
private final class BufferedLog: StepLog {
    enum Line: Sendable { case starting(Int), finished(Int, stored: String?), reverted(Int), possible(Int) }

    private(set) var lines: [Line] = []

    func starting(_ step: Int) { lines.append(.starting(step)) }
    func finished(_ step: Int, stored: String?) { lines.append(.finished(step, stored: stored)) }
    func reverted(_ step: Int) { lines.append(.reverted(step)) }
    func possible(_ step: Int) { lines.append(.possible(step)) }
}
