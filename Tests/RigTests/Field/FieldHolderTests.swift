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
            for number in 0...3 { #expect(created.stderr.contains("guest byhand\(number)"), "\(created)") }
            let status = try rig.vfpool("status")
            #expect(status.lines("byhand0").count == 1, "\(status)")
            #expect(try rig.vfpool("doctor").stdout.contains("byhand0"))
            let sweep = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(sweep.stdout == "No guest to migrate: 4 guests with a VF that migrate can't change\n", "\(sweep)")
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

    static let passthrough =
        "<network><name>mvtap</name><forward mode='passthrough'><pf dev='eth3'/></forward></network>"

    @Test func `a network that hands out macvtaps over VFs is seen for what it is`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: Self.passthrough, autostart: true),
            .guest("mv1", .network("mvtap", mac: OnRig.mac(9), inside: "<model type='virtio'/>"), running: true)
        ) { rig throws in
            let created = try rig.vfpool("create", "eth3")
            #expect(created.stderr.contains("network mvtap") && created.stderr.contains("hint:"), "\(created)")
            let status = try rig.vfpool("status", "eth3")
            #expect(status.lines("mv1").count == 1, "who has VF 0 of it now: \(status)")
            let sweep = try rig.vfpool("migrate", "--all", "--create-pools", "--include-macvtap", "--dry-run")
            #expect(sweep.stdout.contains("~ guest mv1") || sweep.stderr.contains("mv1"), "\(sweep)")
            let kept = try rig.vfpool("migrate", "--all", "--create-pools", "--dry-run")
            #expect(kept.stderr.contains("mv1") && kept.stderr.contains("--include-macvtap"), "\(kept)")
        }
    }

    /// Neither running nor starting at boot, it takes nothing.
    @Test func `a passthrough network that is stopped for good holds no VF`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .network(xml: Self.passthrough, autostart: true)) { rig throws in
            _ = try rig.vfpool("create", "eth3")
            #expect(try rig.sh("virsh net-destroy mvtap && virsh net-autostart --disable mvtap").status == 0)
            _ = try rig.vfpool("create", "eth3")
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.reserved("vfpool-eth3") == [])
            #expect(try rig.listed("vfpool-eth3") == 0, "its next start hands out every VF")
        }
    }

    @Test func `a macvtap over a VF that is only to come is a pin of it`() throws {
        try Rig.with(
            .pf("eth3", vfs: 0), .guest("mv", .macvtap("eth3v1", mac: OnRig.mac(1), mode: "passthrough"))
        ) { rig throws in
            let created = try rig.vfpool("create", "eth3", "--vfs-count", "4")
            #expect(created.status == 0, "\(created)")
            #expect(try rig.reserved("vfpool-eth3") == [OnRig.vf(1)], "\(created)")
            #expect(try rig.listed("vfpool-eth3") == 3)
            #expect(try rig.vfpool("reconcile").stdout.contains("Nothing to do"))
        }
        // And at each boot, when its VFs are there again.
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("mv", .macvtap("eth3v1", mac: OnRig.mac(1), mode: "passthrough"))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            try rig.reboot(vfs: .none)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.listed("vfpool-eth3") == 3, "VF 1 is still the guest's: it has to be back only")
        }
    }

    /// A card that was moved, or a bus that was numbered anew.
    @Test func `a fixed VF that is not there is said to be missing`() throws {
        let pin = { (name: String, address: String, mac: String) in
            RigPart.guest(
                name,
                inside: """
                    <interface type='hostdev' managed='yes'><mac address='\(mac)'/><source>\(address)</source></interface>
                    """)
        }
        try Rig.with(
            .pf("eth3", vfs: 2),
            pin("pin", "<address type='pci' domain='0' bus='0x03' slot='0x10' function='6'/>", OnRig.mac(1)),
            pin("gone", "<address type='pci' domain='0' bus='0x07' slot='0x10' function='0'/>", OnRig.mac(2))
        ) { rig throws in
            let created = try rig.vfpool("create", "eth3")
            #expect(created.status == 0)
            let status = try rig.vfpool("status")
            for (guest, address) in [("pin", "0000:03:10.6"), ("gone", "0000:07:10.0")] {
                #expect(status.stderr.contains(guest) && status.stderr.contains(address), "\(status)")
                #expect(try rig.vfpool("doctor").stdout.contains("guest \(guest)"), "it can't start")
                let bound = try rig.vfpool("bind", guest)
                #expect(bound.status == 1 && bound.stderr.contains("error[no-such-vf]"), "\(bound)")
                #expect(!bound.stderr.contains("`vfpool create its port`"), "\(bound)")
            }
        }
    }

    /// A host that is itself a guest, or a partition of a larger machine.
    @Test func `VFs without their PF are said to be such`() throws {
        let vfs = (0...1).map { "/bus/pci/devices/0000:03:10.\($0 * 2)/physfn" }
        let pf = "/bus/pci/devices/0000:03:00.0/"
        let gone = vfs + ["sriov_totalvfs", "sriov_numvfs", "virtfn0", "virtfn1"].map { pf + $0 }
        try Rig.with(
            [.pf("eth3", vfs: 2), .guest("nested", .pinned("eth3", 0, mac: OnRig.mac(1)))]
                + gone.map { RigPart.sys($0, nil) }
        ) { rig throws in
            let status = try rig.vfpool("status", "nested")
            #expect(status.status == 0 && status.stdout.contains("VF 0000:03:10.0"), "\(status)")
            for name in ["eth3v0", "0000:03:10.0"] {
                let refused = try rig.vfpool("create", name)
                #expect(refused.status == 1, "\(refused)")
                #expect(
                    !refused.stderr.contains("has SR-IOV off") && !refused.stderr.contains("firmware"), "\(refused)")
            }
            let left = try rig.vfpool("migrate", "--all", "--create-pools", "--dry-run")
            #expect(left.stderr.contains("guest nested is left out"), "\(left)")
        }
    }

    @Test func `a pool that another tool defined anew is seen, and mended`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .guest("pinned", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("other", .network("vfpool-eth3", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let uuid = try rig.virsh("net-uuid", "vfpool-eth3").stdout.split(separator: "\n").joined()
            let anew = """
                <network><name>vfpool-eth3</name><uuid>\(uuid)</uuid>
                <forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network>
                """
            #expect(try rig.run("virsh", "net-define", "/dev/stdin", input: anew).status == 0)
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("vfpool-eth3") && status.stderr.contains("--adopt"), "\(status)")
            let doctor = try rig.vfpool("doctor", "--problems")
            #expect(doctor.stdout.contains("vfpool-eth3") && doctor.stdout.contains("--adopt"), "\(doctor)")
            let reconciled = try rig.vfpool("reconcile")
            #expect(
                !reconciled.stdout.contains("Nothing to do") || reconciled.stderr.contains("vfpool-eth3"),
                "\(reconciled)")
            #expect(try rig.vfpool("create", "eth3", "--adopt", "--name", "vfpool-eth3").status == 0)
            #expect(try rig.listed("vfpool-eth3") == 1)
            #expect(try rig.sh("virsh net-destroy vfpool-eth3; virsh net-start vfpool-eth3").status == 0)
            for guest in ["other", "pinned"] { #expect(try rig.virsh("start", guest).status == 0, "\(guest)") }
            #expect(try rig.problems() == [])
        }
    }
}
