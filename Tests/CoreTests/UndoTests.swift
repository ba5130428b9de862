import Applying
import Journal
import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

@Suite struct UndoTests {
    /// Every kind of change, undone, and the undoing undone.
    @Test(arguments: Scenario.all) func backAndForth(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        var world = try JournalledHost(host)
        let id = try world.apply(plan)
        let after = world.host
        let back = try world.undoPlan(id)
        // What reconciles is done again, not undone.
        guard plan.items.contains(where: { !$0.isUpkeep }) else {
            #expect(back.isEmpty)
            return
        }
        let undo = try world.undo()
        #expect(Difference.between(host, world.host, after: plan).isEmpty, "\(scenario): \(back.words)")
        #expect(try world.undoPlan(id).isEmpty)
        try world.undo(undo)
        #expect(Difference.between(after, world.host).isEmpty, "\(scenario)")
    }

    /// A running guest has what is undone until it is started again, unless its device is moved, too.
    @Test(arguments: [(true, false), (true, true), (false, false)])
    func takesEffect(_ isRunning: Bool, _ isLive: Bool) throws {
        var world = try JournalledHost(
            PretendHost.pooled { try $0.addGuest("vm", [.pin("eth3", 0)], running: isRunning) })
        let id = try world.apply(world.host.bind("vm", live: isLive))
        let notes = try world.undoPlan(id).notes
        #expect(notes.contains { $0.text.contains("takes effect when it is shut down") } == (isRunning && !isLive))
    }

    /// As any change that has a guest where it will be.
    @Test func saysWhatKeepsAGuestFromStarting() throws {
        var world = try JournalledHost(PretendHost.pooled { try $0.addGuest("vm", [.network("vfpool-eth3")]) })
        let id = try world.apply(world.unbindPlan("vm", .bridge("br0")))
        #expect(try world.undoPlan(id).warnings.isEmpty)
        world.host.networks["vfpool-eth3"]?.live = nil
        #expect(try world.undoPlan(id).warnings.contains { $0.code == .poolNotActive })
    }

    @Test func aPoolThatSomebodyStoppedIsNotStoppedAgain() throws {
        var host = try PretendHost.pooled()
        host.networks["vfpool-eth3"]?.live = nil
        var world = try JournalledHost(host)
        let id = try world.apply(world.host.create("eth3"))
        let words = try world.undoPlan(id).words
        #expect(words.contains("stop vfpool-eth3"), "\(words)")
        world.host.networks["vfpool-eth3"]?.live = nil
        #expect(try !world.undoPlan(id).words.contains("stop vfpool-eth3"))
    }

    @Test func aGuestAloneIsNamed() throws {
        var world = try JournalledHost(PretendHost.pooled { try $0.addGuest("vm", [.bridge("br0")]) })
        let id = try world.apply(world.host.bind("vm", pool: "vfpool-eth3"))
        let plan = try world.undoPlan(id)
        #expect(plan.words == ["define vm"])
        #expect(Summary.reconcile(plan) == "Changed guest vm")
    }

    /// Killed after any line that it wrote: undo restores, whatever the world had come to.
    @Test(arguments: Scenario.all) func unfinished(_ scenario: Scenario) throws {
        let (host, plan) = try scenario.make()
        let folder = try TemporaryFolder()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        // After each line, and after each call.
        for lines in 0..<(2 * plan.steps.count) {
            let path = "\(folder.path)/\(lines)"
            let journal = Journal(StateFolder(path: path))
            let record = try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
            let hypervisor = FaultyHypervisor(host)
            let killed = KilledRecord(record, after: lines) { hypervisor.host }
            _ = try? Applier(hypervisor, record: killed).apply(plan)
            let world = try #require(killed.world)
            try check(world, journal, scenario, host, "after line \(lines)")
        }
        for call in clean.calls.indices {
            let path = "\(folder.path)/call\(call)"
            let journal = Journal(StateFolder(path: path))
            let record = try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
            let world = Box<PretendHost?>(nil)
            let hypervisor = FaultyHypervisor(host) { number, _, host in
                if number == call { world.value = host }
            }
            let killed = KilledRecord(record) { world.value != nil }
            _ = try? Applier(hypervisor, record: killed).apply(plan)
            try check(try #require(world.value), journal, scenario, host, "before \(clean.calls[call])")
        }
    }

    /// libvirt 9.0 numbers consoles anew: that is no edit, be it that nobody wrote down what it stored.
    @Test func `a guest whose consoles were numbered anew is put back after a kill`() throws {
        let console = "<console type='pty'><target type='virtio' port='0'/></console>"
        let host = try PretendHost.pooled { try $0.addGuest("vm1", [.pin("eth3", 1), .xml(console)]) }
        let plan = try host.bind("vm1")
        let folder = try TemporaryFolder()
        let journal = Journal(StateFolder(path: folder.path))
        let record = try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
        let number = try #require(plan.steps.firstIndex { $0.payload.kind == .defineGuest })
        try record.starting(number)
        let change = try #require(plan.steps[number].documentChange)
        var world = host
        let stored = try #require(change.after).replacing(bytes: "port=\"0\"", with: "port=\"1\"")
        #expect(!stored.isSame(as: try #require(change.after)))
        world.guests[change.uuid]?.persistent = stored
        try world.apply(UndoPlanner.plan(world.state(), try #require(journal.entries().entries.first), journal))
        #expect(try #require(world.guests[change.uuid]?.persistent).isSame(as: try #require(change.before)))
        // Another port of a serial line is an edit.
        world.guests[change.uuid]?.persistent = stored.replacing(bytes: "type=\"virtio\"", with: "type=\"sclp\"")
        #expect(throws: Failure.self) {
            try UndoPlanner.plan(world.state(), try #require(journal.entries().entries.first), journal)
        }
    }

    /// libvirt does what it was asked when vfpool has looked, and gone: undo takes that along, or finds nothing to do.
    @Test(arguments: Scenario.all, [FaultyHypervisor.Fault.late, .lostBefore])
    func doneAfterAll(_ scenario: Scenario, _ fault: FaultyHypervisor.Fault) throws {
        let (host, plan) = try scenario.make()
        let folder = try TemporaryFolder()
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord(), width: 1).apply(plan)
        // A device that comes after its guest was given the former one back makes two of one MAC: libvirt itself can't
        // take back one of those.
        for (number, call) in clean.calls.enumerated()
        where call.isWrite && !call.isKernel && !["plug", "unplug"].contains(call.name) {
            let journal = Journal(StateFolder(path: "\(folder.path)/\(number)"))
            let record = try journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
            let hypervisor = FaultyHypervisor(host, faults: [number: fault])
            let applier = Applier(hypervisor, record: record, width: 1, lateness: Lateness(looks: 0))
            #expect(throws: Failure.self) { try applier.apply(plan) }
            for _ in 0..<5 { _ = try hypervisor.networkIsActive("none") }
            let entry = try #require(try journal.entries().entries.first)
            let place = "\(scenario) at \(call) (\(number)), \(fault)"
            var world = hypervisor.host
            if !Difference.between(host, world).isEmpty {
                #expect(fault == .late && entry.possibleSteps.count == 1, "\(place)")
            }
            try world.apply(UndoPlanner.plan(world.state(), entry, journal))
            try world.apply(ReconcilePlanner.plan(world.state()))
            var expected = host
            try expected.apply(ReconcilePlanner.plan(expected.state()))
            // A pool that was started again on the way has more than one that was not since a reboot.
            let different = Difference.between(expected, world).filter {
                !$0.hasPrefix("network ") || !$0.hasSuffix(": live document") && !$0.hasSuffix(": ports")
            }
            #expect(different == [], "\(place)")
            #expect(
                world.networks.mapValues { $0.live != nil } == expected.networks.mapValues { $0.live != nil },
                "\(place)")
            try journal.close(entry)
            #expect(try journal.entries().entries.first?.stepsInPlace.isEmpty == true || entry.possibleSteps.isEmpty)
        }
    }

    private func check(
        _ world: PretendHost, _ journal: Journal, _ scenario: Scenario, _ before: PretendHost, _ place: String
    ) throws {
        let entry = try #require(try journal.entries().entries.first)
        #expect(entry.result == .unfinished)
        var world = world
        let plan = try UndoPlanner.plan(world.state(), entry, journal)
        try world.apply(plan)
        // What the change had only begun to bring in line comes with it; before, it was in line.
        try world.apply(ReconcilePlanner.plan(world.state()))
        var expected = before
        try expected.apply(ReconcilePlanner.plan(expected.state()))
        let difference = Difference.between(expected, world, after: try scenario.make().1)
        #expect(difference.isEmpty, "\(scenario) \(place): \(difference), by \(plan.words)")
    }

    // MARK: Refusals

    @Test func movedOn() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        try world.host.addGuest("vm", [.pin("eth3", 0)])
        refused(.nothingToUndo, hint: "vfpool log") { try world.undoPlan() }
        let create = try world.apply(world.host.create("eth3"))
        let bind = try world.apply(world.host.bind("vm"))
        refused(.noSuchChange) { try world.undoPlan("2001") }

        var edited = world
        try edited.host.editEverything()
        refused(.movedOn, hint: "vfpool log \(bind)") { try edited.undoPlan(bind) }

        refused(.poolInUse, hint: "vfpool unbind vm") { try world.undoPlan(create) }

        var gone = world
        gone.host.guests = [:]
        refused(.movedOn) { try gone.undoPlan(bind) }

        var taken = world
        try taken.host.addGuest("other", [.network("vfpool-eth3")], running: true)
        refused(.vfInUse) { try taken.undoPlan(bind) }

        let elsewhere = try Journal(StateFolder(path: world.folder.path)).entry(matching: bind)
        var state = try world.host.state()
        state.uri = "qemu+ssh://other/system"
        refused(.movedOn, hint: "vfpool -c") { try UndoPlanner.plan(state, elsewhere, world.journal) }
    }

    @Test func deletedAndMadeAgain() throws {
        var world = try JournalledHost(PretendHost.pooled())
        let id = try world.apply(DeletePlanner.plan(world.host.state(), pool: "vfpool-eth3"))
        try world.host.apply(world.host.create("eth3", uuid: "55555555-2222-4333-8444-000000000001"))
        refused(.movedOn) { try world.undoPlan(id) }
    }

    @Test func latestSkipsWhatIsUndone() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        try world.host.addGuest("vm", [.pin("eth3", 0)])
        let create = try world.apply(world.host.create("eth3"))
        let bind = try world.apply(world.host.bind("vm"))
        let uri = PretendHost.uri
        #expect(try UndoPlanner.latest(in: world.journal, uri: uri).id == bind)
        try world.undo()
        #expect(try UndoPlanner.latest(in: world.journal, uri: uri).id == create)
        try world.undo()
        #expect(throws: Failure.self) { try UndoPlanner.latest(in: world.journal, uri: uri) }
        #expect(world.host.networks.isEmpty)
        #expect(throws: Failure.self) { try UndoPlanner.latest(in: world.journal, uri: "qemu:///other") }
    }

    /// A reconciliation is nothing to undo: the change before it is.
    @Test func latestIsUpkeep() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)], running: true) })
        let bind = try world.apply(world.host.bind("vm"))
        try world.host.stopGuest("vm")
        let upkeep = try world.apply(ReconcilePlanner.plan(world.host.state()))
        let last = try UndoPlanner.last(in: world.journal, uri: PretendHost.uri)
        #expect(last.entry.id == bind && last.upkeep == [upkeep])
        #expect(UndoPlanner.note([upkeep])?.contains(upkeep) == true && UndoPlanner.note([]) == nil)
        try world.undo()
        // Taken back, there is nothing but upkeep.
        refused(.nothingToUndo, hint: "vfpool log") { try world.undoPlan() }
    }

    /// A change that failed and was put back is nothing to undo.
    @Test func latestSkipsReverted() throws {
        let world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        let plan = try world.host.create("eth3")
        let record = try world.journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
        #expect(throws: Failure.self) {
            try Applier(FaultyHypervisor(world.host, faults: [6: .before]), record: record).apply(plan)
        }
        #expect(try world.entry(record.id).result == .reverted)
        #expect(throws: Failure.self) { try UndoPlanner.latest(in: world.journal, uri: PretendHost.uri) }
    }
}
