import TestSupport
import Testing

/// Networks that leave it to the host to give VFs to VFIO.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct UnmanagedFieldTests {
    @Test func `a network without managed works where the host gives VFs to VFIO itself`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4, hardware: RigHardware { $0.vfDriverOverride = "vfio-pci" }),
            .pool("eth3", named: "nn", autostart: true, managed: false),
            .guest("g1", .network("nn", mac: OnRig.mac(1)), running: true),
            .guest("g2", .pinned("eth3", 2, mac: OnRig.mac(2), managed: false))
        ) { rig throws in
            let settings = try rig.vfpool("doctor").lines("pool-settings")
            #expect(settings.first?.hasPrefix("FAIL") == false, "g1 runs on it: \(settings)")
            let adopted = try rig.vfpool("create", "eth3", "--adopt", "--name", "nn")
            #expect(adopted.status == 0, "\(adopted)")
            #expect(try rig.document(network: "nn").contains("managed='no'"), "it stays so")
            #expect(try rig.reserved("nn").contains(OnRig.vf(2)))
            let bound = try rig.vfpool("bind", "g2", "--pool", "nn")
            #expect(bound.status == 0 && !bound.stderr.contains("on a pool it does"), "\(bound)")
            #expect(try rig.virsh("start", "g2").status == 0)
            #expect(try rig.problems(macs: ["g1": [OnRig.mac(1)], "g2": [OnRig.mac(2)]]) == [])
        }
    }

    /// where they are not, it is as it was.
    @Test func `without managed, and VFs with a driver of the host's, no guest can start`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .pool("eth3", named: "nn", managed: false)) { rig throws in
            #expect(try rig.vfpool("doctor").lines("pool-settings").first?.hasPrefix("FAIL") == true)
            #expect(try rig.vfpool("create", "eth3", "--adopt", "--name", "nn").status == 1)
        }
    }

    @Test func `some VFs with a driver of the host's are named, and the way back is as it was`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3, hardware: RigHardware { $0.vfDriverOverride = "vfio-pci" }),
            .pool("eth3", named: "nn", autostart: true, managed: false),
            .guest("yes", .pinned("eth3", 2, mac: OnRig.mac(1))), .guest("no", .network("nn", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "--adopt", "--name", "nn").status == 0)
            let bound = try rig.vfpool("bind", "yes")
            #expect(bound.status == 0 && bound.stderr.contains("managed='no'"), "\(bound)")
            #expect(try rig.vfpool("unbind", "no", "--to-vf", "0000:03:10.0", "--yes").status == 0)
            #expect(!(try rig.document(guest: "no").contains("managed='yes'")))
            #expect(try rig.virsh("start", "no").status == 0)
            #expect(try rig.virsh("destroy", "no").status == 0)
            let away =
                "echo 0000:03:10.2 > /sys/bus/pci/drivers/vfio-pci/unbind; echo > /sys/bus/pci/devices/0000:03:10.2/driver_override; echo 0000:03:10.2 > /sys/bus/pci/drivers_probe"
            #expect(try rig.sh(away).status == 0)
            let settings = try rig.vfpool("doctor").lines("pool-settings")
            #expect(settings.first?.hasPrefix("FAIL") == true && settings[0].contains("VF 1 "), "\(settings)")
        }
    }
}
