import Model
import Reporting
import SRIOV
import TestSupport
import Testing
import Text

/// What `status` concludes from a picture.
@Suite struct ReportTests {
    private func function(_ report: Report, _ index: Int) throws -> FunctionReport {
        try #require(report.pfs.first?.functions.first { $0.index == index })
    }

    @Test func everyUse() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 6)])
        try host.addGuest("pinned", [.pin("eth3", 0)], running: true)
        try host.addGuest("off", [.pin("eth3", 1)])
        try host.addPoolByHand("pool", functions: [("eth3", 2), ("eth3", 3)])
        try host.addGuest("pooled", [.network("pool")], running: true)
        host.pfs[0].functions[4].hostUses = [.address("192.0.2.1/24")]
        let report = Report(try host.state())
        let uses = try (0..<6).map { try function(report, $0) }
        #expect(uses.map(\.use) == [.outside, .reserved, .taken, .free, .host, .free])
        #expect(uses.map(\.guest) == ["pinned", "off", "pooled", nil, nil, nil])
        #expect(uses[2].mac == .known(PretendHost.mac(3, 0)))
        #expect(uses[2].interfaceIndex == 0)
        #expect(uses[2].pools == ["pool"])
        #expect(uses[4].reason == "address 192.0.2.1/24")
        let pool = try #require(report.pools.first)
        #expect(pool.functions.map(\.index) == [2, 3])
        #expect(pool.counts.taken == 1 && pool.counts.free == 1 && pool.counts.total == 2)
        #expect(pool.guests == ["pooled"])
    }

    @Test func aGuestNowAndNext() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("pool", pf: "eth3")
        try host.addGuest("vm", [.network("pool"), .bridge("br0")], running: true)
        var guest = try #require(Report(try host.state()).guests.first)
        #expect(guest.interfaces.map { $0.live?.kind } == [.pool, .bridge])
        #expect(guest.interfaces.map { $0.next?.kind } == [.pool, .bridge])
        #expect(guest.pending.isEmpty)
        #expect(guest.interfaces[0].live?.address == "0000:03:10.0")

        // Its document is edited while it runs.
        var state = try host.state()
        state.guests[0].interfaces[0].attachment = .bridge("br0")
        let report = Report(state)
        guest = try #require(report.guests.first)
        #expect(guest.pending.map(\.index) == [0])
        #expect(report.findings.contains { $0.code == .pendingRestart && $0.guests == ["vm"] && $0.pools == ["pool"] })
    }

    @Test func anUnprotectedFunctionIsNamed() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("pool", pf: "eth3")
        try host.addGuest("vm", [.pin("eth3", 2)], running: true)
        let finding = try #require(Report(try host.state()).findings.first { $0.code == .unprotected })
        #expect(finding.message.contains("VF 2 of eth3") && finding.message.contains("guest vm"))
        #expect(finding.hints.contains { $0.text.contains("--adopt") }, "reconcile leaves what others made alone")
    }

    @Test func aStalePoolIsNamed() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("pool", pf: "eth3")
        var state = try host.state()
        state.networks[0].live?.addresses.removeLast()
        let added = try #require(Report(state).findings.first { $0.code == .stalePool })
        #expect(added.message.contains("VF 3"))
        state = try host.state()
        state.pfs[0].functions.removeLast()
        let gone = try #require(Report(state).findings.first { $0.code == .stalePool })
        #expect(gone.message.contains("0000:03:10.6"))
        let row = try #require(Report(state).pools.first?.functions.last)
        #expect(row.index == nil && row.use == .unknown && row.driver.reason != nil)
        #expect(Report(try host.state()).findings.allSatisfy { $0.code != .stalePool })
    }

    @Test func aRunningGuestOnAnAddressOfAnUnsetPool() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 2)])
        try host.addGuest("a", [.pin("eth3", 0)], running: true)
        try host.addGuest("b", [.pin("eth3", 0)])
        let finding = try #require(Report(try host.state()).findings.first { $0.code == .twoClaims })
        #expect(finding.guests == ["a", "b"])
        #expect(try function(Report(try host.state()), 0).otherHolders == ["guest b"])
    }

    @Test func anotherCardIsNamed() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 2)])
        try host.addNetwork(
            """
            <network><name>p</name><metadata><v:pool xmlns:v='urn:vfpool:1'>\
            <v:pf dev='eth3' address='0000:03:00.0' mac='00:11:22:33:44:55'/></v:pool></metadata>\
            <forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network>
            """)
        #expect(Report(try host.state()).findings.contains { $0.code == .pfReplaced && $0.pools == ["p"] })
    }

    @Test func unknownIsNotNone() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 1)])
        try host.addPoolByHand("pool", pf: "eth3")
        var state = try host.state()
        state.isLocal = false
        state.pfs[0].functions[0].settings = nil
        state.pfs[0].functions[0].netdevMAC = nil
        let function = try function(Report(state), 0)
        #expect(function.use == .free && !function.isHostUseKnown)
        #expect(function.actualMAC.reason != nil)
    }

    @Test func aNameMayBeAnything() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("pool", pf: "eth3")
        try host.addGuest("vm", [.network("pool")], running: true)
        let report = Report(try host.state())
        #expect(try report.narrowed(to: "pool").pools.count == 1)
        #expect(try report.narrowed(to: "vm").guests.count == 1)
        #expect(try report.narrowed(to: Name(PretendHost.uuid(1))).guests.count == 1)
        #expect(try report.narrowed(to: "eth3").pfs.first?.functions.count == 4)
        #expect(try report.narrowed(to: "0000:03:00.0").pfs.count == 1)
        #expect(try report.narrowed(to: "A0:36:9F:03:00:00").pfs.count == 1)
        #expect(try report.narrowed(to: "0000:03:10.2").pfs.first?.functions.map(\.index) == [1])
        let failure = #expect(throws: Failure.self) { try report.narrowed(to: "nix") }
        #expect(failure?.code == .noSuchPool)
    }
}
