import TestSupport
import Testing

/// The VF count on a pretend kernel, under pools and guests of a real libvirtd.
@Suite(.enabled(if: Rig.missing == nil, "no rig here")) struct ResizeOnRigTests {
    private func count(_ rig: Rig, _ pf: String = "eth3") throws -> String {
        String(try rig.sh("cat /sys/class/net/\(pf)/device/sriov_numvfs").stdout.prefix { $0.isNumber })
    }

    @Test func `create makes the VFs first, and undo takes them away again`() throws {
        try Rig.with([.pf("eth3", vfs: 0), .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)))]) { rig throws in
            #expect(try rig.vfpool("create", "eth3").stderr.contains("create eth3 --vfs-count 8"))
            let made = try rig.vfpool("create", "eth3", "--vfs-count", "4")
            #expect(made.status == 0 && made.stdout.contains("4 VFs of eth3"), "\(made)")
            #expect(try count(rig) == "4")
            #expect(try rig.virsh("start", "vm1").status == 0)
            let refused = try rig.vfpool("undo")
            #expect(refused.status == 1, "\(refused)")
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try rig.virsh("undefine", "vm1").status == 0)
            let undone = try rig.vfpool("undo")
            #expect(undone.status == 0, "\(undone)")
            #expect(try count(rig) == "0" && rig.state().networks.isEmpty)
        }
    }

    @Test func `pools follow, and nobody's VF is taken away`() throws {
        try Rig.with(OnRig.usual(vfs: 4) + [.guest("vm4", .network("vfpool-eth3", mac: OnRig.mac(4)))]) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let refused = try rig.vfpool("resize", "eth3", "8")
            #expect(refused.status == 1 && refused.stderr.contains("error[vf-in-use]"), "\(refused)")
            #expect(refused.stderr.contains("VF 0: guest vm1") && refused.stderr.contains("virsh shutdown vm1"))
            #expect(try count(rig) == "4")
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            let grown = try rig.vfpool("resize", "eth3", "8")
            #expect(grown.status == 0 && grown.stdout.contains("pool vfpool-eth3 restarted"), "\(grown)")
            #expect(try count(rig) == "8")
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(0), OnRig.vf(1)], "who is off finds its VF again")
            #expect(try rig.virsh("start", "vm4").status == 0 && rig.virsh("start", "vm1").status == 0)
            #expect(try rig.problems() == [])
            #expect(try rig.vfpool("resize", "eth3", "2").status == 1)
            #expect(try rig.vfpool("resize", "eth3", "64").stderr.contains("error[too-many-vfs]"))
            for guest in ["vm1", "vm4"] { #expect(try rig.virsh("destroy", guest).status == 0) }
            let undone = try rig.vfpool("undo")
            #expect(undone.status == 0, "\(undone)")
            #expect(try count(rig) == "4")
            #expect(try rig.problems() == [])
        }
    }

    @Test func `what the host's drivers get is asked of the kernel`() throws {
        try Rig.with(.pf("eth3", vfs: 0)) { rig throws in
            let made = try rig.vfpool("resize", "eth3", "2", "--no-host-driver")
            #expect(made.status == 0, "\(made)")
            #expect(try rig.sh("cat /sys/class/net/eth3/device/sriov_drivers_autoprobe").stdout.hasPrefix("0"))
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.sh("cat /sys/class/net/eth3/device/sriov_drivers_autoprobe").stdout.hasPrefix("1"))
            #expect(try count(rig) == "0")
        }
    }
}
