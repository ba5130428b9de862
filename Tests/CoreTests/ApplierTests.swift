import Applying
import Model
import TestSupport
import Testing
import Text

/// A change that fails anywhere leaves the world as it was, and says so.
@Suite struct ApplierTests {
    /// Every kind of plan there is, each on a host of its own.
    @Test(arguments: Scenario.all) func succeeds(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        try #require(!plan.isEmpty)
        let hypervisor = FaultyHypervisor(host)
        let record = MemoryRecord()
        try Applier(hypervisor, record: record).apply(plan)
        #expect(record.result == .done)
        #expect(hypervisor.host != host)
        let again = try scenario.again(hypervisor.host)
        #expect(again == nil || again?.isEmpty == true, "again: \(again?.steps.map(\.action) ?? [])")
    }

    /// One fault at every call of every plan, in every way a call can fail.
    @Test(arguments: Scenario.all, FaultyHypervisor.Fault.allCases)
    func failsAnywhere(_ scenario: Scenario, _ fault: FaultyHypervisor.Fault) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord(), width: 1).apply(plan)
        for number in clean.calls.indices {
            let hypervisor = FaultyHypervisor(host, faults: [number: fault])
            let record = MemoryRecord()
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: record, width: 1, lateness: Lateness(pause: 0)).apply(plan)
            }
            let place =
                "\(scenario) at \(clean.calls[number]) (\(number)), \(fault): \(failure.map(String.init(describing:)) ?? "")"
            #expect(failure?.code != .notRestored, "\(place)")
            #expect(Difference.between(host, hypervisor.host).isEmpty, "\(place)")
            #expect(record.result == .reverted, "\(place)")
            // What never came may still come.
            let isOpen = fault == .lostBefore && clean.calls[number].isWrite && !clean.calls[number].isKernel
            #expect(record.possible.count == (isOpen ? 1 : 0), "\(place)")
            let isSaid = failure?.hints.contains { $0.text.contains("vfpool undo \(record.id)") } ?? false
            #expect(isSaid == isOpen, "\(place)")
            // Nothing stays, so nothing is said to.
            #expect(failure?.hints.contains { $0.text.contains("are done and stay") } == false, "\(place)")
        }
    }

    /// Two faults: whatever is left in place is named, and it is left only if vfpool says so.
    @Test(arguments: Scenario.all) func failsWhilePuttingBack(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        for number in clean.calls.indices {
            let once = FaultyHypervisor(host, faults: [number: .after])
            _ = try? Applier(once, record: MemoryRecord()).apply(plan)
            for second in once.calls.indices where second > number {
                let hypervisor = FaultyHypervisor(host, faults: [number: .after, second: .before])
                let record = MemoryRecord()
                let failure = #expect(throws: Failure.self) {
                    try Applier(hypervisor, record: record).apply(plan)
                }
                let isSame = Difference.between(host, hypervisor.host).isEmpty
                let place = "\(scenario) at \(number) and \(second), \(once.calls[second])"
                // What is refused is not a lost connection.
                #expect(!hypervisor.calls.contains { $0.name == "reconnect" }, "\(place)")
                if failure?.code == .notRestored {
                    #expect(failure?.exitStatus == 3)
                    #expect(record.result == .failed, "\(place)")
                    #expect(failure?.hints.contains { $0.text.contains("vfpool undo \(record.id)") } == true)
                } else {
                    #expect(isSame, "\(place)")
                    #expect(record.result == .reverted, "\(place)")
                }
            }
        }
    }

    @Test(arguments: Scenario.all) func lostForGood(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        // A plan of the kernel's steps alone has nothing to lose.
        guard let first = clean.calls.firstIndex(where: { $0.isWrite && !$0.isKernel }) else { return }
        let hypervisor = FaultyHypervisor(host, faults: [first: .lostAfter], canReconnect: false)
        let record = MemoryRecord()
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: record).apply(plan) }
        #expect(failure?.code == .notRestored)
        #expect(record.result == .failed)
        #expect(failure?.hints.contains { $0.text.contains(plan.steps[0].action) } == true)
    }

    @Test(arguments: Scenario.all) func interrupted(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        for stop in plan.steps.indices {
            let hypervisor = FaultyHypervisor(host)
            let record = MemoryRecord()
            let asked = Counter()
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: record, width: 1, isInterrupted: { asked.next() == stop })
                    .apply(plan)
            }
            #expect(failure?.code == .interrupted)
            #expect(failure?.exitStatus == 130)
            #expect(Difference.between(host, hypervisor.host).isEmpty, "\(scenario) before step \(stop)")
            #expect(record.result == .reverted)
            #expect(record.reverted == Array((0..<stop).reversed()))
        }
    }

    /// The journal's disk is full from some line on: the world is put back all the same.
    @Test(arguments: Scenario.all) func journalFails(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        for capacity in 0..<(2 * plan.steps.count) {
            let hypervisor = FaultyHypervisor(host)
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: MemoryRecord(capacity: capacity)).apply(plan)
            }
            #expect(failure?.code == .journal, "\(scenario) after \(capacity) lines")
            #expect(Difference.between(host, hypervisor.host).isEmpty, "\(scenario) after \(capacity) lines")
        }
    }

    /// Everything is done, but the last line can't be written: then everything stays, and that is said.
    @Test(arguments: Scenario.all) func journalFailsAtTheEnd(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        let hypervisor = FaultyHypervisor(host)
        let failure = #expect(throws: Failure.self) {
            try Applier(hypervisor, record: MemoryRecord(capacity: 2 * plan.steps.count)).apply(plan)
        }
        #expect(failure?.code == .journal)
        #expect(failure?.hints.count == 1)
        #expect(Difference.between(clean.host, hypervisor.host).isEmpty)
    }

    /// The daemon goes away for a moment while a change is put back.
    @Test(arguments: Scenario.all) func lostWhilePuttingBack(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        let last = clean.calls.count - 1
        let once = FaultyHypervisor(host, faults: [last: .before])
        _ = try? Applier(once, record: MemoryRecord()).apply(plan)
        for second in once.calls.indices where second > last && !once.calls[second].isKernel {
            let hypervisor = FaultyHypervisor(host, faults: [last: .before, second: .lostAfter])
            let record = MemoryRecord()
            #expect(throws: Failure.self) { try Applier(hypervisor, record: record).apply(plan) }
            #expect(Difference.between(host, hypervisor.host).isEmpty, "\(scenario) at \(once.calls[second])")
            #expect(record.result == .reverted, "\(scenario) at \(once.calls[second])")
        }
    }

    /// Someone edits every document while the change is made, and then it fails: the edit stays.
    @Test(arguments: Scenario.all) func editedMeanwhile(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord(), width: 1).apply(plan)
        for number in clean.calls.indices {
            // Between a look and a write, or a write and the look at it, nobody can tell who wrote.
            let isWritten = [number, number - 1].contains {
                clean.calls.indices.contains($0) && clean.calls[$0].isDocument
            }
            if isWritten { continue }
            let hypervisor = FaultyHypervisor(host, faults: [number: .before]) { call, _, host in
                if call == number { try host.editEverything() }
            }
            let record = MemoryRecord()
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: record, width: 1).apply(plan)
            }
            let place = "\(scenario) at \(clean.calls[number]) (\(number))"
            #expect(hypervisor.host.isEdited, "\(place)")
            if failure?.code != .notRestored {
                #expect(Difference.live(host, hypervisor.host).isEmpty, "\(place)")
            }
        }
    }

    /// Someone edits the first document after the plan was made.
    @Test(arguments: Scenario.all) func editedBefore(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let touched = plan.steps.compactMap(\.documentChange).filter { change in
            host.networks[change.name] != nil || host.guests[change.uuid] != nil
        }
        guard !touched.isEmpty else { return }
        var edited = host
        try edited.editEverything()
        let hypervisor = FaultyHypervisor(edited)
        let failure = #expect(throws: Failure.self) {
            try Applier(hypervisor, record: MemoryRecord()).apply(plan)
        }
        #expect(failure?.code == .changedMeanwhile)
        #expect(Difference.between(edited, hypervisor.host).isEmpty)
    }
}
