import TestSupport
import Testing

/// `vfpool bind` and `unbind` on a real libvirtd.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct BindOnRigTests {
    @Test func `three guests go to the pool, start, and come back byte for byte`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            let first = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let bound = try rig.vfpool("bind", "vm1", "vm2", "vm3")
            #expect(bound.status == 0, "\(bound)")
            #expect(bound.stderr.contains("running"), "says when it takes effect: \(bound)")
            #expect(try rig.state().guests.allSatisfy { $0.config.map(\.network) == ["vfpool-eth3"] })
            #expect(try rig.document(guest: "vm1").contains("<tag id='42'/>"))
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(0)], "vm1 keeps its VF while it runs")
            #expect(try rig.vfpool("bind", "vm1").stdout.contains("Nothing to do"))
            for name in ["vm2", "vm3"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: OnRig.macs) == [])
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.problems(macs: OnRig.macs) == [])
            try rig.reboot()
            for name in ["vm3", "vm2", "vm1"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: OnRig.macs) == [])
            for name in ["vm3", "vm2", "vm1"] { #expect(try rig.virsh("destroy", name).status == 0) }
            let back = try rig.vfpool("unbind", "vm1", "vm2", "vm3")
            #expect(back.status == 0, "\(back)")
            #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == first)
        }
    }

    /// libvirt 9.0 does so when a document is defined for the second time, be it the one that it printed.
    @Test func `libvirt may number consoles anew on the way there and back`() throws {
        let consoles =
            "<serial type='pty'><target port='0'/></serial><console type='pty'><target type='virtio' port='0'/></console>"
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("vm1", .bridge("br0", mac: OnRig.mac(1)), inside: consoles),
            .guest("vm2", .bridge("br0", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try rig.document(guest: "vm1")
            let bound = try rig.vfpool("bind", "vm2", "vm1")
            #expect(bound.status == 0, "\(bound)")
            #expect(try rig.state().guests.allSatisfy { $0.config.map(\.network) == ["vfpool-eth3"] })
            let undone = try rig.vfpool("undo", "--yes")
            #expect(undone.status == 0, "\(undone)")
            let back = try rig.document(guest: "vm1")
            try rig.write("/root/before.xml", before)
            #expect(try rig.virsh("define", "/root/before.xml").status == 0)
            #expect(try rig.document(guest: "vm1") == back)
        }
    }

    @Test func `a plain hostdev needs its MAC from somewhere`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, adminMACs: [1: OnRig.mac(9)]), .guest("vm1", .hostdev("eth3", 0)),
            .guest("vm2", .hostdev("eth3", 1)), .guest("vm3", .hostdev("eth3", 2))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let unknown = try rig.vfpool("bind", "vm1")
            #expect(unknown.status == 1 && unknown.stderr.contains("error[no-mac]") && unknown.stderr.contains("--mac"))
            #expect(try rig.vfpool("bind", "vm1", "--mac", OnRig.mac(1)).status == 0)
            #expect(try rig.vfpool("bind", "vm2").status == 0, "the VF's own, set through the port")
            #expect(try rig.vfpool("bind", "vm3", "--new-mac").status == 0)
            let state = try rig.state()
            #expect(state.guest("vm1")?.config.map(\.mac) == [OnRig.mac(1)])
            #expect(state.guest("vm2")?.config.map(\.mac) == [OnRig.mac(9)])
            #expect(state.guest("vm3")?.config.first?.mac?.hasPrefix("52:54:00:") == true)
            for name in ["vm1", "vm2", "vm3"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems() == [])
        }
    }

    @Test func `a promise is not dropped silently`() throws {
        let inside = "<bandwidth><inbound average='1000'/></bandwidth><mtu size='9000'/>"
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .bridge("br0", mac: OnRig.mac(1), inside: inside))) {
            rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let refused = try rig.vfpool("bind", "vm1")
            #expect(
                refused.status == 1 && refused.stderr.contains("error[cannot-carry]")
                    && refused.stderr.contains("bandwidth"))
            let dropped = try rig.vfpool("bind", "vm1", "--drop", "bandwidth")
            #expect(dropped.status == 0 && (dropped.stdout + dropped.stderr).contains("mtu"), "\(dropped)")
            let text = try rig.document(guest: "vm1")
            #expect(!text.contains("bandwidth"))
        }
    }

    @Test func `ambiguity is an error that lists the candidates`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .pf("eth4", vfs: 4),
            .guest("vm1", .bridge("br0", mac: OnRig.mac(1)), .bridge("br0", mac: OnRig.mac(2))),
            .guest("vm2", .bridge("br0", mac: OnRig.mac(3)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("create", "eth4").status == 0)
            let interfaces = try rig.vfpool("bind", "vm1", "--pool", "vfpool-eth3")
            #expect(
                interfaces.status == 1 && interfaces.stderr.contains("--interface \(OnRig.mac(2))"), "\(interfaces)")
            let pools = try rig.vfpool("bind", "vm2")
            #expect(pools.status == 1 && pools.stderr.contains("--pool vfpool-eth4"), "\(pools)")
            #expect(try rig.vfpool("bind", "vm1", "--pool", "vfpool-eth4", "--interface", OnRig.mac(2)).status == 0)
            #expect(try rig.state().guest("vm1")?.config.map(\.network) == [nil, "vfpool-eth4"])
        }
    }

    @Test func `unbind goes where it is told, and never onto a VF in use`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm2", "vm3").status == 0)
            #expect(try rig.virsh("start", "vm2").status == 0)
            let inUse = try rig.vfpool("unbind", "vm3", "--to-vf", OnRig.vf(0))
            #expect(inUse.status == 1 && inUse.stderr.contains("error[vf-in-use]") && inUse.stderr.contains("vm1"))
            #expect(try rig.vfpool("unbind", "vm3", "--to-vf", OnRig.vf(5)).status == 0)
            #expect(try rig.reserved("vfpool-eth3").contains(OnRig.vf(5)))
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(try rig.problems(macs: OnRig.macs) == [])
            #expect(try rig.virsh("destroy", "vm2").status == 0)
            #expect(try rig.vfpool("unbind", "vm2", "--to-bridge", "br0").status == 0)
            #expect(try rig.state().guest("vm2")?.config.first?.attached == "bridge")
            #expect(try rig.state().guest("vm2")?.config.first?.mac == OnRig.mac(2))
        }
    }
}
