import TestSupport
import Testing

/// Cards that are not as others.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FieldCardTests {
    @Test func `a card with two PFs at one function has one pool, whichever netdev is named`() throws {
        try Rig.with(
            .pf(
                "enp4s0", vfs: 4, total: 16, bus: "04", mac: "00:02:c9:1e:b4:60", driver: "mlx4_core",
                vfDriver: "mlx4_core", adminMACs: [0: "00:52:44:11:22:33"], hardware: .mlx4(second: "enp4s0d1")),
            .netdev("enp4s0d1", says: ["phys_port_id": "0002c91eb461"]),
            .netdev("enp4s0", says: ["phys_port_id": "0002c91eb460"]),
            .netdev("enp4s0v0", says: ["phys_port_id": "0002c91eb460"]),
            .netdev("enp4s0v1", says: ["phys_port_id": "0002c91eb460"]),
            .netdev("enp4s0v2", says: ["phys_port_id": "0002c91eb460"]),
            .netdev("enp4s0v3", says: ["phys_port_id": "0002c91eb460"]),
            .guest("plain1", .hostdev("enp4s0", 0)), .guest("plain2", .hostdev("enp4s0", 1)),
            .guest("pin3", .pinned("enp4s0", 2, mac: OnRig.mac(3)), running: true)
        ) { rig throws in
            #expect(try rig.vfpool("create", "enp4s0d1", "-q").stdout == "vfpool-enp4s0\n")
            #expect(try rig.reserved("vfpool-enp4s0") == ["0000:04:00.1", "0000:04:00.2", "0000:04:00.3"])
            #expect(try rig.vfpool("create", "enp4s0").stdout.contains("Nothing to do"))
            #expect(try rig.vfpool("bind", "plain1").status == 0)
            let document = try rig.document(guest: "plain1")
            #expect(document.contains("00:52:44:11:22:33") && !document.contains("<vlan>"))
            #expect(try rig.virsh("start", "plain1").status == 0)
            #expect(try rig.problems(macs: ["plain1": ["00:52:44:11:22:33"], "pin3": [OnRig.mac(3)]]) == [])
            let unknown = try rig.vfpool("bind", "plain2")
            #expect(unknown.status == 1 && unknown.stderr.contains("error[no-mac]"), "\(unknown)")
        }
    }

    @Test func `a PF without a netdev has no pool, and says why`() throws {
        try Rig.with(
            .pf(
                "nodpdk", vfs: 2, total: 8, driver: "vfio-pci", vfDriver: "vfio-pci",
                hardware: RigHardware { $0.netdev = false }),
            .pf(
                "eth5", vfs: 2, total: 8, bus: "05", driver: "virtio-pci", vfDriver: "virtio-pci",
                hardware: RigHardware { $0.netBelow = "/virtio3" }),
            .guest("tok", .hostdev("nodpdk", 0)), .guest("vio", .hostdev("eth5", 0))
        ) { rig throws in
            for name in ["0000:03:00.0", "0000:05:00.0", "eth5"] {
                let refused = try rig.vfpool("create", name)
                #expect(refused.status == 1 && refused.stderr.contains("error[not-network-device]"), "\(refused)")
            }
            let bound = try rig.vfpool("create", "0000:03:00.0").stderr
            #expect(bound.contains("`virsh nodedev-reattach pci_0000_03_00_0`"), "\(bound)")
            let below = try rig.vfpool("create", "eth5").stderr
            #expect(below.contains("cause: it is a virtio device, whose netdev is not where libvirt looks"), "\(below)")
            let status = try rig.vfpool("status").stderr
            #expect(status.contains("0000:03:00.0 has 2 VFs and no pool: it is bound to vfio-pci"), "\(status)")
            #expect(status.contains("0000:05:00.0 has 2 VFs and no pool: it is a virtio device"), "\(status)")
            let left = try rig.vfpool(
                "migrate", "--all", "--create-pools", "--dry-run", "--mac", "tok:0000:03:10.0=\(OnRig.mac(1))", "--mac",
                "vio:0000:05:10.0=\(OnRig.mac(2))")
            #expect(left.status == 0 && left.stdout.contains("No guest to migrate: 2 guests left out"), "\(left)")
            for guest in ["tok", "vio"] {
                #expect(left.stderr.contains("guest \(guest) is left out [not-network-device]"), "\(left)")
            }
            let driver = try rig.vfpool("doctor", "0000:03:00.0").lines("pf-driver")
            #expect(driver.count == 1 && driver[0].hasPrefix("FAIL") && driver[0].contains("bound to vfio-pci"))
        }
    }

    @Test func `a management function without a MAC has a pool that works`() throws {
        try Rig.with(
            .pf(
                "mgmtpf00", vfs: 4, total: 16, driver: "cxgb4", vfDriver: "cxgb4vf",
                hardware: RigHardware {
                    ($0.vendor, $0.device, $0.vfDevice, $0.offset, $0.stride) = (0x1425, 0x5401, 0x5801, 8, 4)
                    ($0.tun, $0.vfPrefix) = (true, "enp3s1f")
                }),
            .pf(
                "enp3s0f4", vfs: 0, total: 0, bus: "03", driver: "cxgb4",
                hardware: RigHardware {
                    ($0.function, $0.extraNetdevs) = (4, [RigHardware.Netdev("enp3s0f4d1")])
                }),
            .guest("g1", .pinned("mgmtpf00", 0, mac: OnRig.mac(1))),
            .guest("g2", .pinned("mgmtpf00", 1, mac: OnRig.mac(2)), running: true)
        ) { rig throws in
            #expect(try rig.vfpool("create", "mgmtpf00").status == 0)
            #expect(try rig.vfpool("bind", "g1").status == 0)
            #expect(try rig.virsh("start", "g1").status == 0)
            #expect(try rig.problems(macs: ["g1": [OnRig.mac(1)], "g2": [OnRig.mac(2)]]) == [])
            #expect(try rig.vfpool("create", "enp3s0f4").status == 1)
        }
    }

    @Test func `a PF in another network namespace is said to be one, and the other PF's pool works`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pf("eth4", vfs: 2), .pool("eth4", autostart: true),
            .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1)))
        ) { rig throws in
            _ = try rig.start(["unshare", "--net", "sh", "-c", "echo $$ > /run/container; exec sleep 3600"])
            #expect(try eventually { try rig.sh("test -s /run/container").status == 0 })
            #expect(try rig.sh("ip link set eth3 netns $(cat /run/container)").status == 0)
            let refused = try rig.vfpool("create", "0000:03:00.0")
            #expect(refused.status == 1 && refused.stderr.contains("error[not-network-device]"), "\(refused)")
            #expect(refused.stderr.contains("another network namespace"), "\(refused)")
            #expect(try rig.vfpool("status").stderr.contains("it has the driver ixgbe, but no netdev here"))
            let doctor = try rig.vfpool("doctor")
            let line = doctor.lines("pf-driver").first { $0.contains("0000:03:00.0") }
            #expect(line?.hasPrefix("FAIL") == true && doctor.stdout.contains("another network namespace"), "\(doctor)")
            #expect(try rig.vfpool("create", "eth4", "--adopt", "--name", "eth4").status == 0)
            #expect(try rig.state().network("eth4")?.active == true)
        }
    }
}
