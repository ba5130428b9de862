import TestSupport
import Testing

/// `vfpool migrate` on a real libvirtd: every kind of pin, and what guests then run with.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct MigrateOnRigTests {
    private static let pair = """
        <interface type='bridge'><mac address='\(OnRig.mac(6))'/><source bridge='br0'/><model type='virtio'/>\
        <teaming type='persistent'/><alias name='ua-net0'/></interface>
        """

    /// eth3 has VF 7 in the bridge br0, and the MACs of VFs 2 and 4 set through it.
    private static let host: [RigPart] = [
        .pf("eth3", vfs: 8, adminMACs: [2: OnRig.mac(3), 4: OnRig.mac(5)], uses: [.bridge(vf: 7, "br0")]),
        .pf("eth4", vfs: 4),
        .guest("running", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
        .guest(
            "tagged",
            .pinned("eth3", 1, mac: OnRig.mac(2), inside: "<vlan><tag id='42'/></vlan><boot order='1'/>")),
        .guest("plain", .hostdev("eth3", 2)),
        .guest(
            "two", .pinned("eth4", 0, mac: OnRig.mac(4)), .hostdev("eth3", 4, inside: "<alias name='ua-front'/>"),
            running: true),
        .guest(
            "pair", .pinned("eth3", 5, mac: OnRig.mac(6), inside: "<teaming type='transient' persistent='ua-net0'/>"),
            inside: pair),
        .guest("bridged", .bridge("br0", mac: OnRig.mac(7))),
        .guest("over", .macvtap("eth3v6", mac: OnRig.mac(8), mode: "passthrough")),
    ]

    private static let macs = [
        "running": [OnRig.mac(1)], "tagged": [OnRig.mac(2)], "plain": [OnRig.mac(3)],
        "two": [OnRig.mac(4), OnRig.mac(5)], "pair": [OnRig.mac(6), OnRig.mac(6)], "bridged": [OnRig.mac(7)],
        "over": [OnRig.mac(8)],
    ]

    @Test func `every kind of pin, in one plan; then restarted, rebooted, and all of it taken back`() throws {
        try Rig.with(Self.host) { rig throws in
            let names = Self.macs.keys.sorted()
            let before = try names.map { try rig.document(guest: $0) }
            #expect(try rig.sh("ip link set eth3 vf 2 vlan 77 && ip link set eth3 vf 2 trust on").status == 0)
            #expect(try rig.vfpool("migrate", "--all", "--create-pools").status == 4)
            let done = try rig.vfpool("migrate", "--all", "--create-pools", "--yes")
            #expect(done.status == 0 && done.stdout.contains("Migrated 5 guests: 6 interfaces"), "\(done)")
            #expect(done.stderr.contains("--include-macvtap") && done.stderr.contains("trust on"), "\(done)")
            let state = try rig.state()
            let pools = ["vfpool-eth3", "vfpool-eth4"]
            for name in ["running", "tagged", "plain"] {
                #expect(state.guest(name)?.config.map(\.network) == [pools[0]], "\(name)")
            }
            #expect(Set(state.guest("two")?.config.map(\.network) ?? []) == Set(pools))
            #expect(state.guest("bridged")?.config.first?.attached == "bridge")
            #expect(state.guest("over")?.config.first?.attached == "macvtap")
            #expect(try rig.document(guest: "plain").contains("<tag id='77'/>"))
            #expect(try rig.document(guest: "tagged").contains("<tag id='42'/>"))
            #expect(try rig.document(guest: "tagged").contains("<boot order='1'/>"))
            #expect(try rig.document(guest: "two").contains("ua-front"))
            #expect(try rig.document(guest: "pair").contains("persistent='ua-net0'"))
            #expect(
                try rig.vfpool("migrate", "--all", "--create-pools", "--yes").stdout.contains("No guest to migrate"))
            try checkRuns(rig, ["running", "two", "tagged", "plain"])
            try rig.reboot()
            #expect(try rig.vfpool("reconcile").status == 0)
            try checkRuns(rig, ["plain", "two", "running", "tagged"])
            for name in names { _ = try rig.virsh("destroy", name) }
            #expect(try rig.vfpool("reconcile").status == 0)
            let id = try rig.sh("ls /var/lib/vfpool/changes | head -n 1").stdout.split(separator: "\n").joined()
            let back = try rig.vfpool("undo", id, "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try names.map { try rig.document(guest: $0) } == before)
            #expect(try rig.state().networks.count { $0.name.hasPrefix("vfpool") } == 0)
        }
    }

    /// Each stops, as far as it runs, and starts on the pool, with its MACs.
    private func checkRuns(_ rig: Rig, _ names: [String]) throws {
        for name in names {
            _ = try rig.virsh("destroy", name)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.virsh("start", name).status == 0, "\(name)")
        }
        let macs = Self.macs.filter { names.contains($0.key) }
        #expect(try rig.problems(macs: macs) == [])
    }

    @Test func `a running guest's agent tells the MAC that nobody else knows`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4),
            .guest("told", .hostdev("eth3", 0), inside: RigPart.agentChannel),
            .guest("silent", .hostdev("eth3", 1), inside: RigPart.agentChannel)
        ) { rig throws in
            try rig.cue("told", Rig.Cue(agent: ["lo": "00:00:00:00:00:00", "enp1s0": OnRig.mac(1)]))
            for name in ["told", "silent"] { #expect(try rig.virsh("start", name).status == 0) }
            let answer = try rig.virsh("domifaddr", "told", "--source", "agent", "--full")
            #expect(answer.stdout.contains(OnRig.mac(1)), "\(answer)")
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let done = try rig.vfpool("migrate", "--all", "--yes")
            #expect(done.status == 0 && done.stdout.contains("from the guest's agent"), "\(done)")
            #expect(done.stderr.contains("guest silent is left out [no-mac]"), "\(done)")
            #expect(try rig.state().guest("told")?.config.map(\.mac) == [OnRig.mac(1)])
            #expect(try rig.state().guest("silent")?.config.map(\.attached) == ["hostdev"])
            let given = try rig.vfpool("migrate", "silent", "--mac", "silent:0000:03:10.2=\(OnRig.mac(2))")
            #expect(given.status == 0, "\(given)")
            for name in ["told", "silent"] {
                #expect(try rig.virsh("destroy", name).status == 0)
                #expect(try rig.vfpool("reconcile").status == 0)
                #expect(try rig.virsh("start", name).status == 0)
            }
            #expect(try rig.problems(macs: ["told": [OnRig.mac(1)], "silent": [OnRig.mac(2)]]) == [])
        }
    }

    @Test func `running guests are moved one after the other, until the first that fails`() throws {
        let guests = (1...4).map {
            RigPart.guest("vm\($0)", .pinned("eth3", $0 - 1, mac: OnRig.mac($0)), running: true)
        }
        try Rig.with([.pf("eth3", vfs: 5)] + guests) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let macs = Dictionary(uniqueKeysWithValues: (1...4).map { ("vm\($0)", [OnRig.mac($0)]) })
            let before = try (1...4).map { try rig.document(guest: "vm\($0)") }
            #expect(try rig.vfpool("migrate", "--all", "--live").status == 4)
            try rig.cue("vm3", Rig.Cue(unplug: .refused))
            let stopped = try rig.vfpool("migrate", "--all", "--live", "--yes", "--wait", "3")
            #expect(stopped.status == 5 && stopped.stderr.contains("rejected by the guest"), "\(stopped)")
            #expect(stopped.stderr.contains("vfpool migrate --resume"), "\(stopped)")
            #expect(try moved(rig) == ["vm1", "vm2"])
            #expect(try rig.document(guest: "vm3") == before[2])
            #expect(try rig.document(guest: "vm4") == before[3])
            #expect(try rig.problems(macs: macs) == [])
            try rig.cue("vm3", nil)
            let resumed = try rig.vfpool("migrate", "--resume", "--yes")
            #expect(resumed.status == 0, "\(resumed)")
            #expect(try moved(rig) == ["vm1", "vm2", "vm3", "vm4"])
            #expect(try rig.problems(macs: macs) == [])
            #expect(try rig.vfpool("migrate", "--resume", "--yes").stderr.contains("error[nothing-to-resume]"))
        }
    }

    /// Running guests that have their VF through the pool.
    private func moved(_ rig: Rig) throws -> [String] {
        let network = try rig.state().network("vfpool-eth3")
        return (network?.ports ?? []).filter { !$0.uuid.hasPrefix("76667000-") }.compactMap(\.owner).sorted()
    }

    @Test func `saved and snapshotted guests carry their document of then`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("snapped", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("plain", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            // Without a disk there is nothing to keep, and libvirt remembers the document all the same.
            let snapshot = """
                <domainsnapshot><name>then</name><state>shutoff</state><creationTime>1</creationTime>\
                $(virsh dumpxml --inactive snapped)</domainsnapshot>
                """
            let made = try rig.sh(
                "echo \"\(snapshot)\" > /run/then.xml; virsh snapshot-create snapped /run/then.xml --redefine")
            #expect(made.status == 0, "\(made)")
            let done = try rig.vfpool("migrate", "--all", "--yes")
            #expect(done.status == 0 && done.stderr.contains("guest snapped has snapshots"), "\(done)")
            #expect(!done.stderr.contains("guest plain has snapshots"))
        }
    }
}
