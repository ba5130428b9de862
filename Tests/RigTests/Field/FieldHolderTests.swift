import TestSupport
import Testing

/// One VF, one holder: who holds VFs in ways that are easily overlooked.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FieldHolderTests {
    /// Guests with `-device vfio-pci` on QEMU's command line, in each of the ways to write it.
    static let byHand: [RigPart] =
        [
            "vfio-pci,host=03:10.0,id=net9", "vfio-pci,host=0000:03:10.2",
            "vfio-pci,id=a,sysfsdev=/sys/bus/pci/devices/0000:03:10.4",
            "{&quot;driver&quot;:&quot;vfio-pci&quot;,&quot;host&quot;:&quot;0000:03:10.6&quot;,&quot;id&quot;:&quot;b&quot;}",
        ].enumerated().map { number, device in
            Field.guest(
                "byhand\(number)", "",
                beside: """
                    <qemu:commandline><qemu:arg value='-device'/><qemu:arg value='\(device)'/></qemu:commandline>
                    """, namespaces: " xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'")
        }

    @Test func `a VF on QEMU's command line is a pin`() throws {
        try Rig.with(
            [.pf("eth3", vfs: 5, vfDriver: "vfio-pci"), .guest("other", .bridge("br0", mac: OnRig.mac(9)))]
                + Self.byHand
        ) { rig throws in
            let created = try rig.vfpool("create", "eth3")
            #expect(created.status == 0, "\(created)")
            #expect(try rig.reserved("vfpool-eth3") == (0...3).map(OnRig.vf))
            for number in 0...3 { #expect(created.stderr.contains("stays with guest byhand\(number)"), "\(created)") }
            let status = try rig.vfpool("status")
            #expect(status.lines("byhand0").count == 1, "\(status)")
            #expect(try rig.vfpool("doctor").stdout.contains("byhand0"))
            let sweep = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(sweep.stderr.contains("byhand0"), "it can't be moved, and is not passed over in silence: \(sweep)")
            #expect(try rig.vfpool("bind", "other", "--pool", "vfpool-eth3").status == 0)
            #expect(try rig.virsh("start", "other").status == 0)
            #expect(try rig.state().guest("other")?.live.map(\.vf) == [OnRig.vf(4)])
            for number in 0...3 { #expect(try rig.virsh("start", "byhand\(number)").status == 0) }
            #expect(
                try rig.vfpool("status").lines("byhand0").count == 1, "running, it is still the guest, not the host")
            #expect(try rig.vfpool("reconcile").stdout.contains("Nothing to do"))
        }
    }

    @Test func `a VF whose RDMA or vdpa device is in use is held`() throws {
        try Rig.with(
            .pf(
                "eth3", vfs: 5, driver: "mlx5_core", vfDriver: "mlx5_core",
                uses: [
                    .rdma(vf: 0), .vhostVDPA(vf: 1, holder: "qemu-vdpa"), .virtioVDPA(vf: 2, "vdpa1", netdev: "vnet7"),
                ],
                hardware: RigHardware {
                    $0 = .mlx5
                    ($0.offset, $0.stride, $0.rdma) = (128, 2, true)
                }),
            .guest("vm1", .bridge("br0", mac: OnRig.mac(1)))
        ) { rig throws in
            let created = try rig.vfpool("create", "eth3")
            #expect(created.status == 0, "\(created)")
            #expect(try rig.reserved("vfpool-eth3") == (0...2).map(OnRig.vf))
            for word in ["ib_write_bw", "vdpa0", "vdpa1"] { #expect(created.stderr.contains(word), "\(created)") }
            #expect(try rig.vfpool("status").lines("host").count >= 3)
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.state().guest("vm1")?.live.map(\.vf) == [OnRig.vf(3)])
        }
    }

    /// A guest that is to have the vdpa device is its holder, running or not.
    @Test func `a guest's vdpa device is a pin of its VF`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, driver: "mlx5_core", vfDriver: "mlx5_core", uses: [.vhostVDPA(vf: 1)]),
            .guest("vd", .vdpa("/dev/vhost-vdpa-0", mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(1)])
            #expect(try rig.vfpool("status").lines("vd").count == 1)
        }
    }

    @Test func `no pool is made of a PF that a guest is to have itself without a word`() throws {
        let whole = """
            <hostdev mode='subsystem' type='pci' managed='yes'><source>
            <address domain='0x0000' bus='0x03' slot='0x00' function='0x0'/></source></hostdev>
            """
        try Rig.with(.pf("eth3", vfs: 0), .guest("kim", inside: whole)) { rig throws in
            let created = try rig.vfpool("create", "eth3", "--vfs-count", "2", "--dry-run")
            #expect(created.stderr.contains("guest kim") && created.stderr.contains("eth3"), "\(created)")
        }
    }
}
