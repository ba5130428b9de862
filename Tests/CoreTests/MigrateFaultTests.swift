import Applying
import Journal
import Model
import Planning
import TestSupport
import Testing
import Text

/// A migration that fails, is killed or interrupted anywhere: guests that were done stay done, the one that was begun is
/// put back, `--resume` finishes, and `undo` takes all of it back.
@Suite struct MigrateFaultTests {
    // MARK: It fails

    @Test(arguments: Batch.all) func `it is made of parts, and goes through`(_ batch: Batch) throws {
        let (before, plan, after) = try batch.make()
        #expect(plan.parts.count > 1)
        let wide = FaultyHypervisor(before)
        let record = MemoryRecord()
        try Applier(wide, record: record, width: 8).apply(plan)
        #expect(record.result == .done)
        #expect(Difference.between(after, wide.host).isEmpty)
        #expect(try after.migration(batch.request).plan.isEmpty)
        #expect(try ReconcilePlanner.plan(after.state()).isEmpty)
    }

    /// One fault at every call, in every way a call can fail.
    @Test(arguments: Batch.all, FaultyHypervisor.Fault.allCases)
    func `at any call, in any way`(_ batch: Batch, _ fault: FaultyHypervisor.Fault) throws {
        let (before, plan, after) = try batch.make()
        let clean = FaultyHypervisor(before)
        try Applier(clean, record: MemoryRecord(), width: 1).apply(plan)
        for number in clean.calls.indices {
            let hypervisor = FaultyHypervisor(before, faults: [number: fault])
            let record = MemoryRecord()
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: record, width: 1, lateness: Lateness(pause: 0)).apply(plan)
            }
            let place = "\(batch) at \(clean.calls[number]) (\(number)), \(fault): \(failure?.message ?? "")"
            #expect(failure?.code != .notRestored, "\(place)")
            try checkWhole(hypervisor.host, before, after, place)
            let isUntouched = Difference.between(before, hypervisor.host).isEmpty
            #expect(record.result == (failure?.outcome.keepsParts == true ? .partial : .reverted), "\(place)")
            #expect(failure?.exitStatus == (failure?.outcome.keepsParts == true ? 5 : 1), "\(place)")
            #expect(isUntouched || failure?.outcome.keepsParts == true, "\(place)")
            if failure?.outcome.keepsParts == true {
                #expect(failure?.hints.contains { $0.text.contains("vfpool migrate --resume") } == true, "\(place)")
            }
            try checkFinishes(hypervisor.host, batch, after, place)
        }
    }

    /// The guests that are done beside the one that fails are done whole, too.
    @Test(arguments: 0..<50) func `beside others`(_ number: Int) throws {
        let before = try PretendHost.pooled(vfs: 12) { host in
            for index in 0..<10 { try host.addGuest("vm\(index)", [.pin("eth3", index)]) }
        }
        let plan = try before.migration().plan
        var after = before
        try after.apply(plan)
        let fault = FaultyHypervisor.Fault.allCases[number % FaultyHypervisor.Fault.allCases.count]
        let hypervisor = FaultyHypervisor(before, faults: [number: fault])
        let record = MemoryRecord()
        let failure = #expect(throws: Failure.self) {
            try Applier(hypervisor, record: record, width: 4, lateness: Lateness(pause: 0)).apply(plan)
        }
        let place = "at \(number), \(fault)"
        #expect(failure?.code != .notRestored, "\(place)")
        // As many are said to be done as are.
        let done = hypervisor.host.guests.values.count { $0.persistent != before.guests[$0.uuid]?.persistent }
        if (1..<10).contains(done) {
            #expect(failure?.hints.contains { $0.text.hasPrefix("\(done) of ") } == true, "\(place): \(done)")
        }
        try checkWhole(hypervisor.host, before, after, place)
        var finished = hypervisor.host
        try finished.apply(finished.migration().plan)
        #expect(Difference.between(after, finished).isEmpty, "\(place)")
    }

    // MARK: It is interrupted, or can't write

    @Test(arguments: Batch.all) func `interrupted before any step`(_ batch: Batch) throws {
        let (before, plan, after) = try batch.make()
        for stop in plan.steps.indices {
            let hypervisor = FaultyHypervisor(before)
            let record = MemoryRecord()
            let asked = Counter()
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: record, width: 1, isInterrupted: { asked.next() == stop }).apply(plan)
            }
            let place = "\(batch) before step \(stop)"
            #expect(failure?.code == .interrupted, "\(place)")
            #expect(record.result == (failure?.outcome.keepsParts == true ? .partial : .reverted), "\(place)")
            try checkWhole(hypervisor.host, before, after, place)
            try checkFinishes(hypervisor.host, batch, after, place)
        }
    }

    @Test(arguments: Batch.all) func `out of disk after any line`(_ batch: Batch) throws {
        let (before, plan, after) = try batch.make()
        for capacity in 0..<(2 * plan.steps.count) {
            let hypervisor = FaultyHypervisor(before)
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: MemoryRecord(capacity: capacity), width: 1).apply(plan)
            }
            let place = "\(batch) after \(capacity) lines"
            #expect(failure?.code == .journal, "\(place)")
            try checkWhole(hypervisor.host, before, after, place)
            try checkFinishes(hypervisor.host, batch, after, place)
        }
    }

    // MARK: It is killed

    /// Killed after any line that it wrote, and before any call that it made: resumed, or taken back.
    @Test(arguments: Batch.all) func `killed anywhere`(_ batch: Batch) throws {
        let (before, plan, after) = try batch.make()
        let clean = FaultyHypervisor(before)
        try Applier(clean, record: MemoryRecord(), width: 1).apply(plan)
        for lines in 0..<(2 * plan.steps.count) {
            let hypervisor = FaultyHypervisor(before)
            let (journal, record, folder) = try journal(plan, batch)
            let killed = KilledRecord(record, after: lines) { hypervisor.host }
            _ = try? Applier(hypervisor, record: killed, width: 1).apply(plan)
            let world = try #require(killed.world)
            try check(world, journal, batch, before, after, "\(batch) after line \(lines)")
            withExtendedLifetime(folder) {}
        }
        for call in clean.calls.indices {
            let world = Box<PretendHost?>(nil)
            let hypervisor = FaultyHypervisor(before) { number, _, host in
                if number == call { world.value = host }
            }
            let (journal, record, folder) = try journal(plan, batch)
            let killed = KilledRecord(record) { world.value != nil }
            _ = try? Applier(hypervisor, record: killed, width: 1).apply(plan)
            let place = "\(batch) before \(clean.calls[call]) (\(call))"
            try check(try #require(world.value), journal, batch, before, after, place)
            withExtendedLifetime(folder) {}
        }
    }

    /// Killed, and killed again while it goes on.
    @Test(arguments: Batch.all) func `killed twice`(_ batch: Batch) throws {
        let (before, plan, after) = try batch.make()
        for lines in stride(from: 1, to: 2 * plan.steps.count, by: 3) {
            for more in stride(from: 1, to: 2 * plan.steps.count, by: 4) {
                let (journal, record, folder) = try journal(plan, batch)
                var world = try killed(before, plan, record, after: lines)
                for isLast in [false, true] {
                    let resumption = try Resumption(journal, uri: PretendHost.uri)
                    let uuids = try PretendHost.uuids(world.state())
                    let rest = try resumption.plan(world.state(), journal, uuid: uuids).plan
                    let next = try journal.begin(
                        rest, command: ["vfpool", "migrate", "--resume"], uri: PretendHost.uri,
                        origin: ChangeOrigin(resumes: resumption.entry.id, migration: batch.request))
                    world = try killed(world, rest, next, after: isLast ? .max : more)
                    if try journal.entry(matching: next.id).result == .done { break }
                }
                let difference = Difference.between(after, world)
                #expect(difference.isEmpty, "\(batch) after \(lines) and \(more) lines: \(difference)")
                withExtendedLifetime(folder) {}
            }
        }
    }

    /// The host when the change was killed after so many lines, or when it was through.
    private func killed(
        _ host: PretendHost, _ plan: Plan, _ record: JournalRecord, after lines: Int
    ) throws -> PretendHost {
        let hypervisor = FaultyHypervisor(host)
        let killed = KilledRecord(record, after: lines) { hypervisor.host }
        _ = try? Applier(hypervisor, record: killed, width: 1).apply(plan)
        return killed.world ?? hypervisor.host
    }

    private func journal(_ plan: Plan, _ batch: Batch) throws -> (Journal, JournalRecord, TemporaryFolder) {
        let folder = try TemporaryFolder()
        let journal = Journal(StateFolder(path: folder.path))
        let record = try journal.begin(
            plan, command: ["vfpool", "migrate"], uri: PretendHost.uri,
            origin: ChangeOrigin(migration: batch.request))
        return (journal, record, folder)
    }

    private func check(
        _ world: PretendHost, _ journal: Journal, _ batch: Batch, _ before: PretendHost, _ after: PretendHost,
        _ place: String
    ) throws {
        let entry = try #require(try journal.entries().entries.first)
        #expect(entry.result == .unfinished, "\(place)")
        try checkBack(world, journal, [entry.id], before, "\(place), undone")
        // Going on.
        var resumed = world
        let resumption = try Resumption(journal, uri: PretendHost.uri)
        #expect(resumption.entry.id == entry.id && resumption.request == batch.request, "\(place)")
        let rest = try resumption.plan(resumed.state(), journal, uuid: PretendHost.uuids(resumed.state())).plan
        let hypervisor = FaultyHypervisor(resumed)
        let record = try journal.begin(
            rest, command: ["vfpool", "migrate", "--resume"], uri: PretendHost.uri,
            origin: ChangeOrigin(resumes: entry.id, migration: batch.request))
        try Applier(hypervisor, record: record).apply(rest)
        resumed = hypervisor.host
        let difference = Difference.between(after, resumed)
        #expect(difference.isEmpty, "\(place), resumed: \(difference), by \(rest.words)")
        #expect(throws: Failure.self) { try Resumption(journal, uri: PretendHost.uri) }
        // And then both changes taken back.
        try checkBack(resumed, journal, [record.id, entry.id], before, "\(place), resumed and undone")
    }

    private func checkBack(
        _ world: PretendHost, _ journal: Journal, _ changes: [String], _ before: PretendHost, _ place: String
    ) throws {
        var world = world
        var words: [String] = []
        for id in changes {
            let back = try UndoPlanner.plan(world.state(), journal.entry(matching: id), journal)
            words += back.words
            try world.apply(back)
        }
        try world.reconcile()
        var expected = before
        try expected.reconcile()
        let difference = Difference.between(expected, world).filter { !isOfWiderPool($0) }
        #expect(difference.isEmpty, "\(place): \(difference), by \(words)")
    }

    /// Several running guests, taken back: no guest is without its NIC while another's is moved.
    @Test func `taken back live, one device after the other`() throws {
        let batch = try #require(Batch.all.first { $0.request.live })
        let (before, plan, _) = try batch.make()
        var world = try JournalledHost(before)
        let id = try world.apply(plan)
        let back = try world.undoPlan(id)
        let moves = back.words.filter { $0.hasPrefix("plug") || $0.hasPrefix("unplug") }
        #expect(moves.count == 10, "\(back.words)")
        for place in stride(from: 0, to: moves.count - 1, by: 2) where !moves[place].hasSuffix("two") {
            #expect(moves[place] == "un" + moves[place + 1], "\(moves)")
        }
        try world.host.apply(back)
        #expect(Difference.between(before, world.host).isEmpty)
    }

    // MARK: What must hold

    /// Every guest is as before or as after, and nothing that a pool may hand out is somebody's.
    private func checkWhole(
        _ host: PretendHost, _ before: PretendHost, _ after: PretendHost, _ place: String
    ) throws {
        for (uuid, guest) in host.guests {
            let isBefore = guest.persistent == before.guests[uuid]?.persistent
            let isAfter = guest.persistent == after.guests[uuid]?.persistent
            #expect(isBefore || isAfter, "\(place): \(guest.name) is neither as before nor as after")
            #expect(guest.held.count == before.guests[uuid]?.held.count, "\(place): \(guest.name) lost a VF")
        }
        let state = try host.state()
        let claims = state.claims
        for pool in state.pools where pool.isActive && pool.isManaged {
            let taken = Set(pool.ports?.compactMap(\.address) ?? [])
            for address in pool.live?.addresses ?? [] where !taken.contains(address) {
                #expect(claims[address].isEmpty, "\(place): \(pool.name) may hand out \(address)")
            }
        }
    }

    /// The same request again brings it to its end.
    private func checkFinishes(_ host: PretendHost, _ batch: Batch, _ after: PretendHost, _ place: String) throws {
        var host = host
        let rest = try host.migration(batch.request).plan
        try host.apply(rest)
        let difference = Difference.between(after, host)
        #expect(difference.isEmpty, "\(place), again: \(difference), by \(rest.words)")
    }

    /// A pool that was restarted on the way covers all its functions, with reservations, and need not have before.
    private func isOfWiderPool(_ words: String) -> Bool {
        words.hasSuffix("live document") || words.hasSuffix("ports")
    }
}
