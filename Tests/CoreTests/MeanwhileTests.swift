import Applying
import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// Somebody else is at work on the host between plan and change, or libvirt does other than planned.
@Suite struct MeanwhileTests {
    /// Before the first step, somebody does what a step of ours was to do: that is theirs, and stays.
    @Test func doneBySomebodyElse() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0)])
        try host.apply(host.create("eth3", autostart: false, start: false))
        let plan = try host.create("eth3")
        var started = host
        try started.startNetwork("vfpool-eth3")
        var autostarts = host
        try autostarts.setAutostart("vfpool-eth3", true)
        for (world, remains) in [(started, "live"), (autostarts, "autostart")] {
            let hypervisor = FaultyHypervisor(world)
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: MemoryRecord()).apply(plan)
            }
            #expect(failure?.code == .changedMeanwhile, "\(remains)")
            #expect(Difference.between(world, hypervisor.host).isEmpty, "\(remains)")
        }
    }

    /// A guest that is stopping gives its PF back between plan and change: there is nothing left to give back.
    @Test func givenBackByItself() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let uuid = try host.guest("vm").uuid
        host.guests[uuid]?.live = nil
        let plan = try ReconcilePlanner.plan(host.state())
        #expect(plan.words == ["release 0000:03:10.0 vm"])
        host.networks["vfpool-eth3"]?.ports = [:]
        let hypervisor = FaultyHypervisor(host)
        try Applier(hypervisor, record: MemoryRecord()).apply(plan)
        #expect(Difference.between(host, hypervisor.host).isEmpty)
    }

    /// A document that reads the same and is another one: an accent that was composed and is not any more.
    @Test func changedInItsBytes() throws {
        var host = try PretendHost.pooled()
        let document = try host.network("vfpool-eth3").persistent
        let named = document?.replacing("</name>", with: "</name><title>caf\u{e9}</title>")
        host.networks["vfpool-eth3"]?.persistent = named
        let plan = try DeletePlanner.plan(host.state(), pool: "vfpool-eth3")
        host.networks["vfpool-eth3"]?.persistent = named?.replacing("caf\u{e9}", with: "cafe\u{301}")
        let hypervisor = FaultyHypervisor(host)
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: MemoryRecord()).apply(plan) }
        #expect(failure?.code == .changedMeanwhile)
        let kept = try hypervisor.host.network("vfpool-eth3").persistent.map { Array($0.utf8) }
        #expect(try kept == host.network("vfpool-eth3").persistent.map { Array($0.utf8) })
    }

    /// A reservation that another vfpool made is not ours to take back.
    @Test func reservedBySomebodyElse() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.pin("eth3", 0)])
        let plan = try ReconcilePlanner.plan(host.state())
        #expect(plan.words == ["reserve 0000:03:10.0 vm", "define vfpool-eth3"])
        var done = host
        try done.apply(plan)
        let document = try host.network("vfpool-eth3").persistent
        done.networks["vfpool-eth3"]?.persistent = document
        let hypervisor = FaultyHypervisor(done)
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: MemoryRecord()).apply(plan) }
        #expect(failure?.code == .changedMeanwhile)
        #expect(hypervisor.host == done)
    }

    /// A guest of the pool starts while the pool is made; then the change fails. Stopping the pool would forget who has
    /// which VF, so it runs on, and that is said.
    @Test func guestStartsMeanwhile() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.network("vfpool-eth3")])
        let plan = try host.create("eth3")
        let clean = FaultyHypervisor(host)
        try Applier(clean, record: MemoryRecord()).apply(plan)
        let autostart = try #require(clean.calls.firstIndex { $0.name == "setAutostart" })
        let hypervisor = FaultyHypervisor(host, faults: [autostart: .before]) { number, _, host in
            if number == autostart { try host.startGuest("vm") }
        }
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: MemoryRecord()).apply(plan) }
        #expect(failure?.code == .notRestored)
        #expect(failure?.cause?.contains("vm") == true)
        let network = try hypervisor.host.network("vfpool-eth3")
        #expect(network.live != nil && network.persistent != nil)
        #expect(network.ports.count == 1)
        #expect(failure?.hints.contains { $0.text.contains("network vfpool-eth3: start") } == true)
    }

    /// The same at a deletion: refused before anything is forgotten.
    @Test func guestStartsBeforeDeletion() throws {
        var host = try PretendHost.pooled { host in try host.addGuest("pin", [.pin("eth3", 0)]) }
        let plan = try DeletePlanner.plan(host.state(), pool: "vfpool-eth3")
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let hypervisor = FaultyHypervisor(host)
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: MemoryRecord()).apply(plan) }
        #expect(failure?.code == .poolInUse)
        #expect(hypervisor.host == host)
    }

    /// The guest is gone, or stops, between plan and change.
    @Test func guestGoesMeanwhile() throws {
        let host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)], running: true) }
        let plan = try host.bind("vm", live: true)
        var gone = host
        gone.guests = [:]
        var stopped = host
        try stopped.stopGuest("vm")
        for (world, code) in [(gone, Failure.Code.changedMeanwhile), (stopped, .guestNotRunning)] {
            let hypervisor = FaultyHypervisor(world)
            let failure = #expect(throws: Failure.self) {
                try Applier(hypervisor, record: MemoryRecord()).apply(plan)
            }
            #expect(failure?.code == code)
            #expect(Difference.between(world, hypervisor.host).isEmpty)
        }
    }

    /// libvirt keeps something else than was sent: found when it is read back, and put back.
    @Test func storedOtherwise() throws {
        let host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)]) }
        let plan = try host.bind("vm")
        let hypervisor = FaultyHypervisor(host) { _, call, host in
            guard call.name == "guestXML", let text = host.guests[PretendHost.uuid(1)]?.persistent,
                text.contains("vfpool-eth3")
            else { return }
            host.guests[PretendHost.uuid(1)]?.persistent = text.replacing(
                PretendHost.mac(1, 0), with: "52:54:00:ff:ff:ff")
        }
        let record = MemoryRecord()
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: record).apply(plan) }
        #expect(failure?.code == .verifyFailed)
        #expect(failure?.cause?.contains("52:54:00:ff:ff:ff") == true)
        #expect(hypervisor.host == host)
        #expect(record.result == .reverted)
    }
}
