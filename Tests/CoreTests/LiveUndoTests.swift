import Applying
import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text

@testable import Journal

/// What can come between a change and its undoing: guests that let go late, and others' pins.
@Suite struct LiveUndoTests {
    /// The time is over, but QEMU goes on asking the guest.
    @Test func letsGoLater() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)], running: true) })
        let before = world.host
        let plan = try world.host.bind("vm", live: true)
        let hypervisor = FaultyHypervisor(before, unplugs: .timedOut)
        let record = try world.journal.begin(plan, command: ["vfpool"], uri: PretendHost.uri)
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: record).apply(plan) }
        #expect(failure?.code == .unplugTimedOut && failure?.exitStatus == 3)
        #expect(failure?.hints.contains { $0.text.contains("vfpool undo \(record.id)") } == true)
        #expect(hypervisor.host == before)
        #expect(try world.entry(record.id).result == .failed)
        #expect(try UndoPlanner.latest(in: world.journal, uri: PretendHost.uri).id == record.id)

        let early = try world.undoPlan()
        #expect(early.isEmpty && early.notes.count == 1)
        try world.journal.close(world.entry(record.id))
        #expect(try world.entry(record.id).result == .failed)

        let device = try #require(
            plan.steps.lazy.compactMap { if case .unplug(let device) = $0 { device } else { nil } }.first)
        try world.host.unplug(device.guestUUID, device.xml)
        #expect(!Difference.between(before, world.host).isEmpty)
        try world.undo()
        #expect(Difference.between(before, world.host).isEmpty)
    }

    /// By then, each of two guests has the VF that the other one had.
    @Test func crossed() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in
                try host.addGuest("a", [.pin("eth3", 0)], running: true)
                try host.addGuest("b", [.pin("eth3", 1)], running: true)
            })
        let before = world.host
        let guests: [Name] = ["a", "b"]
        let bind = try world.apply(
            BindPlanner.plan(world.host.state(), guests.map { BindRequest(guest: $0, live: true) }))
        let unbind = try world.apply(
            UnbindPlanner.plan(
                world.host.state(),
                guests.map { UnbindRequest(guest: $0, interfaces: [], target: .former, live: true) },
                History(world.journal, uri: PretendHost.uri)))
        #expect(Difference.between(before, world.host).isEmpty)
        try world.undo(unbind)
        #expect(try world.host.guest("a").held == [world.host.address("eth3", 1)])
        try world.undo(bind)
        #expect(Difference.between(before, world.host).isEmpty)
        #expect(try world.host.guest("a").held == [world.host.address("eth3", 0)])
    }

    /// Someone else pinned the VF while it was the pool's.
    @Test func pinnedMeanwhile() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in
                try host.addGuest("a", [.pin("eth3", 0)])
                try host.addGuest("b", [.pin("eth3", 1)])
            })
        let bind = try world.apply(world.host.bind("a"))
        try world.apply(world.host.bind("b"))
        #expect(try world.unbindPlan("a").warnings.isEmpty)
        #expect(try world.undoPlan(bind).warnings.isEmpty)
        try world.apply(world.unbindPlan("b", .function("eth3:0")))
        for plan in [try world.unbindPlan("a"), try world.undoPlan(bind)] {
            #expect(plan.warnings.map(\.code) == [.sharedPin])
            #expect(plan.warnings.first?.message.contains("guest b") == true)
        }
    }

    /// A VF that two get back is told of once, not of each to the other.
    @Test func pinnedTogether() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in
                for guest: Name in ["a", "b"] { try host.addGuest(guest, [.pin("eth3", 0)]) }
            })
        let bind = try world.apply(
            BindPlanner.plan(world.host.state(), [BindRequest(guest: "a"), BindRequest(guest: "b")]))
        let shared = try world.undoPlan(bind).warnings.filter { $0.code == .sharedPin }
        #expect(
            shared.map(\.message) == ["VF 0000:03:10.0 goes back to guest a and guest b: only one of them can run"])
    }

    /// A reservation stays while anybody holds the VF, whomever it names, and goes with the last one: given back and made
    /// anew, it would leave the VF to whoever starts in between.
    @Test func reservationIsNeverGivenBackWhileHeld() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("first", [.pin("eth3", 2)])
            try host.addGuest("second", [.pin("eth3", 2)])
        }
        #expect(try host.pool("vfpool-eth3").reservations.map(\.ownerName) == ["first"])
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        host.guests[PretendHost.uuid(1)] = nil
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        host.guests[PretendHost.uuid(2)] = nil
        let plan = try ReconcilePlanner.plan(host.state())
        #expect(plan.words.first == "release 0000:03:10.4 first")
        try host.apply(plan)
        #expect(try host.pool("vfpool-eth3").reservations.isEmpty)
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
    }

    @Test(arguments: [true, false]) func transientGuest(_ live: Bool) throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.pin("eth3", 0)], running: true, persistent: false)
        refused(.transientGuest) { try host.bind("vm", live: live) }
        refused(.transientGuest) { try host.unbind("vm", .bridge("br0"), live: live) }
    }
}
