import TestSupport
import Testing

/// Cards whose switch is under the control of the host.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct SwitchdevFieldTests {
    ///
    @Test func `in switchdev mode representors are not PFs, and VLANs are told to be the switch's`() throws {
        try Rig.with(
            .pf(
                "enp9s0f0np0", vfs: 2, total: 8, bus: "09", driver: "mlx5_core", vfDriver: "mlx5_core",
                hardware: RigHardware {
                    $0 = .switchdev
                    $0.representors = "enp9s0f0npf0vf"
                }),
            .guest("g1", .pinned("enp9s0f0np0", 0, mac: OnRig.mac(1), inside: "<vlan><tag id='42'/></vlan>")),
            .guest("g2", .pinned("enp9s0f0np0", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            let representor = try rig.vfpool("create", "enp9s0f0npf0vf1", "--dry-run")
            #expect(representor.status == 1 && representor.stderr.contains("enp9s0f0np0"), "\(representor)")
            let created = try rig.vfpool("create", "enp9s0f0np0")
            #expect(created.status == 0 && created.stderr.contains("switchdev"), "\(created)")
            #expect(try rig.vfpool("doctor", "--problems").stdout.contains("switchdev"))
            let tagged = try rig.vfpool("bind", "g1")
            #expect(tagged.status == 1 || tagged.stderr.contains("switchdev"), "it can't start: \(tagged)")
            #expect(try rig.vfpool("bind", "g2").status == 0)
            #expect(try rig.virsh("start", "g2").status == 0)
            let set = try rig.vfpool(
                "create", "enp9s0f0np0", "--name", "other", "--vlan", "42", "--vfs", "0", "--dry-run")
            #expect(set.status == 1 || set.stderr.contains("switchdev"), "\(set)")
        }
    }

    @Test func `a representor is named as one, whatever is asked of it`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, total: 8, driver: "mlx5_core", vfDriver: "mlx5_core", hardware: .switchdev)
        ) { rig throws in
            for words in [
                ["create", "eth3r0"], ["resize", "eth3r1", "4"], ["boot", "eth3r0"], ["migrate", "--pf", "eth3r0"],
            ] {
                let refused = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(refused.status == 1 && refused.stderr.contains("error[is-representor]"), "\(words): \(refused)")
                #expect(refused.stderr.contains("eth3 is in switchdev mode"), "\(words): \(refused)")
            }
            #expect(try rig.vfpool("doctor", "eth3r0").stdout.contains("eth3"))
        }
    }

    @Test(arguments: ["bind", "migrate"]) func `a VLAN is warned of by every way to a pool`(_ command: String) throws {
        try Rig.with(
            .pf("eth3", vfs: 2, total: 8, driver: "mlx5_core", vfDriver: "mlx5_core", hardware: .switchdev),
            .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1), inside: "<vlan><tag id='42'/></vlan>")),
            .guest("g2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let tagged = try rig.vfpool(command, "g1", "--dry-run")
            #expect(tagged.stderr.contains("guest g1 can't start") && tagged.stderr.contains("VLAN 42"), "\(tagged)")
            let plain = try rig.vfpool(command, "g2", "--dry-run")
            #expect(plain.status == 0 && !plain.stderr.contains("can't start"), "\(plain)")
            let mode = try rig.vfpool("doctor").lines("eswitch-mode")
            #expect(mode.count == 1 && mode[0].hasPrefix("FAIL") && mode[0].contains("guest g1"), "\(mode)")
        }
    }

    @Test func `in legacy mode nothing is said`() throws {
        try Rig.with(
            .pf(
                "eth3", vfs: 2, driver: "mlx5_core", vfDriver: "mlx5_core",
                hardware: RigHardware {
                    $0 = .mlx5
                    $0.eswitch = "legacy"
                }),
            .pf("eth4", vfs: 2),
            .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1), inside: "<vlan><tag id='42'/></vlan>"))
        ) { rig throws in
            #expect(!(try rig.vfpool("create", "eth3", "--vlan", "42").stderr.contains("switchdev")))
            #expect(!(try rig.vfpool("bind", "g1").stderr.contains("switchdev")))
            let mode = try rig.vfpool("doctor").lines("eswitch-mode")
            #expect(mode.allSatisfy { $0.hasPrefix("PASS") }, "\(mode)")
            #expect(mode.contains { $0.contains("eth3") }, "\(mode)")
        }
    }
}
