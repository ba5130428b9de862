import TestSupport
import Testing

/// What was set of a VF through its PF follows the guest or is said to be left behind, whichever command it is.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct SetThroughPFFieldTests {
    static let settings = RigVFSettings(
        mac: OnRig.mac(1), vlan: 42, qos: 3, spoofCheck: false, trust: true, link: 1, maxRate: 1000)

    /// What a plan does to a guest's document: its lines that come and go.
    private func change(_ result: CommandResult, _ guest: String) -> [Substring] {
        let lines = result.stdout.split(separator: "\n", omittingEmptySubsequences: false)
        let own = lines.drop { !$0.hasPrefix("--- guest \(guest) ") }.dropFirst(2)
        return own.prefix { !$0.hasPrefix("--- ") && !$0.isEmpty }.filter { $0.hasPrefix("+") || $0.hasPrefix("-") }
    }

    private func said(_ result: CommandResult) -> Set<Substring> {
        Set(result.stderr.split(separator: "\n").filter { $0.hasPrefix("note:") || $0.hasPrefix("warning:") })
    }

    @Test func `bind and migrate make the same document and say the same`() throws {
        try Rig.with(.pf("eth3", vfs: 4, settings: [0: Self.settings]), .guest("plain", .hostdev("eth3", 0))) {
            rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let bound = try rig.vfpool("bind", "plain", "--dry-run")
            let migrated = try rig.vfpool("migrate", "plain", "--dry-run")
            #expect(change(migrated, "plain").contains("+        <tag id=\"42\"/>"), "\(migrated)")
            #expect(change(bound, "plain") == change(migrated, "plain"), "\(bound)")
            #expect(said(bound) == said(migrated), "\(bound) \(migrated)")
            for what in ["trust on", "spoof check off", "1000 Mbit/s", "link state", "priority 3", OnRig.mac(1)] {
                #expect(bound.stderr.contains(what), "\(what): \(bound)")
            }
            // As many steps, and the same findings, for programs.
            let text = try rig.vfpool("bind", "plain", "--dry-run", "--format", "json")
            #expect(text.stdout.contains("42"), "\(text)")
        }
    }

    @Test func `a guest that was tagged through the PF is tagged on the pool when it starts`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, settings: [0: RigVFSettings(mac: OnRig.mac(1), vlan: 42)]),
            .guest("plain", .hostdev("eth3", 0))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "plain").status == 0)
            #expect(try rig.virsh("start", "plain").status == 0)
            let vf = try rig.state().guest("plain")?.live.first?.vf
            #expect(try rig.state().pf("eth3")?.vfs.first { $0.address == vf }?.vlan == 42)
        }
    }

    @Test(arguments: ["bind", "migrate"]) func `802.1ad does not become 802.1Q without a word`(_ verb: String) throws {
        let settings = RigVFSettings(mac: OnRig.mac(1), vlan: 42, protocol: "88a8")
        try Rig.with(.pf("eth3", vfs: 4, settings: [0: settings]), .guest("plain", .hostdev("eth3", 0))) {
            rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let result = try rig.vfpool(verb, "plain", "--dry-run")
            #expect((result.stdout + result.stderr).contains("802.1ad"), "\(result)")
        }
    }

    @Test(arguments: ["bind", "migrate"]) func `a macvtap over a VF has the VLAN of the VF`(_ verb: String) throws {
        try Rig.with(
            .pf("eth3", vfs: 4, settings: [1: RigVFSettings(vlan: 43)]),
            .guest("mv", .macvtap("eth3v1", mac: OnRig.mac(2), mode: "passthrough"))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let words = verb == "bind" ? ["bind", "mv"] : ["migrate", "mv", "--include-macvtap"]
            let result = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
            #expect(result.status == 0 && change(result, "mv").contains("+        <tag id=\"43\"/>"), "\(result)")
        }
    }

    /// What `unbind` says of where a guest goes, `undo` says, too.
    @Test func `undo says no less than unbind`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("br", .bridge("br0", mac: OnRig.mac(3)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "br").status == 0)
            let unbound = try rig.vfpool("unbind", "br", "--dry-run")
            let undone = try rig.vfpool("undo", "--dry-run")
            #expect(change(undone, "br") == change(unbound, "br"))
            #expect(undone.stdout.contains("network vfpool-eth3 → bridge br0"), "\(undone)")
            #expect(undone.stdout.contains("keeps MAC \(OnRig.mac(3))"), "\(undone)")
            #expect(said(undone).isSuperset(of: said(unbound)), "\(unbound) \(undone)")
        }
    }

    @Test func `undo says what unbind does of a guest that runs, and of a VF that another holds`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "vm1", "vm2", "-q").status == 0)
            for name in ["vm1", "vm2"] {
                let unbound = try rig.vfpool("unbind", name, "--dry-run")
                let undone = try rig.vfpool("undo", "--dry-run")
                #expect(said(undone).isSuperset(of: said(unbound)), "\(unbound) \(undone)")
            }
        }
    }

    /// As vfpool's own hint for a MAC that stays behind has it.
    @Test func `back on a VF that has lost MAC and VLAN meanwhile, unbind and undo say so`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, settings: [0: RigVFSettings(mac: OnRig.mac(1), vlan: 42)]),
            .guest("plain", .hostdev("eth3", 0))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "plain").status == 0)
            let before = try rig.vfpool("undo", "--dry-run")
            #expect(
                said(before).allSatisfy { !$0.contains("VLAN") && !$0.contains("MAC") }, "it is as it was: \(before)")
            #expect(try rig.sh("ip link set eth3 vf 0 mac 00:00:00:00:00:00 vlan 0").status == 0)
            let unbound = try rig.vfpool("unbind", "plain", "--dry-run")
            let undone = try rig.vfpool("undo", "--dry-run")
            #expect(said(undone).isSuperset(of: said(unbound)), "\(unbound) \(undone)")
            for words in [unbound.stdout, undone.stdout] {
                #expect(words.contains("keeps MAC \(OnRig.mac(1)) if it is set on the VF"), "\(words)")
            }
            #expect(!before.stdout.contains("if it is set"), "\(before)")
            #expect(undone.stderr.contains("from VLAN 42 to no VLAN"), "\(undone)")
            #expect(undone.stderr.contains("`ip link set dev eth3 vf 0 vlan 42`"), "\(undone)")
            #expect(undone.stderr.contains("`ip link set dev eth3 vf 0 mac \(OnRig.mac(1))`"), "\(undone)")
        }
    }

    @Test func `a pinned guest that runs, and the pair that is made of a plain hostdev, keep the VLAN`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, settings: [0: Self.settings]), .guest("plain", .hostdev("eth3", 0)),
            .guest("runs", .pinned("eth3", 1, mac: OnRig.mac(2)), running: true), .network(xml: Self.lan, active: false)
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.sh("ip link set eth3 vf 1 vlan 43 && ip link set eth3 vf 1 trust on").status == 0)
            let bound = try rig.vfpool("bind", "runs", "--dry-run")
            #expect(change(bound, "runs").contains("+        <tag id=\"43\"/>"), "\(bound)")
            #expect(bound.stderr.contains("trust on"), "\(bound)")
            // When it takes effect, migrate's table says.
            let notes = said(bound).filter { !$0.contains("is running") }
            let migrated = try rig.vfpool("migrate", "runs", "--dry-run")
            #expect(notes == said(migrated), "\(bound) \(migrated)")
            let pair = try rig.vfpool("bind", "plain", "--failover", "lan", "--dry-run")
            #expect(change(pair, "plain").contains("+        <tag id=\"42\"/>"), "\(pair)")
            #expect(pair.stderr.contains("trust on") && pair.stderr.contains("priority 3"), "\(pair)")
        }
    }

    static let lan = "<network><name>lan</name><forward mode='bridge'/><bridge name='br0'/></network>"

    @Test func `what a shut-off guest's VF has that libvirt will take away is said, and trust is`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, settings: [0: Self.settings]), .guest("off", .pinned("eth3", 0, mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let bound = try rig.vfpool("bind", "off", "--dry-run")
            #expect(!bound.stdout.contains("<tag"), "\(bound)")
            for what in ["VLAN 42", "trust on", "1000 Mbit/s", "keeps the MAC \(OnRig.mac(1))"] {
                #expect(bound.stderr.contains(what), "\(what): \(bound)")
            }
            #expect(said(bound) == said(try rig.vfpool("migrate", "off", "--dry-run")))
        }
    }

    @Test func `the VLAN of a network that was made by hand comes along, whichever command`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .pf("eth4", vfs: 2),
            .pool("eth4", named: "hand", inside: "<vlan><tag id='7'/></vlan>"),
            .guest("vm", .network("hand", mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let bound = try rig.vfpool("bind", "vm", "--pool", "vfpool-eth3", "--dry-run")
            #expect(change(bound, "vm").contains("+        <tag id=\"7\"/>"), "\(bound)")
        }
    }

    @Test func `off a pool with a VLAN it is said what network the guest is on then`() throws {
        let ovs = """
            <network><name>ovs</name><forward mode='bridge'/><bridge name='br-int'/>
            <virtualport type='openvswitch'/></network>
            """
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: ovs, active: false), .guest("br", .bridge("br0", mac: OnRig.mac(3)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "--vlan", "7", "-q").status == 0)
            #expect(try rig.vfpool("bind", "br").status == 0)
            for words in [["unbind", "br"], ["unbind", "br", "--to-bridge", "br1"], ["undo"]] {
                let left = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(left.status == 0 && left.stderr.contains("from VLAN 7 to what bridge"), "\(words): \(left)")
            }
            let tagged = try rig.vfpool("unbind", "br", "--to-network", "ovs", "--dry-run")
            #expect(change(tagged, "br").contains("+        <tag id=\"7\"/>"), "\(tagged)")
        }
    }
}
