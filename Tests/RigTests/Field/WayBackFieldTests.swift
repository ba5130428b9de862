import TestSupport
import Testing

/// The way back from a pool says what the way there says.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct WayBackFieldTests {
    @Test func `back to a bridge that is gone is said, by unbind and by undo`() throws {
        try Rig.with(.pf("eth3", vfs: 3), .guest("g1", .bridge("br0", mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "g1", "--pool", "vfpool-eth3").status == 0)
            let missing = "there is no Linux bridge br0 on this host"
            for words in [["unbind", "g1"], ["undo"], ["unbind", "g1", "--to-bridge", "br0"]] {
                let said = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(said.status == 0 && said.stderr.contains(missing), "\(words): \(said)")
            }
            #expect(try rig.sh("ip link add br0 type bridge").status == 0)
            for words in [["unbind", "g1"], ["undo"], ["unbind", "g1", "--to-bridge", "br0"]] {
                let said = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(said.status == 0 && !said.stderr.contains("Linux bridge"), "\(words): \(said)")
            }
        }
    }

    /// Cisco's VM-FEX and the like: the switch knows the guest by its profile.
    @Test func `a virtualport that the pool gave is said to be lost`() throws {
        try Rig.with(.pf("eth3", vfs: 3), .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "g1").status == 0)
            let script = """
                virsh net-dumpxml --inactive vfpool-eth3 \
                | sed -e "s,</network>,<virtualport type='802.1Qbh'><parameters profileid='web'/></virtualport></network>," \
                > /tmp/n.xml && virsh net-define /tmp/n.xml
                """
            #expect(try rig.sh(script).status == 0)
            for words in [["unbind", "g1"], ["undo"]] {
                let said = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(said.stderr.contains("without the virtualport 802.1Qbh"), "\(words): \(said)")
            }
            let carried = try rig.vfpool("unbind", "g1", "--to-vf", "eth3:1", "--dry-run")
            #expect(carried.status == 0 && carried.stdout.contains("profileid"), "\(carried)")
        }
    }

    @Test func `set says what bind says of a saved guest, a pool with a trunk, and a card in switchdev mode`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3), .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .pf(
                "enp9s0f0np0", vfs: 2, total: 8, bus: "09", driver: "mlx5_core", vfDriver: "mlx5_core",
                hardware: .switchdev)
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "g1").status == 0)
            let script = """
                virsh net-dumpxml --inactive vfpool-eth3 \
                | sed -e "s,</network>,<vlan trunk='yes'><tag id='3'/><tag id='4'/></vlan></network>," > /tmp/n.xml
                virsh net-define /tmp/n.xml
                """
            #expect(try rig.sh(script).status == 0)
            for target in ["g1", "vfpool-eth3"] {
                let said = try rig.vfpool("set", target, "--trust", "on", "--dry-run")
                #expect(said.stderr.contains("no guest can start on pool vfpool-eth3"), "\(said)")
            }
            let created = try rig.vfpool("create", "enp9s0f0np0", "--trust", "on")
            #expect(created.stderr.contains("switchdev"), "\(created)")
            let set = try rig.vfpool("set", "vfpool-enp9s0f0np0", "--spoof-check", "off", "--dry-run")
            #expect(set.stderr.contains("is in switchdev mode"), "\(set)")
            let rate = try rig.vfpool("set", "vfpool-enp9s0f0np0", "--max-rate", "100", "--dry-run")
            #expect(!rate.stderr.contains("switchdev"), "\(rate)")
        }
    }

    @Test func `what QEMU's command line hides is said to be unknown`() throws {
        let namespace = " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'"
        func line(_ words: String...) -> String {
            "<qemu:commandline>\(words.map { "<qemu:arg value='\($0)'/>" }.joined())</qemu:commandline>"
        }
        try Rig.with(
            .pf("eth3", vfs: 3),
            Field.guest("file", "", beside: line("-readconfig", "/etc/qemu/vfio.cfg"), namespaces: namespace),
            Field.guest("open", "", beside: line("-device", "vfio-pci,fd=21"), namespaces: namespace),
            Field.guest("plain", "", beside: line("-device", "e1000e"), namespaces: namespace)
        ) { rig throws in
            let created = try rig.vfpool("create", "eth3")
            let status = try rig.vfpool("status")
            for said in [created, status] {
                #expect(said.stderr.contains("what guest file takes by \"-readconfig /etc/qemu/vfio.cfg\""), "\(said)")
                #expect(said.stderr.contains("what guest open takes by \"-device vfio-pci,fd=21\""), "\(said)")
                #expect(!said.stderr.contains("guest plain takes"), "\(said)")
            }
            let doctor = try rig.vfpool("doctor")
            #expect(doctor.lines("vf-protected").first?.hasPrefix("?") == true, "\(doctor)")
            #expect(doctor.lines("reading").contains { $0.hasPrefix("?") && $0.contains("guest open") }, "\(doctor)")
        }
    }
}
