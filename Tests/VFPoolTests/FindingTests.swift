import Reporting
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model

/// What `status` says besides its tables.
@Suite struct FindingTests {
    private func host(vfs: Int = 4) throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: vfs)])
        try host.addPoolByHand("pool", pf: "eth3")
        return host
    }

    @Test func aPairWithoutItsVFCanHaveItNow() throws {
        var host = try host()
        let mac = "<mac address='52:54:00:00:00:aa'/>"
        try host.addGuest(
            "vm",
            [
                .xml(
                    """
                    <interface type='bridge'>\(mac)<source bridge='br0'/><model type='virtio'/><teaming type='persistent'/>\
                    <alias name='ua-card'/></interface>
                    """),
                .xml(
                    """
                    <interface type='network'>\(mac)<source network='pool'/>\
                    <teaming type='transient' persistent='ua-card'/><alias name='ua-vf'/></interface>
                    """),
            ], running: true)
        #expect(!Report(try host.state()).findings.contains { $0.code == .pendingRestart })
        var state = try host.state()
        state.guests[0].liveInterfaces.removeAll { !$0.isPersistentHalf }
        let finding = try #require(Report(state).findings.first { $0.code == .pendingRestart })
        #expect(finding.hints == ["give it the VF of its pair now: `vfpool bind vm --live`"])
    }

    @Test func aPFsPoolsAreThePFs() throws {
        var host = try host()
        try host.addGuest("vm", [.pin("eth3", 2)], running: true)
        let report = Report(try host.state())
        #expect(try report.narrowed(to: "eth3").findings.contains { $0.code == .unprotected })
        #expect(try report.narrowed(to: "0000:03:10.4").findings.contains { $0.code == .unprotected })
        #expect(try !report.narrowed(to: "0000:03:10.2").findings.contains { $0.code == .unprotected })
    }

    @Test func whatTheRunningPoolLacksIsNotFree() throws {
        var state = try host().state()
        state.networks[0].live?.addresses = []
        let report = Report(state)
        #expect(report.pools[0].functions.allSatisfy { $0.use == .later })
        #expect(report.pools[0].counts.free == 0 && report.pools[0].counts.later == 4)
        let stale = try #require(report.findings.first { $0.code == .stalePool })
        #expect(stale.message.contains("VFs 0-3") && !stale.message.contains("came later"))
        #expect(report.findings.contains { $0.code == .noVFFree })
        #expect(!Report(try host().state()).findings.contains { $0.code == .noVFFree })
    }

    @Test func aPoolWhosePFCanNotBeSeenIsUnknown() throws {
        var state = try host().state()
        state.pfs = []
        state.networks[0].live?.addresses = []
        let pool = try #require(Report(state).pools.first)
        #expect(!pool.isCoverageKnown && pool.pfs.map(\.documentName) == ["eth3"])
    }

    @Test func aLostPFIsNotPending() throws {
        var host = try host()
        try host.addGuest("vm", [.network("pool")], running: true)
        var state = try host.state()
        state.networks[0].ports = []
        let report = Report(state)
        #expect(!report.findings.contains { $0.code == .pendingRestart })
        #expect(report.findings.contains { $0.code == .lostPort && $0.guests == ["vm"] })
        #expect(!Report(try host.state()).findings.contains { $0.code == .lostPort })
    }

    @Test func aTransientPoolIsNamed() throws {
        var state = try host().state()
        state.networks[0].isPersistent = false
        #expect(Report(state).findings.contains { $0.code == .transientPool })
        #expect(!Report(try host().state()).findings.contains { $0.code == .transientPool })
    }

    @Test func aGroupHasOneUser() throws {
        var host = try host(vfs: 3)
        for index in 0...1 { host.pfs[0].functions[index].iommuGroup = 912 }
        host.pfs[0].functions[2].iommuGroup = 913
        host.pfs[0].functions[0].hostUses = [.program(pid: 7, name: "dpdk")]
        let finding = try #require(Report(try host.state()).findings.first { $0.code == .sharedGroup })
        #expect(finding.message.contains("VF 1 of eth3") && finding.message.contains("912"))
    }

    @Test func twoPoolsOnOneFunctionAreNamed() throws {
        var host = try host()
        #expect(!Report(try host.state()).findings.contains { $0.code == .overlappingPools })
        try host.addPoolByHand("other", functions: [("eth3", 1), ("eth3", 2)])
        let finding = try #require(Report(try host.state()).findings.first { $0.code == .overlappingPools })
        #expect(finding.pools == ["other", "pool"] && finding.message.contains("VFs 1-2 of eth3"))
    }

    @Test func aPFWithoutARunningGuestIsNamed() throws {
        var host = try host()
        try host.addGuest("vm", [.network("pool")], running: true)
        var state = try host.state()
        #expect(!Report(state).findings.contains { $0.code == .orphanedPort })
        state.guests[0].isActive = false
        state.guests[0].liveInterfaces = []
        let finding = try #require(Report(state).findings.first { $0.code == .orphanedPort })
        #expect(finding.guests == ["vm"] && finding.hints.contains { $0.text.contains("net-port-delete pool") })
    }

    @Test func anUnknownMACIsNotNone() throws {
        var host = try host()
        try host.addGuest("vm", [.hostdev("eth3", 1)])
        host.pfs[0].functions[2].settings = nil
        host.pfs[0].functions[2].netdevMAC = nil
        let report = Report(try host.state())
        #expect(report.pools[0].functions[1].mac.reason != nil)
        #expect(report.pools[0].functions[0].mac == .absent)
        #expect(report.pools[0].functions[2].actualMAC.reason != nil)
    }

    @Test func aMissingNetworkIsNamed() throws {
        var host = try host()
        try host.addGuest("vm", [.network("pool")])
        var state = try host.state()
        state.networks = []
        let finding = try #require(Report(state).findings.first { $0.code == .noSuchNetwork })
        #expect(finding.guests == ["vm"] && finding.message.contains("network pool"))
    }

    @Test func aPFThatAGuestHasIsNamed() throws {
        var host = try host()
        try host.addGuest(
            "vm",
            [
                .xml(
                    """
                    <hostdev mode='subsystem' type='pci' managed='yes'><source>\
                    <address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></source></hostdev>
                    """)
            ])
        let state = try host.state()
        let finding = try #require(Report(state).findings.first { $0.code == .pfPinned })
        #expect(finding.guests == ["vm"] && finding.pools == ["pool"])
    }

    @Test func aPFWithoutNetdevGetsNoHintThatFails() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 2)])
        host.pfs[0].netdev = nil
        let finding = try #require(Report(try host.state()).findings.first { $0.code == .noPool })
        #expect(!finding.hints.contains { $0.text.contains("vfpool create") })
    }

    @Test func aVLANThatChangesIsNamed() throws {
        var host = try host()
        try host.addGuest("vm", [.network("pool")], running: true)
        var state = try host.state()
        state.guests[0].interfaces[0].vlan = 9
        state.guests[0].liveInterfaces[0].vlan = 7
        let finding = try #require(Report(state).findings.first { $0.code == .pendingRestart })
        #expect(finding.message.contains("VLAN 7 → 9"), "\(finding.message)")
    }

    @Test func goneFunctionsDoNotAskForARestartThatFails() throws {
        var state = try host(vfs: 2).state()
        state.pfs[0].functions = []
        let finding = try #require(Report(state).findings.first { $0.code == .stalePool })
        #expect(finding.message.contains("which are gone"))
        #expect(
            finding.hints.contains { $0.text.contains("vfpool resize eth3") }
                && !finding.hints.contains { $0.text.contains("net-start") })
    }
}
