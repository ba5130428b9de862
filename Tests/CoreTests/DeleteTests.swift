import Planning
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model

@Suite struct DeleteTests {
    @Test func refuses() throws {
        var host = try PretendHost.pooled()
        try host.addBridgedNetwork("lan")
        refused(.noSuchPool, hint: "vfpool-eth3") { try DeletePlanner.plan(host.state(), pool: "nothing") }
        refused(.notAPool) { try DeletePlanner.plan(host.state(), pool: "lan") }
        try host.addGuest("off", [.network("vfpool-eth3")])
        refused(.poolInUse, hint: "vfpool unbind off") { try DeletePlanner.plan(host.state(), pool: "vfpool-eth3") }
        try host.startGuest("off")
        host.guests[PretendHost.uuid(1)]?.persistent = nil
        // Transient by now: only its PF, and its function, tell of it.
        refused(.poolInUse, hint: "virsh shutdown off") { try DeletePlanner.plan(host.state(), pool: "vfpool-eth3") }
        try host.stopGuest("off")
        #expect(try !DeletePlanner.plan(host.state(), pool: "vfpool-eth3").isEmpty)
        host.supportsPorts = false
        try host.addGuest("other", [.network("vfpool-eth3")], running: true)
        refused(.poolInUse) { try DeletePlanner.plan(host.state(), pool: "vfpool-eth3") }
    }

    @Test func refusesByHand() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth3")
        refused(.notManaged, hint: "adopt") { try DeletePlanner.plan(host.state(), pool: "hand") }
    }

    @Test func removesEverything() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("off", [.pin("eth3", 1)])
            try host.addGuest("running", [.pin("eth3", 2)], running: true)
        }
        let guests = host.guests
        let plan = try DeletePlanner.plan(host.state(), pool: "vfpool-eth3")
        #expect(
            plan.words == [
                "define vfpool-eth3", "release 0000:03:10.2 off", "release 0000:03:10.4 running", "stop vfpool-eth3",
                "no autostart vfpool-eth3", "undefine vfpool-eth3",
            ])
        try host.apply(plan)
        #expect(host.networks.isEmpty && host.guests == guests)
    }

    @Test func shutOff() throws {
        var host = try PretendHost.pooled()
        try host.stopNetwork("vfpool-eth3")
        let plan = try DeletePlanner.plan(host.state(), pool: "vfpool-eth3")
        #expect(plan.words == ["no autostart vfpool-eth3", "undefine vfpool-eth3"])
    }
}
