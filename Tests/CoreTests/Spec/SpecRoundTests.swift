import Applying
import Journal
import Model
import Planning
import SRIOV
import Spec
import TestSupport
import Testing
import Text

/// From a spec to a host and back, and that export leaves out nothing that a spec can say.
@Suite struct SpecRoundTests {
    /// As export writes it, with every key: what is made of a bare host is exported as the same. That export and diff agree shows
    /// nothing of what both leave out.
    @Test func `what is made is exported as it was said`() throws {
        var host = try PretendHost(
            [
                PretendPF("eth3", vfs: 0, possible: 8), PretendPF("eth4", bus: 4, vfs: 4),
                PretendPF("eth5", bus: 5, vfs: 4),
            ])
        try host.addGuest("bridged", [.bridged("52:54:00:00:00:10")])
        try host.addGuest("off", [])
        let macs = try host.state().pfs.map { $0.permanentMAC?.description ?? "none" }
        let spec = """
            version: 1
            pfs:
              \(macs[0]): {vfs: 6, hostDriver: true}  # eth3
              \(macs[1]): {vfs: 4, hostDriver: true}  # eth4
              \(macs[2]): {vfs: 4, hostDriver: true}  # eth5
            pools:
              rest:
                pf: \(macs[0])  # eth3
                vfs: 4-5
                autostart: false
              tenants:
                pf: \(macs[0])  # eth3
                exclude: 4-5
                vlan: 7
                settings: {trust: false, spoofCheck: true, maxRate: 1000, minRate: 5, linkState: enable}
                portgroups:
                  a: {}
                  dmz: {vlan: 42, default: true, settings: {trust: true, vlanQoS: 3, vlanProtocol: 802.1ad}}
              two:
                pf:
                  - \(macs[1])  # eth4
                  - \(macs[2])  # eth5
                exclude: 0
                order: listed
                active: false
            guests:
              bridged:
                - {mac: "52:54:00:00:00:10", pool: tenants, portgroup: dmz, settings: {trust: true}}
              "off":
                - {mac: "52:54:00:00:00:11", pool: tenants, vlan: 43, failover: br0}
                - {mac: "52:54:00:00:00:12", pool: two}

            """
        try host.apply(host.spec(spec).plan)
        #expect(try host.spec(spec).differences.isEmpty)
        #expect(try host.state().exported() == spec)
    }

    /// Trust that somebody gives a VF by hand is a difference, where the spec says that there is none.
    @Test func `a full export has the settings and PFs that there are not`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 0)])
        try host.apply(host.create("eth3", portgroups: [Portgroup(name: "a", vlan: 5, isDefault: false)]))
        try host.addGuest(
            "vm",
            [
                .xml(
                    "<interface type='network'><mac address='52:54:00:00:00:10'/><source network='vfpool-eth3'/></interface>"
                )
            ])
        let full = try host.state().exported(isFull: true)
        let usual = try host.state().exported()
        #expect(full.contains("{vfs: 0, ") && !usual.contains("{vfs: 0, "), "\(full)")
        for said in [
            "pools: {vfpool-eth3: {settings: {trust: on}}}",
            "pools: {vfpool-eth3: {portgroups: {a: {settings: {trust: on}}}}}",
            "guests: {vm: [{mac: \"52:54:00:00:00:10\", pool: vfpool-eth3, settings: {trust: on}}]}",
        ] {
            var changed = host
            try changed.apply(changed.spec("version: 1\n\(said)").plan)
            let fields = try changed.spec(full).differences.flatMap(\.fields)
            #expect(fields.map { $0.words.hasSuffix("settings.trust: on → none") } == [true], "\(fields)")
            try changed.apply(changed.spec(full).plan)
            #expect(try changed.spec(full).differences.isEmpty)
        }
    }

    /// A spec has one count of a PF, for now and for boots.
    @Test func `a count that is another at boot is not exported, and that is said`() throws {
        let state = try PretendHost.pooled { _ in }.state()
        let pf = state.pfs[0]
        func export(_ count: Int) throws -> (spec: HostSpec, boot: BootSetup) {
            let boot = BootSetup(setters: [CountSetter(.vfpool, pf.address, "/etc/vfpool/vfs.conf", count: count)])
            return (try HostExport.spec(state, boot: boot, names: [], isFull: false), boot)
        }
        let usual = try export(pf.enabledVFs)
        #expect(usual.spec.pfs[0].vfs == pf.enabledVFs && usual.spec.pfs[0].boot == true && usual.spec.notes.isEmpty)
        let other = try export(pf.enabledVFs + 1)
        #expect(other.spec.pfs[0].vfs == nil && other.spec.pfs[0].boot == nil)
        #expect(other.spec.notes.map(\.string).joined().contains("gets another number at boot"), "\(other.spec.notes)")
        for (spec, boot) in [usual, other] {
            var options = SpecOptions.pretend()
            options.boot = boot
            let read = try SpecText(Array(spec.yaml.utf8), name: "spec").spec()
            #expect(try SpecPlan(state, read, options).differences.isEmpty, "\(spec.yaml)")
        }
    }

    /// Of a PF's count, a pool, its settings and guests: whatever was written down by then.
    @Test func `killed after any line, undo puts back what was there`() throws {
        let before = try SpecPlanTests.bare()
        let plan = try before.spec(SpecPlanTests.whole).plan
        var undone = 0
        for lines in 0..<(2 * plan.steps.count) {
            var world = try JournalledHost(before)
            let hypervisor = FaultyHypervisor(before)
            let record = try world.journal.begin(plan, command: ["vfpool", "apply"], uri: PretendHost.uri)
            let killed = KilledRecord(record, after: lines) { hypervisor.host }
            _ = try? Applier(hypervisor, record: killed).apply(plan)
            world.host = killed.world ?? hypervisor.host
            let back = try world.undoPlan(record.id)
            if !back.isEmpty {
                try world.apply(back, undoes: record.id)
                undone += 1
            }
            let difference = Difference.between(before, world.host)
            #expect(difference.isEmpty, "after \(lines) lines: \(difference)")
        }
        #expect(undone > plan.steps.count, "of \(plan.steps.count) steps")
    }
}
