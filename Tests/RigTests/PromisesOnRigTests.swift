import TestSupport
import Testing

/// Orders of things that once ended with a guest that could not start, or on another network.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct PromisesOnRigTests {
    @Test func `create, reboot, bind: the pool has what was pinned at boot, and the guests start`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            try rig.reboot()
            let bound = try rig.vfpool("bind", "vm1", "vm2")
            #expect(bound.status == 0, "\(bound)")
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)], "vm2": [OnRig.mac(2)]]) == [])
            #expect(try rig.vfpool("reconcile").stdout.contains("Nothing to do"))
        }
    }

    @Test func `a VF whose netdev a shut-off guest or a network needs is kept for it`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("over", .macvtap("eth3v0", mac: OnRig.mac(1))),
            .network(
                xml:
                    "<network><name>pass</name><forward mode='passthrough'><interface dev='eth3v1'/></forward></network>"
            ),
            .guest("vm2", .network("vfpool-eth3", mac: OnRig.mac(2))),
            .guest("vm3", .network("vfpool-eth3", mac: OnRig.mac(3))),
            .guest("vm4", .network("vfpool-eth3", mac: OnRig.mac(4)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(0), OnRig.vf(1)])
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(try rig.virsh("start", "vm4").status != 0)
            #expect(try rig.virsh("start", "over").status == 0)
        }
    }

    @Test func `who holds one VF of an IOMMU group keeps the others from the pool`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, vfsPerGroup: 2, hardware: RigHardware { $0.vfDriverOverride = "vfio-pci" }),
            .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
            .guest("vm2", .network("vfpool-eth3", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(0), OnRig.vf(1)])
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.state().guest("vm2")?.live.first?.vf == OnRig.vf(2))
        }
    }

    @Test func `a network with VFs of two PFs is adopted as one of both, and as it is`() throws {
        let network = """
            <network><name>two</name><forward mode='hostdev' managed='yes'>\
            <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x0'/>\
            <address type='pci' domain='0x0000' bus='0x04' slot='0x10' function='0x2'/></forward></network>
            """
        try Rig.with(.pf("eth3", vfs: 2), .pf("eth4", vfs: 2), .network(xml: network, active: false)) { rig throws in
            let before = try rig.document(network: "two")
            let adopted = try rig.vfpool("create", "eth3", "--adopt", "--name", "two")
            #expect(adopted.status == 0, "\(adopted)")
            #expect(try rig.vfpool("status", "two").stdout.contains("two: pool of eth3 and eth4,"))
            let listed = [before, try rig.document(network: "two")].map { text in
                text.split(separator: "\n").filter { $0.contains("<address type='pci'") }
            }
            #expect(listed[0] == listed[1])
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.document(network: "two") == before)
        }
    }

    @Test func `what was changed since the bind survives the unbind`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            #expect(try rig.vfpool("bind", "vm1", "--vlan", "9").status == 0)
            let back = try rig.vfpool("unbind", "vm1")
            #expect(back.status == 0, "\(back)")
            let text = try rig.document(guest: "vm1")
            #expect(text.contains("<tag id='9'/>") && text.contains("type='hostdev'"))
        }
    }

    @Test func `what would keep the guest from starting is refused, or dropped knowingly`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("down", .bridge("br0", mac: OnRig.mac(1), inside: "<link state='down'/>")),
            .guest(
                "trunk",
                .pinned(
                    "eth3", 1, mac: OnRig.mac(2),
                    inside: "<vlan trunk='yes'><tag id='1'/><tag id='2' nativeMode='tagged'/></vlan>")),
            .guest("tagged", .pinned("eth3", 2, mac: OnRig.mac(3), inside: "<vlan><tag id='42'/></vlan>"))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "down").stderr.contains("error[cannot-carry]"))
            #expect(try rig.vfpool("bind", "down", "--drop", "link").status == 0)
            #expect(try rig.vfpool("bind", "trunk").stderr.contains("error[vlan-trunk]"))
            #expect(try rig.vfpool("bind", "trunk", "--vlan", "42").status == 0)
            #expect(try rig.vfpool("bind", "tagged").status == 0)
            for name in ["down", "trunk", "tagged"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.virsh("destroy", "tagged").status == 0)
            #expect(try rig.vfpool("unbind", "tagged", "--to-bridge", "br0").stderr.contains("error[cannot-carry]"))
            let pinned = try rig.vfpool("unbind", "tagged", "--to-vf", "eth3:3")
            #expect(pinned.status == 0, "\(pinned)")
            #expect(try rig.document(guest: "tagged").contains("<tag id='42'/>"))
        }
    }
}
