import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// One field of a spec, where nothing else differs.
@Suite struct SpecFieldTests {
    @Test func `whether the host's drivers get new VFs`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let spec = "version: 1\npfs: {eth3: {hostDriver: false}}"
        let found = try host.spec(spec)
        #expect(found.differences.map(\.words) == ["differs PF eth3 hostDriver: true → false"])
        try host.apply(found.plan)
        #expect(host.pfs[0].probesDrivers == false)
        #expect(try host.spec(spec).differences.isEmpty)
    }

    /// Where vfpool sets the count at boot, a spec that says nothing of boots means both.
    @Test func `a count follows at boot where vfpool sets it`() throws {
        let state = try PretendHost([PretendPF("eth3", vfs: 4)]).state()
        let spec = try SpecText(Array("version: 1\npfs: {eth3: {vfs: 4}}".utf8), name: "spec").spec()
        func differences(_ owner: CountSetter.Means, _ count: Int) throws -> [String] {
            var options = SpecOptions.pretend()
            options.boot = BootSetup(setters: [CountSetter(owner, state.pfs[0].address, "/etc/file", count: count)])
            return try SpecPlan(state, spec, options).differences.map(\.words)
        }
        #expect(try differences(.vfpool, 4) == [])
        #expect(try differences(.vfpool, 6) == ["differs PF eth3 boot: sets 6 → sets 4"])
        // What somebody else sets is not said.
        #expect(try differences(.udevRule, 6) == [])
    }

    @Test func `there is one default portgroup, and it moves`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(
            host.create(
                "eth3",
                portgroups: [.init(name: "a", vlan: 5, isDefault: true), .init(name: "b", vlan: 6, isDefault: false)]))
        func defaults(_ groups: String) throws -> [Name] {
            var host = host
            try host.apply(host.spec("version: 1\npools: {vfpool-eth3: {portgroups: {\(groups)}}}").plan)
            let state = try host.state()
            return state.networks[0].configuration?.portgroups.filter(\.isDefault).map(\.name) ?? []
        }
        #expect(try defaults("b: {default: true}") == ["b"])
        #expect(try defaults("c: {default: true}") == ["c"])
        #expect(try defaults("c: {default: false}") == ["a"])
        #expect(try defaults("a: {default: false}") == [])
        #expect(try defaults("b: {vlan: 7}") == ["a"])
    }

    /// A guest without a portgroup of its own runs with the pool's default, which is what its document says.
    @Test func `a guest that runs with the default portgroup has nothing to wait for`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(
            host.create(
                "eth3",
                portgroups: [.init(name: "a", vlan: 5, isDefault: true), .init(name: "b", vlan: 5, isDefault: false)]))
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let mac = try #require(try host.state().guests[0].interfaces[0].mac)
        let spec = "version: 1\nguests: {vm: [{mac: \"\(mac)\", pool: vfpool-eth3}]}"
        func remarks(_ group: Name) throws -> [String?] {
            var host = host
            for uuid in try host.network("vfpool-eth3").ports.keys {
                host.networks["vfpool-eth3"]?.ports[uuid]?.portgroup = group
            }
            return try host.spec(spec).differences.map(\.remark)
        }
        #expect(try remarks("a") == [])
        #expect(try remarks("b") == ["the running guest has portgroup b until its next start"])
    }

    @Test func `what is named and is nothing is not exported`() throws {
        let host = try PretendHost.pooled()
        #expect(try host.state().exported("vfpool-eth3").contains("vfpool-eth3"))
        let failure = #expect(throws: Failure.self) { try host.state().exported("nix") }
        #expect(failure?.code == .noSuchPool)
    }

    @Test func `a guest's VLAN that no spec can have is said`() throws {
        for (vlan, notes): (Int, [Name]) in [
            (4094, []), (4095, ["interface 0 of guest vm has VLAN 4095, which a spec can't have: it has 1-4094"]),
        ] {
            var host = try PretendHost.pooled()
            try host.addGuest(
                "vm",
                [
                    .xml(
                        "<interface type='network'><mac address='52:54:00:00:00:10'/><source network='vfpool-eth3'/><vlan><tag id='\(vlan)'/></vlan></interface>"
                    )
                ])
            #expect(try HostExport.spec(host.state(), boot: nil, names: [], isFull: false).notes == notes)
        }
    }

    @Test func `a pool made by hand of a PF that is not here is not adopted`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth9", active: false)
        let found = try host.spec("version: 1\npools: {hand: {vlan: 5}}")
        #expect(found.differences.map(\.failure?.code) == [.noSuchVF] && found.plan.isEmpty)
    }

    /// Two pools that hand out one VF give it to two guests.
    @Test func `a pool does not grow into another's VFs`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 6)])
        for (name, part): (Name, IndexSet) in [("a", IndexSet(0...1)), ("b", IndexSet(2...3))] {
            try host.apply(
                host.create("eth3", name: name, selection: VFSelection(included: part, excluded: IndexSet())))
        }
        func codes(_ part: String) throws -> [Failure.Code?] {
            try host.spec("version: 1\npools: {a: {vfs: \(part)}}").differences.map(\.failure?.code)
        }
        #expect(try codes("0-2") == [.overlappingVFs])
        #expect(try codes("null") == [.poolExists])
        #expect(try codes("'0-1,4-5'") == [nil])
        #expect(try codes("0-1") == [])
    }

    /// A PF's netdev may be another's after the next boot.
    @Test func `the PF of a pool made by hand is exported by its MAC`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth3", active: false)
        let mac = try #require(host.pfs[0].permanentMAC).description
        #expect(try host.state().exported("hand").contains(mac))
    }
}
