import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// Whether a pool of a spec runs.
@Suite struct SpecActiveTests {
    private static let spec = "version: 1\npools: {vfpool-eth3: {pf: eth3}}"

    @Test func `a pool that was stopped is seen, started, and stopped again by undo`() throws {
        var host = try PretendHost.pooled(vfs: 4) { try $0.addGuest("vm", [.pin("eth3", 1)], running: true) }
        #expect(try host.spec(Self.spec).differences.isEmpty)
        try host.stopNetwork("vfpool-eth3")
        #expect(try host.state().exported().contains("    active: false\n"))
        #expect(try host.state().exportedDifferences() == [])
        var world = try JournalledHost(host)
        let found = try world.host.spec(Self.spec)
        #expect(found.differences.map(\.words) == ["differs pool vfpool-eth3 active: false → true"])
        let id = try world.apply(found.plan)
        let pool = try world.host.state().networks[0]
        // The VF that vm has pinned is kept from others.
        #expect(pool.isActive && pool.reservations.count == 1)
        #expect(try world.host.spec(Self.spec).differences.isEmpty)
        try world.undo(id)
        #expect(try !world.host.state().networks[0].isActive)
    }

    @Test func `one that need not run, or is said not to, is left alone`() throws {
        var host = try PretendHost.pooled(vfs: 4)
        try host.stopNetwork("vfpool-eth3")
        for said in ["active: false", "autostart: false"] {
            let fields = try host.spec("version: 1\npools: {vfpool-eth3: {\(said)}}").differences.flatMap(\.fields)
            #expect(!fields.contains { $0.words.hasPrefix("active") }, "\(said)")
        }
        let both = try host.spec("version: 1\npools: {vfpool-eth3: {autostart: false, active: true}}")
        #expect(
            both.differences.flatMap(\.fields).map(\.words).sorted() == [
                "active: false → true", "autostart: true → false",
            ])
        try host.apply(both.plan)
        #expect(try host.state().networks[0].isActive)
    }

    @Test func `one that was stopped, and does not start at boot, is not started on another host`() throws {
        var host = try PretendHost.pooled(vfs: 4)
        try host.apply(host.spec("version: 1\npools: {vfpool-eth3: {autostart: false}}").plan)
        #expect(try !host.state().exported().contains("active"))
        try host.stopNetwork("vfpool-eth3")
        let exported = try host.state().exported()
        #expect(exported.contains("    active: false\n"))
        #expect(try host.state().exportedDifferences() == [])
        var bare = try PretendHost([PretendPF("eth3", vfs: 4)])
        try bare.apply(bare.spec(exported).plan)
        #expect(try !bare.state().networks[0].isActive && !bare.state().networks[0].autostart)
    }

    @Test func `one is stopped where no guest uses it`() throws {
        var host = try PretendHost.pooled(vfs: 4) { _ in }
        let spec = "version: 1\npools: {vfpool-eth3: {active: false}}"
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let used = try host.spec(spec)
        #expect(used.differences.map(\.failure?.code) == [.poolInUse])
        #expect(used.blocked[0].failure?.message.contains("guest vm") ?? false)
        try host.stopGuest("vm")
        try host.apply(host.spec(spec).plan)
        #expect(try !host.state().networks[0].isActive)
        #expect(try host.spec(spec).differences.isEmpty)
    }

    @Test func `why one can't be started is said`() throws {
        var host = try PretendHost.pooled(vfs: 4)
        try host.stopNetwork("vfpool-eth3")
        host.pfs[0].functions = []
        #expect(try host.spec(Self.spec).differences.map(\.failure?.code) == [.noVFsEnabled])
        var hand = try PretendHost([PretendPF("eth3", vfs: 4)])
        try hand.addPoolByHand("hand", pf: "eth3", active: false)
        let found = try hand.spec("version: 1\npools: {hand: {managed: false, active: true}}")
        #expect(found.differences.map(\.failure?.code) == [.notManaged])
        #expect(found.blocked[0].failure?.hints.map(\.text) == ["start it: `virsh net-start hand`"])
    }

    @Test func `a new one is not started where that is said`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(host.spec("version: 1\npools: {t: {pf: eth3, active: false}}").plan)
        #expect(try !host.state().networks[0].isActive)
    }

    @Test func `why a pool can't be renamed is said, and what helps`() throws {
        var host = try PretendHost.pooled(vfs: 4) { _ in }
        let spec = "version: 1\npools: {tenants: {pf: eth3}}"
        let failure = try #require(try host.spec(spec).blocked.first?.failure)
        #expect(failure.code == .poolExists && failure.cause?.contains("can't be renamed") ?? false)
        #expect(failure.hints.first?.text.contains("vfpool delete vfpool-eth3") ?? false, "\(failure.hints)")
        #expect(try host.spec(spec, prunes: true).blocked.isEmpty)
        try host.addGuest("vm", [.network("vfpool-eth3")])
        let used = try #require(try host.spec(spec).blocked.first?.failure)
        #expect(used.hints.first?.text == "keep the name vfpool-eth3 in the spec")
        #expect(used.hints.last?.text.contains("guest vm") ?? false, "\(used.hints)")
    }
}
