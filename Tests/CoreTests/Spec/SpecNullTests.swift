import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// `null` means none: what is there goes, without `--prune`.
@Suite struct SpecNullTests {
    private static func host() throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let groups = ["a", "b"].map { Portgroup(name: $0, vlan: 7, isDefault: false) }
        try host.apply(host.create("eth3", name: "tenants", portgroups: groups))
        try host.addGuest("vm", [.bridged("52:54:00:00:00:10")])
        try host.apply(
            host.spec(
                """
                version: 1
                pools: {tenants: {settings: {trust: on, maxRate: 5}, portgroups: {a: {settings: {maxRate: 6}}}}}
                guests:
                  vm: [{mac: "52:54:00:00:00:10", pool: tenants, failover: br0, settings: {trust: off}}]
                """
            ).plan)
        return host
    }

    @Test(arguments: [
        ("pools: {tenants: {portgroups: {b: null}}}", ["portgroups.b: there → none"]),
        ("pools: {tenants: {portgroups: null}}", ["portgroups.a: there → none", "portgroups.b: there → none"]),
        ("pools: {tenants: {settings: null}}", ["settings.trust: on → none", "settings.maxRate: 5 → none"]),
        ("pools: {tenants: {portgroups: {a: {settings: null}}}}", ["portgroups.a.settings.maxRate: 6 → none"]),
        ("guests: {vm: [{mac: 52:54:00:00:00:10, pool: tenants, failover: null}]}", ["failover: br0 → none"]),
        ("guests: {vm: [{mac: 52:54:00:00:00:10, pool: tenants, settings: null}]}", ["settings.trust: off → none"]),
    ]) func `it takes away, and undo gives back`(_ said: String, _ fields: [String]) throws {
        var world = try JournalledHost(Self.host())
        let before = world.host
        let spec = "version: 1\n\(said)"
        let found = try world.host.spec(spec)
        #expect(found.differences.flatMap(\.fields).map(\.words).sorted() == fields.sorted())
        #expect(found.blocked.isEmpty, "\(found.blocked)")
        let id = try world.apply(found.plan)
        #expect(try world.host.spec(spec).differences.isEmpty)
        #expect(try world.host.state().exportedDifferences() == [])
        try world.undo(id)
        #expect(try world.host.network("tenants").persistent == before.network("tenants").persistent)
        #expect(try world.host.guest("vm").persistent == before.guest("vm").persistent)
    }

    @Test func `an ended pair leaves the VF, with its MAC`() throws {
        var host = try Self.host()
        try host.apply(
            host.spec("version: 1\nguests: {vm: [{mac: 52:54:00:00:00:10, pool: tenants, failover: null}]}").plan)
        let interfaces = try host.state().guests[0].interfaces
        #expect(interfaces.map { $0.mac?.description } == ["52:54:00:00:00:10"])
        #expect(interfaces.map(\.attachment.networkName) == ["tenants"] && interfaces.allSatisfy { !$0.isTeamed })
    }

    @Test func `a portgroup that a guest uses does not go`() throws {
        var host = try Self.host()
        try host.apply(
            host.spec("version: 1\nguests: {vm: [{mac: 52:54:00:00:00:10, pool: tenants, portgroup: a}]}").plan)
        let found = try host.spec("version: 1\npools: {tenants: {portgroups: {a: null}}}")
        #expect(found.differences.map(\.failure?.code) == [.poolInUse])
    }
}
