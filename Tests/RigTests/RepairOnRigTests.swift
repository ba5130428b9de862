import TestSupport
import Testing

/// `vfpool reconcile` mends what happened to pools without vfpool.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RepairOnRigTests {
    private static let macs = ["vm1": [OnRig.mac(1)], "vm2": [OnRig.mac(2)], "vm3": [OnRig.mac(3)]]

    private static func pooled(autostart: Bool = false) -> [RigPart] {
        (1...3).map { .guest("vm\($0)", .network("vfpool-eth3", mac: OnRig.mac($0)), autostart: autostart) }
    }

    @Test func `a pool that was destroyed and started under its guests`() throws {
        try Rig.with([.pf("eth3", vfs: 4)] + Self.pooled()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.virsh("net-destroy", "vfpool-eth3").status == 0)
            #expect(try rig.virsh("net-start", "vfpool-eth3").status == 0)
            #expect(try rig.state().network("vfpool-eth3")?.ports.isEmpty == true)
            let mended = try rig.vfpool("reconcile")
            #expect(mended.status == 0, "\(mended)")
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(0), OnRig.vf(1)])
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(try rig.state().guest("vm3")?.live.first?.vf == OnRig.vf(2))
            #expect(try rig.problems(macs: Self.macs) == [])
            // They stop, and what was kept for them is the pool's again.
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("destroy", name).status == 0) }
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(2)])
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: Self.macs) == [])
        }
    }

    @Test func `a pool that failed at boot for want of VFs`() throws {
        try Rig.with([.pf("eth3", vfs: 4)] + Self.pooled(autostart: true)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            try rig.reboot(vfs: .none)
            #expect(try rig.state().network("vfpool-eth3")?.active == false)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.state().network("vfpool-eth3")?.active == false)
            try rig.setVFs("eth3", 4)
            let mended = try rig.vfpool("reconcile")
            #expect(mended.status == 0 && mended.stderr.contains("virsh start vm1"), "\(mended)")
            #expect(try rig.state().network("vfpool-eth3")?.active == true)
            for name in ["vm1", "vm2", "vm3"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: Self.macs) == [])
            #expect(try rig.vfpool("reconcile").stdout.contains("Nothing to do"))
        }
    }

    @Test func `a PF that was renamed`() throws {
        try Rig.with([.pf("eth3", vfs: 4)] + Self.pooled()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            try rig.rename("eth3", to: "ens3f0")
            let mended = try rig.vfpool("reconcile")
            #expect(mended.status == 0, "\(mended)")
            #expect(try rig.document(network: "vfpool-eth3").contains("<pf dev='ens3f0'/>"))
            #expect(try rig.virsh("start", "vm2").status == 0)
            try rig.reboot()
            #expect(try rig.vfpool("reconcile").status == 0)
            for name in ["vm1", "vm2", "vm3"] { #expect(try rig.virsh("start", name).status == 0) }
            #expect(try rig.problems(macs: Self.macs) == [])
        }
    }

    @Test func `another card in the slot is nobody's to hand out`() throws {
        try Rig.with([.pf("eth3", vfs: 4)] + Self.pooled()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try rig.document(network: "vfpool-eth3")
            try rig.replaceCard("eth3", mac: "a0:36:9f:aa:aa:aa")
            try rig.setVFs("eth3", 4)
            let seen = try rig.vfpool("reconcile")
            #expect(seen.status == 0 && seen.stderr.contains("another card"), "\(seen)")
            #expect(try rig.document(network: "vfpool-eth3") == before)
        }
    }

    @Test func `a guest that ended while the daemon was down`() throws {
        try Rig.with([.pf("eth3", vfs: 2)] + Self.pooled()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("start", name).status == 0) }
            try rig.daemon(.stop)
            #expect(try rig.sh("kill -9 $(cat /run/libvirt/qemu/vm1.pid)").status == 0)
            try rig.daemon(.start)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(try rig.problems(macs: Self.macs) == [])
        }
    }
}
