import Applying
import Model
import Planning
import TestSupport
import Testing
import Text

/// Steps of one part that are made at once: it fails as if they were made one by one.
@Suite struct StepBatchTests {
    /// What fails is put back, wherever and however it fails, and what may still come is said.
    @Test(arguments: Scenario.all + [undo], FaultyHypervisor.Fault.allCases)
    func failsAnywhere(_ scenario: Scenario, _ fault: FaultyHypervisor.Fault) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        for number in clean.calls.indices {
            let hypervisor = FaultyHypervisor(host, faults: [number: fault])
            let record = MemoryRecord()
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: record, lateness: Lateness(pause: 0)).apply(plan)
            }
            let place = "\(scenario) at call \(number), \(fault): \(failure.map(String.init(describing:)) ?? "")"
            #expect(failure?.code != .notRestored, "\(place)")
            #expect(Difference.between(host, hypervisor.host).isEmpty, "\(place)")
            #expect(record.result == .reverted, "\(place)")
            let isSaid = failure?.hints.contains { $0.text.contains("vfpool undo \(record.id)") } ?? false
            #expect(isSaid == !record.possible.isEmpty, "\(place)")
            #expect(Self.inPlace(record).isEmpty, "\(place)")
        }
    }

    @Test(arguments: Scenario.all + [undo]) func interrupted(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        // Asked more often than there are batches, it may be too late to stop.
        for stop in plan.steps.indices {
            let hypervisor = FaultyHypervisor(host)
            let record = MemoryRecord()
            let asked = Counter()
            do throws(Failure) {
                try Applier(hypervisor, record: record, isInterrupted: { asked.next() == stop }).apply(plan)
                #expect(stop > 0)
            } catch {
                #expect(error.code == .interrupted)
                #expect(record.result == .reverted)
                #expect(
                    Difference.between(host, hypervisor.host).isEmpty,
                    "\(scenario) when asked for the \(stop + 1)th time")
                #expect(Self.inPlace(record).isEmpty, "\(scenario) when asked for the \(stop + 1)th time")
            }
            #expect(Self.isBalanced(record), "\(scenario) when asked for the \(stop + 1)th time")
        }
    }

    /// All of a batch is in the journal before the first of it is done; a step that is done later is in none.
    @Test func `many VFs are reserved, and many documents put back, at once`() throws {
        let (host, plan) = try Self.undo.make()
        let kinds = plan.steps.map(\.payload.kind)
        #expect(kinds.count { $0 == .reserve } == 4)
        #expect(kinds.count { $0 == .defineGuest } == 4)
        let record = MemoryRecord()
        try Applier(FaultyHypervisor(host), record: record).apply(plan)
        let begun = record.lines.prefix { if case .starting = $0 { true } else { false } }
        #expect(begun.count == 4)
    }

    /// Somebody has changed a guest meanwhile, when a later step fails: that guest stays, and the others are put back.
    @Test func `other guests are put back where one can't be`() throws {
        let (host, plan) = try Self.undo.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord(), width: 1).apply(plan)
        let edited = try #require(plan.steps.compactMap(\.documentChange).first { host.guests[$0.uuid] != nil })
        let last = try #require(clean.calls.lastIndex { $0.name == "defineGuest" })
        let hypervisor = FaultyHypervisor(host, faults: [last: .before]) { number, _, host in
            if number == last { try host.edit(guest: edited.uuid) }
        }
        let record = MemoryRecord()
        let failure = #expect(throws: Failure.self) {
            try Applier(hypervisor, record: record, width: 1).apply(plan)
        }
        #expect(failure?.code == .notRestored)
        #expect(record.result == .failed)
        let left = failure?.hints.first { $0.text.hasPrefix(bytes: "may still be in place") }?.text ?? ""
        #expect(left.contains("guest \(edited.name): redefine"))
        #expect(
            left.contains("kept for") == false && left.contains("for \(edited.name)"),
            "with what is reserved for it: \(left)")
        for guest in host.guests.values where guest.uuid != edited.uuid {
            #expect(hypervisor.host.guests[guest.uuid] == guest, "\(guest.name) is as it was")
            #expect(!left.contains(guest.name.string), "\(left)")
        }
    }

    /// Whatever was begun has ended, one way or the other.
    private static func isBalanced(_ record: MemoryRecord) -> Bool {
        var open: Set<Int> = []
        for line in record.lines {
            switch line {
            case .starting(let step): open.insert(step)
            case .finished(let step, _), .reverted(let step), .possible(let step): open.remove(step)
            case .complete: break
            }
        }
        return open.isEmpty
    }

    /// What the journal has as begun or done, and not as put back: an undo would look at it.
    private static func inPlace(_ record: MemoryRecord) -> Set<Int> {
        var steps: Set<Int> = []
        for line in record.lines {
            switch line {
            case .starting(let step), .finished(let step, _): steps.insert(step)
            case .reverted(let step), .possible(let step): steps.remove(step)
            case .complete: break
            }
        }
        return steps
    }

    /// Four guests go back from a pool to their pins.
    static let undo = Scenario("undo a migration") {
        var host = try PretendHost([PretendPF("eth3", vfs: 6)])
        for number in 0..<4 { try host.addGuest(Name("vm\(number)"), [.pin("eth3", number)]) }
        var journalled = try JournalledHost(host)
        try journalled.apply(journalled.host.create("eth3"))
        try journalled.apply(journalled.host.migration().plan)
        return (journalled.host, try journalled.undoPlan())
    }
}
