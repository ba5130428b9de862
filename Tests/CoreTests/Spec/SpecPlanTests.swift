import Journal
import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// From a spec to what differs, and to the one plan that makes it so.
@Suite struct SpecPlanTests {
    static let whole = """
        version: 1
        pfs:
          eth3: {vfs: 6}
        pools:
          tenants:
            pf: eth3
            vfs: 0-4
            vlan: 7
            settings: {maxRate: 1000}
            portgroups:
              dmz: {vlan: 42, default: true, settings: {trust: on}}
        guests:
          bridged:
            - {mac: "52:54:00:00:00:10", pool: tenants, portgroup: dmz, settings: {trust: on}}
          off:
            - {mac: "52:54:00:00:00:11", pool: tenants, vlan: 43, failover: br0}
        """

    /// A PF without VFs, a guest on a bridge, and one without an interface.
    static func bare() throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)])
        try host.addGuest("bridged", [.bridged("52:54:00:00:00:10")])
        try host.addGuest("off", [])
        return host
    }

    @Test func `all in one change, then nothing, then back`() throws {
        var world = try JournalledHost(Self.bare())
        let before = world.host
        let found = try world.host.spec(Self.whole)
        #expect(found.differences.map(\.verdict) == [.differs, .missing, .differs, .missing] && found.same == 0)
        let id = try world.apply(found.plan)
        let again = try world.host.spec(Self.whole)
        #expect(again.differences.map(\.words) == [] && again.same == 4 && again.plan.isEmpty)
        #expect(try world.host.state().exportedDifferences() == [])
        try world.undo(id)
        for (uuid, guest) in before.guests { #expect(world.host.guests[uuid]?.persistent == guest.persistent) }
        #expect(world.host.networks.isEmpty && world.host.pfs[0].enabledVFs == 0)
    }

    @Test func `what differs of a pool is changed, and taken back to the byte`() throws {
        var world = try JournalledHost(PretendHost.pooled(vfs: 6) { try $0.addGuest("vm", [.pin("eth3", 1)]) })
        let before = try world.host.network("vfpool-eth3").persistent
        let spec = """
            version: 1
            pools:
              vfpool-eth3:
                vfs: 0-3
                vlan: 9
                autostart: false
                settings: {trust: on}
                portgroups: {a: {vlan: 10}, b: {default: true, settings: {maxRate: 5}}}
            """
        let found = try world.host.spec(spec)
        #expect(
            found.differences.map(\.words) == [
                "differs pool vfpool-eth3 vfs: all → 0-3 vlan: none → 9 autostart: true → false settings.trust: none → on portgroups.a: none → there portgroups.b: none → there"
            ])
        let id = try world.apply(found.plan)
        #expect(try world.host.spec(spec).differences.isEmpty)
        let state = try world.host.state()
        #expect(state.networks[0].live?.vlan == 9 && state.networks[0].live?.addresses.count == 4, "it was restarted")
        #expect(try state.exportedDifferences() == [])
        // And none of it any more.
        let none = """
            version: 1
            pools:
              vfpool-eth3: {vfs: null, vlan: null, settings: {trust: null}, portgroups: {a: {vlan: null}}}
            """
        let second = try world.apply(try world.host.spec(none, prunes: true).plan)
        let now = try #require(try world.host.state().networks[0].configuration)
        #expect(now.vlan == nil && now.portgroups.map(\.name) == ["a"] && now.wanted.general.isEmpty)
        try world.undo(second)
        try world.undo(id)
        #expect(try world.host.network("vfpool-eth3").persistent == before)
        #expect(try world.host.state().networks[0].live?.vlan == nil)
    }

    @Test func `a pool in use waits, and is restarted when nobody uses it`() throws {
        var host = try PretendHost.pooled(vfs: 4) { _ in }
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let spec = "version: 1\npools: {vfpool-eth3: {vlan: 9}}"
        try host.apply(host.spec(spec).plan)
        #expect(try host.spec(spec).differences.map(\.verdict) == [.waits])
        #expect(try host.spec(spec).plan.isEmpty)
        #expect(try host.state().networks[0].live?.vlan == nil)
        try host.stopGuest("vm")
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.spec(spec).differences.isEmpty)
        #expect(try host.state().networks[0].live?.vlan == 9)
    }

    @Test func `a guest that has it at its next start waits, or is moved live`() throws {
        var host = try PretendHost.pooled { try $0.addGuest("vm", [.pin("eth3", 0)], running: true) }
        let mac = try #require(try host.state().guests[0].interfaces[0].mac)
        let spec = "version: 1\nguests: {vm: [{mac: \"\(mac)\", pool: vfpool-eth3}]}"
        try host.apply(host.spec(spec).plan)
        let waiting = try host.spec(spec)
        #expect(waiting.differences.map(\.verdict) == [.waits] && waiting.plan.isEmpty)
        #expect(waiting.differences.allSatisfy { !$0.isDrift })
        let live = try host.spec(spec, isLive: true)
        #expect(live.plan.cutsLink)
        try host.apply(live.plan)
        #expect(try host.spec(spec, isLive: true).differences.isEmpty)
    }

    @Test func `what can't be is blocked, by name, and the rest is planned`() throws {
        let host = try PretendHost.pooled { try $0.addGuest("vm", [.pin("eth3", 0)], running: true) }
        let spec = """
            version: 1
            pfs: {eth3: {vfs: 8}, eth9: {vfs: 1}}
            pools:
              vfpool-eth3: {vlan: 9}
              other: {pf: eth3}
            guests:
              vm: [{mac: "52:54:00:00:00:77", pool: nix}]
              nix: [{mac: "52:54:00:00:00:78", pool: vfpool-eth3}]
            """
        let found = try host.spec(spec)
        #expect(
            found.differences.map { $0.failure?.code } == [
                .vfInUse, .noSuchDevice, nil, .poolExists, .noSuchPool, .noSuchGuest,
            ])
        #expect(found.differences[0].failure?.message.contains("guest vm") ?? false)
        #expect(!found.plan.isEmpty && found.plan.steps.allSatisfy { $0.network == "vfpool-eth3" })
    }

    /// The reason is another thing of the same spec, and not what is on the host.
    @Test func `what can't be because of another thing of the spec says so`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 0), PretendPF("eth4", bus: 4, vfs: 2)])
        try host.addGuest("vm", [.bridged("52:54:00:00:00:10"), .bridged("52:54:00:00:00:11")])
        let found = try host.spec(
            """
            version: 1
            pfs: {eth3: {vfs: 5000}}
            pools: {new: {pf: eth3}, other: {pf: eth9}}
            guests:
              vm: [{mac: "52:54:00:00:00:10", pool: new}, {mac: "52:54:00:00:00:11", pool: other}]
            """)
        #expect(
            found.blocked.dropFirst().map { $0.failure?.message } == [
                "PF eth3 can't be as the spec says, and without that eth3 has no VFs enabled",
                "there is no network device eth9", "pool new is not there and can't be made",
                "pool other is not there and can't be made",
            ])
        // Which VFs there are follows from their count; that a pool of that name is there does not.
        try host.apply(host.create("eth4", name: "there"))
        let second = try host.spec(
            "version: 1\npfs: {eth3: {vfs: 5000}, eth4: {vfs: 5000}}\npools: {some: {pf: eth4, vfs: 4-5}, there: {pf: eth3}}"
        )
        #expect(second.blocked.map { $0.failure?.code } == [.tooManyVFs, .tooManyVFs, .noSuchVF, .poolDiffers])
        #expect(
            second.blocked.map { $0.failure?.message.contains("can't be as the spec says, and without that") } == [
                false, false, true, false,
            ])
    }

    /// Of two hundred that can be and one that can't, only that one is left out.
    @Test func `one guest in the way does not keep the others`() throws {
        var host = try PretendHost.pooled()
        for number in 0..<20 { try host.addGuest(Name("vm\(number)"), [.bridge("br0")]) }
        try host.addGuest("filtered", [.bridge("br0")])
        let state = try host.state()
        var spec = "version: 1\nguests:\n"
        for guest in state.guests {
            let pool = guest.name == "vm7" ? "nix" : "vfpool-eth3"
            spec += "  \(guest.name): [{mac: \"\(guest.interfaces[0].mac?.description ?? "")\", pool: \(pool)}]\n"
        }
        let found = try state.spec(spec)
        #expect(found.differences.count == 21 && found.blocked.map(\.subject.words) == ["guest vm7"])
        #expect(found.plan.steps.count { if case .defineGuest = $0 { true } else { false } } == 20)
    }

    @Test func `prune takes away what is vfpool's alone, last where guests have to leave first`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 2)])
        try host.addPoolByHand("hand", pf: "eth4", active: false)
        try host.apply(
            host.create("eth3", name: "old", selection: VFSelection(included: IndexSet("0-1"), excluded: IndexSet())))
        try host.addGuest(
            "vm",
            [.xml("<interface type='network'><mac address='52:54:00:00:00:10'/><source network='old'/></interface>")])
        let spec = """
            version: 1
            pools: {new: {pf: eth3, vfs: 2-3}}
            guests: {vm: [{mac: "52:54:00:00:00:10", pool: new}]}
            """
        #expect(try host.spec(spec).differences.map(\.verdict) == [.missing, .differs])
        let found = try host.spec(spec, prunes: true)
        #expect(found.differences.map(\.words).last == "unwanted pool old")
        try host.apply(found.plan)
        #expect(host.networks.keys.sorted() == ["hand", "new"])
    }

    @Test func `a pool made by hand is adopted, unless it is said to stay so`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth3", active: false)
        #expect(try host.state().exported().contains("managed: false"))
        #expect(try host.state().exportedDifferences() == [])
        let spec = "version: 1\npools: {hand: {pf: eth3, vlan: 5}}"
        #expect(
            try host.spec(spec).differences.map(\.words) == [
                "differs pool hand managed: false → true vlan: none → 5 active: false → true"
            ])
        try host.apply(host.spec(spec).plan)
        let state = try host.state()
        #expect(state.networks[0].isManaged && state.networks[0].configuration?.vlan == 5)
        #expect(try state.spec(spec).differences.isEmpty)
    }

    @Test func `adopted, changed and taken back, it is to the byte what it was`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth3", active: false)
        var world = try JournalledHost(host)
        let before = try host.network("hand").persistent
        let spec =
            "version: 1\npools: {hand: {vlan: 5, settings: {trust: on}, portgroups: {a: {settings: {maxRate: 5}}}}}"
        let id = try world.apply(world.host.spec(spec).plan)
        #expect(try world.host.spec(spec).differences.isEmpty)
        try world.undo(id)
        #expect(try world.host.network("hand").persistent == before)
    }

    @Test func `no portgroups are said, too`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(
            host.create("eth3", name: "tenants", portgroups: [Portgroup(name: "a", vlan: 7, isDefault: false)]))
        let spec = "version: 1\npools: {tenants: {portgroups: {}}}"
        #expect(try host.spec(spec).differences.isEmpty)
        let found = try host.spec(spec, prunes: true)
        #expect(found.differences.map(\.words) == ["differs pool tenants portgroups.a: there → none"])
        try host.apply(found.plan)
        #expect(try host.pool("tenants").configuration?.portgroups.isEmpty ?? false)
        #expect(try host.spec(spec, prunes: true).differences.isEmpty)
    }

    /// It is no pool of vfpool's any more, so no upkeep sees to what runs.
    @Test func `adopted while it runs, and taken back, it runs as before`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth3", inside: "<vlan><tag id='9'/></vlan>")
        try host.addGuest("vm", [.network("hand")])
        var world = try JournalledHost(host)
        let before = try host.network("hand")
        let id = try world.apply(world.host.spec("version: 1\npools: {hand: {vlan: 10}}").plan)
        #expect(try world.host.state().networks[0].live?.vlan == 10)
        var used = world
        try world.undo(id)
        #expect(try world.host.network("hand").persistent == before.persistent)
        #expect(try world.host.network("hand").live == before.live)
        // With a guest's VF it goes on as it is, and that is said.
        try used.host.startGuest("vm")
        let plan = try used.undoPlan(id)
        #expect(plan.words == ["define hand"] && plan.notes.contains { $0.text.contains("guest vm") }, "\(plan.notes)")
        // As with one whose port was lost when somebody stopped the network under the guest.
        used.host.networks["hand"]?.ports = [:]
        #expect(try used.host.state().networks[0].guestPorts?.isEmpty ?? false)
        let lost = try used.undoPlan(id)
        #expect(lost.words == ["define hand"] && lost.notes.contains { $0.text.contains("guest vm") }, "\(lost.words)")
    }

    /// Its document has no MAC, so nothing is added beside it.
    @Test func `a plain hostdev is known by the MAC that was set on its VF`() throws {
        var host = try PretendHost.pooled { try $0.addGuest("vm", [.hostdev("eth3", 0)]) }
        let spec = "version: 1\nguests: {vm: [{mac: \"52:54:00:00:00:77\", pool: vfpool-eth3}]}"
        #expect(try host.spec(spec).differences.map(\.failure?.code) == [.noMAC])
        host.pfs[0].functions[0].settings = VFSettings(mac: MACAddress("52:54:00:00:00:77"))
        let found = try host.spec(spec)
        #expect(found.differences.map(\.verdict) == [.differs])
        try host.apply(found.plan)
        #expect(try host.state().guests[0].interfaces.map(\.mac) == [MACAddress("52:54:00:00:00:77")])
        #expect(try host.spec(spec).differences.isEmpty)
    }

    @Test func `an interface's own VLAN and portgroup can be taken away`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(host.create("eth3", portgroups: [Portgroup(name: "a", vlan: 5, isDefault: false)]))
        try host.addGuest("vm", [.bridged("52:54:00:00:00:10")])
        let start = "version: 1\nguests: {vm: [{mac: \"52:54:00:00:00:10\", pool: vfpool-eth3"
        try host.apply(host.spec(start + ", portgroup: a, vlan: 6}]}").plan)
        #expect(try host.spec(start + "}]}").differences.isEmpty, "what is not said stays")
        let found = try host.spec(start + ", portgroup: null, vlan: null}]}")
        #expect(found.differences.map(\.words) == ["differs guest vm portgroup: a → none vlan: 6 → none"])
        try host.apply(found.plan)
        #expect(try host.spec(start + ", portgroup: null, vlan: null}]}").differences.isEmpty)
    }

    @Test func `two words for one PF, pool or guest are refused`() throws {
        let host = try PretendHost.pooled { try $0.addGuest("vm", []) }
        let state = try host.state()
        for spec in [
            "pfs: {eth3: {}, \"\(try host.pf("eth3").address)\": {}}",
            "pools: {vfpool-eth3: {vlan: 5}, \"\(state.networks[0].uuid)\": {vlan: 6}}",
            "guests: {vm: [], \"\(state.guests[0].uuid)\": []}",
        ] {
            let failure = #expect(throws: Failure.self) { try host.spec("version: 1\n" + spec) }
            #expect(failure?.code == .badSpec, "\(spec)")
            // With the line, and a caret below the second.
            #expect(failure?.message.hasPrefix("spec:2:") ?? false, "\(failure?.message ?? "")")
            #expect(failure?.cause?.contains("\n\(spec)\n") ?? false, "\(failure?.cause ?? "")")
        }
    }

    @Test func `five hundred guests, in one plan`() throws {
        var host = try PretendHost.pooled()
        var spec = "version: 1\nguests:\n"
        for number in 0..<500 {
            let mac = "52:54:00:00:0\(number / 256):" + (number % 256 < 16 ? "0" : "") + String(number % 256, radix: 16)
            try host.addGuest(Name("vm\(number)"), [.bridged(mac)])
            spec += "  vm\(number): [{mac: \"\(mac)\", pool: vfpool-eth3, settings: {trust: on}}]\n"
        }
        let found = try host.spec(spec)
        #expect(found.differences.count == 500 && found.blocked.isEmpty)
        try host.apply(found.plan)
        #expect(try host.spec(spec).same == 500)
        #expect(try host.state().exportedDifferences() == [])
    }
}
