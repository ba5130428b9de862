import TestSupport
import Testing

/// Networks that were there before vfpool, and what guests had on them.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FieldNetworkTests {
    @Test func `of a PF and one address libvirt keeps the address, and the pool is of that VF`() throws {
        let network = """
            <network><name>sriov-net</name><forward mode='hostdev' managed='yes'><pf dev='eno5'/>
            <address type='pci' domain='0x0000' bus='0x5d' slot='0x00' function='0x2'/></forward></network>
            """
        try Rig.with(
            .pf(
                "eno5", vfs: 4, bus: "5d",
                hardware: RigHardware {
                    $0.offset = 2
                    $0.stride = 1
                }),
            .network(xml: network, autostart: true),
            .guest("gtwy", .network("sriov-net", mac: OnRig.mac(9)), .network("sriov-net", mac: OnRig.mac(10)))
        ) { rig throws in
            let capacity = try rig.vfpool("doctor").lines("capacity")
            #expect(capacity.first?.contains("guest gtwy needs 2 VFs") == true, "\(capacity)")
            #expect(try rig.vfpool("create", "eno5", "--adopt").status == 0)
            #expect(try rig.listed("sriov-net") == 1)
            #expect(try rig.vfpool("bind", "gtwy").stdout.contains("Nothing to do"))
            let back = try rig.vfpool("unbind", "gtwy", "--dry-run")
            #expect(back.status == 1 && back.stderr.contains("error[no-former-interface]"), "\(back)")
            #expect(back.stderr.contains("--to-vf ADDRESS"), "\(back)")
        }
    }

    @Test func `a network over VFs of two PFs is adopted as one pool, and its guests stay`() throws {
        let stride = RigHardware { $0.stride = 4 }
        let inside = "<portgroup name='v10' default='yes'><vlan><tag id='10'/></vlan></portgroup>"
        let addresses = ["0", "1", "4", "5"].map {
            "<address type='pci' domain='0x0000' bus='0x04' slot='0x10' function='0x\($0)'/>"
        }
        let network =
            "<network><name>hostdev-net</name><forward mode='hostdev' managed='yes'>" + addresses.joined()
            + "</forward>\(inside)</network>"
        try Rig.with(
            .pf("p4p1", vfs: 2, total: 8, bus: "04", hardware: stride),
            .pf(
                "p4p2", vfs: 2, total: 8, bus: "04",
                hardware: RigHardware {
                    $0.stride = 4
                    $0.function = 1
                }),
            .network(xml: network, autostart: true),
            .guest("g1", .network("hostdev-net", mac: OnRig.mac(1)), running: true),
            .guest("g2", .network("hostdev-net", mac: OnRig.mac(2), portgroup: "v10"), running: true)
        ) { rig throws in
            let adopted = try rig.vfpool("create", "p4p1", "--adopt", "--name", "hostdev-net")
            #expect(adopted.status == 0 && adopted.stdout.contains("2 VFs of p4p1 and 2 VFs of p4p2"), "\(adopted)")
            let sweep = try rig.vfpool("migrate", "--all", "--create-pools", "--dry-run")
            #expect(sweep.status == 0 && sweep.stdout == "Nothing to do\n", "\(sweep)")
            #expect(try rig.vfpool("bind", "g1", "--pool", "hostdev-net").stdout.contains("Nothing to do"))
            #expect(try rig.problems(macs: ["g1": [OnRig.mac(1)], "g2": [OnRig.mac(2)]]) == [])
        }
    }

    @Test func `what an Open vSwitch port had is carried, or refused, or named as lost`() throws {
        let ovs = """
            <network><name>ovs-net</name><forward mode='bridge'/><bridge name='br-int'/><virtualport type='openvswitch'/>
            <portgroup name='vlan-01' default='yes'/><portgroup name='vlan-20'><vlan><tag id='20'/></vlan></portgroup>
            </network>
            """
        let pf = "<virtualport type='openvswitch'/>"
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: ovs, active: false),
            .guest(
                "fw", .network("ovs-net", mac: OnRig.mac(1), portgroup: "vlan-20"),
                .bridge(
                    "br-int", mac: OnRig.mac(2),
                    inside: "\(pf)<vlan trunk='yes'><tag id='42'/><tag id='43'/></vlan>"),
                .bridge("br-int", mac: OnRig.mac(3), inside: "\(pf)<vlan><tag id='42'/></vlan><mtu size='9000'/>"))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let group = try rig.vfpool("bind", "fw", "--interface", "0", "--dry-run")
            #expect(group.status == 0 && group.stdout.contains("+        <tag id=\"20\"/>"), "\(group)")
            let trunk = try rig.vfpool("bind", "fw", "--interface", "1", "--dry-run")
            #expect(trunk.status == 1 && trunk.stderr.contains("error[vlan-trunk]"), "\(trunk)")
            let tag = try rig.vfpool("bind", "fw", "--interface", "2", "--dry-run")
            #expect(tag.status == 0 && tag.stdout.contains("VLAN 42"), "\(tag)")
            #expect(
                tag.stderr.contains("can't provide: virtualport openvswitch") && tag.stderr.contains("mtu 9000"),
                "\(tag)")
        }
    }

    /// What is inside the network, what becomes of adopting it, and what is said.
    static let adoptions: [(inside: String, adopted: Bool, said: String)] = [
        ("<virtualport type='802.1Qbh'><parameters profileid='finance'/></virtualport>", true, "Adopted pool nn"),
        ("<vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>", false, "error[vlan-trunk]"),
        ("<vlan trunk='yes'><tag id='42'/></vlan>", false, "error[vlan-trunk]"),
        ("<metadata><a:b xmlns:a='urn:a'>x</a:b></metadata>", true, "Adopted pool nn"),
        ("<port isolated='yes'/>", false, "error[cannot-carry]"),
    ]

    @Test func `networks of all kinds are adopted, with what is theirs, or refused with a reason`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            for (inside, isAdopted, said) in Self.adoptions {
                try rig.add(.pool("eth3", named: "nn", inside: inside))
                let settings = try rig.vfpool("doctor").lines("pool-settings")
                #expect(settings.first?.hasPrefix(isAdopted ? "PASS" : "FAIL") == true, "\(inside): \(settings)")
                let result = try rig.vfpool("create", "eth3", "--adopt", "--name", "nn")
                #expect(result.status == (isAdopted ? 0 : 1), "\(inside): \(result)")
                #expect((result.stdout + result.stderr).contains(said), "\(inside): \(result)")
                if inside.contains("urn:a") { #expect(try rig.document(network: "nn").contains("urn:a")) }
                #expect(try rig.virsh("net-destroy", "nn").status == 0)
                #expect(try rig.virsh("net-undefine", "nn").status == 0)
            }
        }
    }
}
