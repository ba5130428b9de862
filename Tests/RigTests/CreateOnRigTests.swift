import TestSupport
import Testing

/// `vfpool create` and `delete` on a real libvirtd.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct CreateOnRigTests {
    @Test func `a pool of a PF that nobody uses is keyed to the PF`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let made = try rig.vfpool("create", "eth3")
            #expect(made.status == 0, "\(made)")
            let text = try rig.document(network: "vfpool-eth3")
            #expect(text.contains("<pf dev='eth3'/>"))
            #expect(text.contains("address=\"0000:03:00.0\"") && text.contains("a0:36:9f:03:00:00"))
            #expect(try rig.virsh("net-list", "--autostart", "--name").stdout.contains("vfpool-eth3"))
            #expect(try rig.state().network("vfpool-eth3")?.active == true)
            let again = try rig.vfpool("create", "eth3")
            #expect(again.status == 0 && again.stdout.contains("Nothing to do"), "\(again)")
            #expect(try rig.vfpool("create", "eth3", "--dry-run", "--exit-code").status == 0)
        }
    }

    @Test func `a PF is found by address and MAC too, and no other spelling changes its pool`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "0000:03:00.0").status == 0)
            #expect(try rig.vfpool("create", "a0:36:9f:03:00:00").stdout.contains("Nothing to do"))
        }
    }

    @Test func `what others hold is reserved in the live pool, and left out of the next start`() throws {
        try Rig.with(
            .pf(
                "eth3", vfs: 8,
                uses: [
                    .address(vf: 3, "192.0.2.1/24"), .bridge(vf: 4, "br9"), .vlan(vf: 5, "eth3v5.7"),
                    .program(vf: 6), .up(vf: 7),
                ]),
            .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2))),
            .guest("vm4", .network("vfpool-eth3", mac: OnRig.mac(4))),
            .guest("vm5", .network("vfpool-eth3", mac: OnRig.mac(5))),
            .guest("vm6", .network("vfpool-eth3", mac: OnRig.mac(6)))
        ) { rig throws in
            let made = try rig.vfpool("create", "eth3")
            #expect(made.status == 0, "\(made)")
            #expect(try rig.reserved("vfpool-eth3") == [0, 1, 3, 4, 5, 6].map(OnRig.vf))
            #expect(try rig.listed("vfpool-eth3") == 2)
            // VF 2 is free, and so is VF 7, whose netdev is merely up; then the pool is empty.
            #expect(try rig.virsh("start", "vm4").status == 0)
            #expect(try rig.virsh("start", "vm5").status == 0)
            #expect(try rig.virsh("start", "vm6").status != 0)
            #expect(try rig.state().guest("vm4")?.live.first?.vf == OnRig.vf(2))
            #expect(try rig.state().guest("vm5")?.live.first?.vf == OnRig.vf(7))
            #expect(try rig.virsh("start", "vm2").status == 0, "a pinned guest starts at any time")
            #expect(try rig.problems() == [])
            try rig.daemon(.restart)
            #expect(try rig.virsh("start", "vm6").status != 0)
            #expect(try rig.vfpool("create", "eth3").stdout.contains("Nothing to do"))
        }
    }

    @Test func `a PF with a VF in another namespace still gets its pool`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3, uses: [.otherNamespace(vf: 0)]),
            .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)))
        ) { rig throws in
            let made = try rig.vfpool("create", "eth3")
            #expect(made.status == 0, "\(made)")
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.state().guest("vm1")?.live.first?.vf == OnRig.vf(1))
        }
    }

    @Test func `two pools share a PF only with different VFs`() throws {
        try Rig.with(.pf("eth3", vfs: 8), .guest("vm1", .network("low", mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "--name", "low", "--vfs", "0-3").status == 0)
            let overlap = try rig.vfpool("create", "eth3", "--name", "high", "--vfs", "3-7")
            #expect(overlap.status == 1 && overlap.stderr.contains("error[overlapping-vfs]"), "\(overlap)")
            #expect(try rig.vfpool("create", "eth3", "--name", "high", "--exclude", "0-3", "--vlan", "7").status == 0)
            #expect(try rig.vfpool("create", "eth3").stderr.contains("error[pool-exists]"))
            #expect(try rig.listed("low") == 4 && rig.listed("high") == 4)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.state().guest("vm1")?.live.first?.vf == OnRig.vf(0))
        }
    }

    @Test(arguments: [
        (["create", "eth9"], "no-such-device"), (["create", "eth3v1"], "is-virtual-function"),
        (["create", "0000:03:10.2"], "is-virtual-function"), (["create", "lo"], "not-sriov-capable"),
        (["create", "eth4"], "no-vfs-enabled"), (["create", "eth3", "--name", "taken"], "name-taken"),
        (["create", "eth3", "--vlan", "4095"], "vlan-out-of-range"),
        (["create", "eth3", "--vlan", "0"], "vlan-out-of-range"),
        (["create", "eth3", "--portgroup", "a:default", "--portgroup", "b:default"], "several-default-portgroups"),
        (["create", "eth3", "--vfs", "2-9"], "no-such-vf"), (["delete", "nothing"], "no-such-pool"),
        (["delete", "taken"], "not-a-pool"), (["status", "nothing"], "no-such"),
    ])
    func `what can't be is refused before libvirt sees it`(_ words: [String], _ code: String) throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .pf("eth4", vfs: 0),
            .network(xml: "<network><name>taken</name></network>", active: false)
        ) { rig throws in
            let result = try rig.start([Rig.vfpool] + words).wait()
            #expect(result.status == 1 && result.stderr.contains("error[\(code)"), "\(result)")
            #expect(result.stderr.contains("hint: ") || code == "vlan-out-of-range", "\(result)")
            #expect(try rig.state().networks.map(\.name) == ["taken"])
        }
    }

    @Test func `a pool made by hand is adopted as it is`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .pool("eth3", named: "byhand"),
            .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
            .guest("vm2", .network("byhand", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").stderr.contains("error[pool-exists]"))
            let adopted = try rig.vfpool("create", "eth3", "--adopt")
            #expect(adopted.status == 0, "\(adopted)")
            #expect(try rig.reserved("byhand") == [OnRig.vf(0)])
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.problems() == [])
            #expect(try rig.vfpool("undo").status == 0)
            let text = try rig.document(network: "byhand")
            #expect(!text.contains("urn:vfpool"))
        }
    }

    @Test func `a pool in use is not deleted; one that is not leaves nothing`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm2").status == 0)
            let refused = try rig.vfpool("delete", "vfpool-eth3")
            #expect(
                refused.status == 1 && refused.stderr.contains("error[pool-in-use]") && refused.stderr.contains("vm2"))
            #expect(try rig.vfpool("unbind", "vm2").status == 0)
            #expect(try rig.vfpool("delete", "vfpool-eth3").status == 0)
            #expect(try rig.state().networks.isEmpty)
            #expect(try rig.vfpool("undo").status == 0, "and comes back")
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(0), OnRig.vf(1)])
        }
    }
}
