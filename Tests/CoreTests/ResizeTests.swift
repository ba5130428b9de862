import Applying
import Model
import Planning
import Reporting
import SRIOV
import TestSupport
import Testing
import Text

@Suite struct ResizeTests {
    @Test func growsFromNothing() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)])
        let plan = try host.resize("eth3", 4)
        #expect(plan.words == ["sriov_numvfs 0 4"] && plan.warnings.isEmpty)
        try host.apply(plan)
        #expect(try host.pf("eth3").functions.map(\.address.description).last == "0000:03:10.6")
        #expect(try host.resize("eth3", 4).isEmpty)
    }

    @Test func goesThroughZeroWhereNobodyHasOne() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let hypervisor = FaultyHypervisor(host)
        try Applier(hypervisor, record: MemoryRecord()).apply(host.resize("eth3", 6))
        #expect(hypervisor.calls.filter(\.isWrite).map(\.name) == ["set", "set"], "0, then 6")
        host = hypervisor.host
        #expect(try host.pf("eth3").functions.count == 6)
        try host.apply(host.resize("eth3", 0))
        #expect(try host.pf("eth3").functions.isEmpty)
    }

    // MARK: Who has VFs

    @Test(arguments: ["pinned", "pool", "plain", "transient", "host", "program"])
    func neverTakesWhatSomebodyHas(_ holder: String) throws {
        var host = try PretendHost.pooled()
        switch holder {
        case "pinned": try host.addGuest("vm", [.pin("eth3", 1)], running: true)
        case "pool": try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        case "plain": try host.addGuest("vm", [.hostdev("eth3", 1)])
        case "transient": try host.addGuest("vm", [.hostdev("eth3", 1)], running: true, persistent: false)
        case "host": host.pfs[0].functions[2].hostUses = [.address("192.0.2.1/24")]
        default: host.pfs[0].functions[2].hostUses = [.program(pid: 7, name: "dpdk")]
        }
        let failure = #expect(throws: Failure.self) { try host.resize("eth3", 6) }
        #expect(failure?.code == .vfInUse, "\(String(describing: failure))")
        let name = ["host": "192.0.2.1", "program": "dpdk"][holder] ?? "guest vm"
        #expect(failure?.message.contains(name) ?? false, "\(failure?.message ?? "")")
        #expect(try host.resize("eth3", 4).isEmpty, "what is there already takes nothing")
    }

    /// A running guest that has the VF pinned, too.
    @Test func whoHoldsAVFIsNamedOnce() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.hostdev("eth3", 0)], running: true)
        try host.addGuest("vm 2", [.hostdev("eth3", 1)])
        let failure = #expect(throws: Failure.self) { try host.resize("eth3", 6) }
        #expect(
            failure?.message
                == "VFs of eth3 are held: VF 0: guest vm has it pinned, and only the VF keeps its MAC and VF 1: guest vm 2 has it pinned, and only the VF keeps its MAC"
        )
        #expect(failure?.hints.contains { $0.text.contains("virsh shutdown vm`") } ?? false)
    }

    /// A guest that is off, with its MAC in its document, finds its VF again; one beyond the new count does not.
    @Test func aPinThatComesBackIsNoHolder() throws {
        var host = try PretendHost.pooled(vfs: 4) { try $0.addGuest("off", [.pin("eth3", 3)]) }
        refused(.vfInUse, hint: "vfpool bind off") { try host.resize("eth3", 2) }
        try host.apply(host.resize("eth3", 6))
        let pool = try host.pool("vfpool-eth3")
        #expect(pool.reservations.map(\.ownerName) == ["off"] && pool.configuration?.addresses.count == 5)
        try host.startGuest("off")
    }

    /// Between the plan and its step a guest may start.
    @Test func looksAgainJustBefore() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0)])
        let plan = try host.resize("eth3", 6)
        let hypervisor = FaultyHypervisor(host) { number, _, host in if number == 0 { try host.startGuest("vm") } }
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: MemoryRecord()).apply(plan) }
        #expect(failure?.code == .vfInUse && failure?.message.contains("vm") == true)
        #expect(try hypervisor.host.pf("eth3").functions.count == 4)
        #expect(!hypervisor.calls.contains { $0.isWrite })
    }

    /// Nor is 0 written to put a change back, when by then somebody has one.
    @Test func doesNotPutBackUnderAGuest() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)])
        try host.addGuest("vm", [.network("vfpool-eth3")])
        let plan = try host.create("eth3", count: 4)
        let last = plan.steps.count
        let hypervisor = FaultyHypervisor(host) { _, call, host in
            if call.name == "setAutostart" { try? host.startGuest("vm") }
        }
        let record = MemoryRecord(capacity: 2 * last - 1)
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: record).apply(plan) }
        #expect(failure?.code == .notRestored)
        #expect(try hypervisor.host.pf("eth3").functions.count == 4, "the guest keeps its VF")
    }

    // MARK: Pools

    @Test func poolsFollow() throws {
        var host = try PretendHost.pooled(vfs: 4)
        let plan = try host.resize("eth3", 6)
        #expect(plan.words == ["stop vfpool-eth3", "sriov_numvfs 4 6", "start vfpool-eth3"])
        try host.apply(plan)
        #expect(try host.pool("vfpool-eth3").live?.addresses.count == 6)
        #expect(!Report(try host.state()).findings.contains { $0.code == .stalePool })
    }

    /// libvirt would hand it out; while a guest has a VF of the pool, it stays.
    @Test(arguments: [(false, ["stop vfpool-eth3", "start vfpool-eth3"]), (true, [])] as [(Bool, [String])])
    func aVFThatIsGoneLeavesThePool(_ runs: Bool, _ words: [String]) throws {
        var host = try PretendHost.pooled(vfs: 4) { host in
            try host.addGuest("vm", [.network("vfpool-eth3")], running: false)
        }
        if runs { try host.startGuest("vm") }
        host.pfs[0].functions.removeLast()
        #expect(try ReconcilePlanner.plan(host.state()).words == words)
    }

    @Test func aPoolThatFailedAtBootIsStarted() throws {
        var host = try PretendHost.pooled(vfs: 4)
        host.pfs[0].functions = []
        host.pfs[0].enabledVFs = 0
        try host.reboot()
        #expect(try !host.pool("vfpool-eth3").isActive)
        #expect(try host.resize("eth3", 4).words == ["sriov_numvfs 0 4", "start vfpool-eth3"])
    }

    @Test func refusesForPools() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let part = VFSelection(included: IndexSet("2-3"), excluded: IndexSet())
        try host.apply(host.create("eth3", selection: part))
        refused(.poolInUse, hint: "vfpool delete") { try host.resize("eth3", 2) }
        refused(.poolInUse) { try host.resize("eth3", 0) }
        var other = try PretendHost([PretendPF("eth3", vfs: 4)])
        try other.addPoolByHand("hand", pf: "eth3")
        refused(.poolInUse, hint: "net-destroy hand") { try other.resize("eth3", 6) }
    }

    // MARK: Refusals and warnings

    @Test func refusesCounts() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4, possible: 8)])
        refused(.tooManyVFs) { try host.resize("eth3", 9) }
        var state = try host.state()
        state.isLocal = false
        let pf = try host.pf("eth3")
        refused(.unsupported, hint: "on that host") { try ResizePlanner.plan(state, ResizeRequest(pf: pf, count: 6)) }
        var unknown = try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)])
        unknown.pfs[0].stride = nil
        refused(.kernel, hint: "vfpool reconcile") { try unknown.resize("eth3", 4) }
    }

    @Test func hostDriversAreKeptOff() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)])
        try host.apply(host.resize("eth3", 4, hostDrivers: false))
        #expect(try host.pf("eth3").functions.allSatisfy { $0.driver == nil })
        #expect(try host.resize("eth3", 4, hostDrivers: false).isEmpty)
        #expect(try host.resize("eth3", 4, hostDrivers: true).words == ["sriov_drivers_autoprobe 0 1"])
        host.pfs[0].probesDrivers = nil
        refused(.unsupported) { try host.resize("eth3", 4, hostDrivers: false) }
    }

    @Test func saysWhatTheNextBootBrings() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let setter = CountSetter(.netplan, host.pfs[0].address, "/etc/netplan/1.yaml", count: 4)
        #expect(try host.resize("eth3", 6, boot: BootSetup()).warnings.map(\.code) == [.atBoot])
        let other = try host.resize("eth3", 6, boot: BootSetup(setters: [setter])).warnings
        #expect(other.first?.message.contains("/etc/netplan/1.yaml") ?? false)
        var same = setter
        same.count = 6
        #expect(try host.resize("eth3", 6, boot: BootSetup(setters: [same])).warnings.isEmpty)
    }

    // MARK: With `create`, and back

    @Test func createMakesTheVFsFirst() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)])
        let pf = try host.pf("eth3")
        // A guest that has one fixed which is not there yet.
        let address = try #require(pf.functionAddresses(2)?.last)
        try host.addGuest(
            "plain",
            [
                .xml(
                    "<hostdev mode='subsystem' type='pci' managed='yes'><source>\(address.element)</source></hostdev>")
            ])
        let plan = try host.create("eth3", count: 4)
        #expect(
            plan.words == [
                "sriov_numvfs 0 4", "define vfpool-eth3", "start vfpool-eth3", "reserve \(address) plain",
                "define vfpool-eth3", "autostart vfpool-eth3",
            ])
        #expect(plan.warnings.isEmpty, "\(plan.warnings)")
        try host.apply(plan)
        #expect(try host.create("eth3", count: 4).isEmpty)
        #expect(try host.create("eth3").isEmpty)
    }

    @Test func undoMakesThemGoAgain() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 0, possible: 8)]))
        try world.apply(world.host.create("eth3", count: 4))
        let undo = try world.undo()
        #expect(try world.host.networks.isEmpty && world.host.pf("eth3").functions.isEmpty)
        try world.undo(undo)
        #expect(try world.host.pf("eth3").functions.count == 4 && world.host.pool("vfpool-eth3").isActive)
    }

    @Test func undoIsRefusedUnderAGuest() throws {
        var world = try JournalledHost(PretendHost.pooled(vfs: 4))
        let id = try world.apply(world.host.resize("eth3", 6))
        try world.host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        refused(.vfInUse, hint: "virsh shutdown vm") { try world.undoPlan(id) }
        try world.host.stopGuest("vm")
        try world.undo(id)
        #expect(try world.host.pool("vfpool-eth3").live?.addresses.count == 4)
    }
}

extension PCIAddress {
    /// As `<address>` in a guest's document.
    fileprivate var element: String { "<address" + attributes.map { " \($0.name)='\($0.value)'" }.joined() + "/>" }
}
