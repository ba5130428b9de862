import TestSupport
import Testing

/// The cards that a rig can have, and what stands beside the driver's netdev.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RigHardwareTests {
    static func mac(_ number: Int) -> String { RigSelfTests.mac(number) }

    @Test func `the functions of a card have VFs of their own`() throws {
        try Rig.with(
            .pf("p4p1", vfs: 2, bus: "04", hardware: RigHardware { $0.stride = 4 }),
            .pf(
                "p4p2", vfs: 2, bus: "04",
                hardware: RigHardware {
                    $0.function = 1
                    $0.stride = 4
                }),
            .pool("p4p2"), .guest("vm1", .network("p4p2", mac: Self.mac(1)), running: true)
        ) { rig throws in
            let state = try rig.state()
            #expect(state.pf("p4p1")?.vfs.map(\.address) == ["0000:04:10.0", "0000:04:10.4"])
            #expect(state.pf("p4p2")?.vfs.map(\.address) == ["0000:04:10.1", "0000:04:10.5"])
            #expect(state.problems(macs: ["vm1": [Self.mac(1)]]) == [])
            let above = try rig.sh("for p in p4p1 p4p2; do readlink -f /sys/class/net/$p/device/..; done | uniq").stdout
            #expect(above == "/sys/devices/pci0000:00/0000:00:01.0\n")
        }
    }

    @Test func `one function has two netdevs, and its driver its own way to say no VLAN`() throws {
        try Rig.with(.pf("enp4s0", vfs: 1, bus: "04", driver: "mlx4_core", hardware: .mlx4(second: "enp4s0d1"))) {
            rig throws in
            #expect(try rig.sh("ls /sys/bus/pci/devices/0000:04:00.0/net").stdout == "enp4s0\nenp4s0d1\n")
            #expect(try rig.sh("cat /sys/class/net/enp4s0*/dev_port").stdout.hasPrefix("0\n1\n"))
            #expect(try rig.sh("ip link show enp4s0").stdout.contains("vlan 4095, spoof checking off"))
            try rig.reboot()
            #expect(try rig.state().pf("enp4s0")?.vfs.map(\.vlan) == [4095])
        }
    }

    @Test func `VFs of a card have two netdevs each`() throws {
        try Rig.with(.pf("eth3", vfs: 1, hardware: RigHardware { $0.vfNetdevs = 2 })) { rig throws in
            #expect(try rig.sh("ls /sys/bus/pci/devices/0000:03:10.0/net").stdout == "eth3v0\neth3v0d1\n")
            #expect(try rig.virsh("nodedev-detach", "pci_0000_03_10_0").status == 0)
            #expect(try rig.sh("ls /sys/class/net").stdout == "eth3\nlo\n")
        }
    }

    @Test func `an InfiniBand PF has long addresses, and its VFs take no MAC`() throws {
        try Rig.with(
            .pf("ibp1s0", vfs: 1, bus: "01", hardware: .infiniband), .pool("ibp1s0"),
            .guest("vm1", .network("ibp1s0", mac: Self.mac(1)))
        ) { rig throws in
            let files = try rig.sh("cd /sys/class/net/ibp1s0; cat type addr_len address device/class").stdout
            let address = "80:00:00:20:fe:80:00:00:00:00:00:00:a0:36:9f:03:00:01:00:00"
            #expect(files == "32\n20\n\(address)\n0x020700\n")
            let shown = try rig.sh("ip link show ibp1s0; ip link show ibp1s0v0").stdout
            #expect(shown.contains("link/infiniband \(address)") && shown.contains("link/infiniband 80:00:00:40:"))
            #expect(try rig.run("ip", "link", "set", "ibp1s0", "vf", "0", "mac", Self.mac(1)).status != 0)
            #expect(try rig.virsh("start", "vm1").status != 0)
        }
    }

    @Test func `in switchdev mode each VF has a representor, and devlink says so`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, driver: "mlx5_core", hardware: .switchdev), .pool("eth3"),
            .guest("vm1", .network("eth3", mac: Self.mac(1))),
            .guest("vm2", .network("eth3", mac: Self.mac(2), inside: "<vlan><tag id='42'/></vlan>"))
        ) { rig throws in
            let eswitch = { (words: String) in try rig.sh("devlink dev eswitch \(words)") }
            #expect(try eswitch("show pci/0000:03:00.0").stdout.contains("mode switchdev"))
            #expect(try rig.sh("ls /sys/bus/pci/devices/0000:03:00.0/net").stdout == "eth3\neth3r0\neth3r1\n")
            let files = "cd /sys/class/net; cat eth3/phys_port_name eth3r1/phys_port_name eth3r1/phys_switch_id"
            #expect(try rig.sh(files).stdout == "p0\npf0vf1\na0369f030000\n")
            let representor = try rig.sh("ip -d link show eth3r1").stdout
            #expect(representor.contains("portname pf0vf1 switchid a0369f030000") && !representor.contains("vf 0"))
            let pfs = try rig.sh("devlink port show").stdout
            #expect(pfs.contains("netdev eth3 flavour physical port 0"))
            #expect(pfs.contains("netdev eth3r1 flavour pcivf controller 0 pfnum 0 vfnum 1"))
            // mlx5 takes no VLAN of a VF then, but 0, which libvirt sets where there is none.
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.virsh("start", "vm2").status != 0)
            #expect(try eswitch("set pci/0000:03:00.0 mode legacy").status == 0)
            #expect(try eswitch("show pci/0000:03:00.0").stdout.contains("mode legacy"))
            #expect(try rig.sh("ls -d /sys/class/net/eth3r*").status != 0)
            #expect(try rig.virsh("start", "vm2").status == 0)
            try rig.reboot()
            #expect(try eswitch("show pci/0000:03:00.0").stdout.contains("mode switchdev"))
        }
        try Rig.with(.pf("eth3", vfs: 1)) { rig throws in
            #expect(try rig.sh("devlink dev show").stdout == "", "a card that devlink does not know")
        }
    }

    @Test func `devlink and debugfs tell whether VFs can be handed over`() throws {
        let card = RigHardware {
            $0 = .switchdev
            ($0.migratable, $0.vfioDebugfs, $0.vfDriverOverride) = ([true, false], true, "mlx5_vfio_pci")
        }
        try Rig.with(.pf("eth3", vfs: 2, driver: "mlx5_core", hardware: card)) { rig throws in
            let pfs = try rig.sh("devlink port show").stdout
            #expect(pfs.contains("hw_addr 00:00:00:00:00:00"), "\(pfs)")
            let debug = "/sys/kernel/debug/vfio"
            #expect(try rig.sh("ls -d \(debug)/*/migration | wc -l").stdout == "2\n")
            let vf = "/sys/bus/pci/devices/0000:03:00.2"
            #expect(try rig.sh("echo 0000:03:00.2 > \(vf)/driver/unbind").status == 0)
            #expect(try rig.sh("ls \(debug)").stdout == "0000:03:00.3\n")
            #expect(try rig.sh("echo vfio-pci > \(vf)/driver_override").status == 0)
            #expect(try rig.sh("echo 0000:03:00.2 > /sys/bus/pci/drivers_probe").status == 0)
            #expect(try rig.sh("ls \(debug); ls \(debug)/0000:03:00.2").stdout == "0000:03:00.2\n0000:03:00.3\n")
        }
    }

    @Test func `a netdev has other names`() throws {
        try Rig.with(.pf("eth3", vfs: 1, hardware: RigHardware { $0.altnames = ["lan0", "enp3s0f0np0longer"] })) {
            rig throws in
            #expect(try rig.sh("ip link show enp3s0f0np0longer").stdout.contains("eth3:"))
            #expect(try rig.sh("ip link set lan0 vf 0 vlan 7").status == 0)
            #expect(try rig.state().pf("eth3")?.vfs.map(\.vlan) == [7])
            try rig.reboot()
            #expect(try rig.sh("ip link show lan0").stdout.contains("altname enp3s0f0np0longer"))
        }
    }

    @Test func `RDMA and vdpa devices of VFs, and who holds them`() throws {
        try Rig.with(
            .pf(
                "eth3", vfs: 3, driver: "mlx5_core", vfDriver: "mlx5_core",
                uses: [
                    .rdma(vf: 0), .vhostVDPA(vf: 1, holder: "qemu-vdpa"), .virtioVDPA(vf: 2, "vdpa1", netdev: "vnet7"),
                ],
                hardware: RigHardware { $0.rdma = true }),
            .guest("vm1", .vdpa("/dev/vhost-vdpa-0", mac: Self.mac(1)))
        ) { rig throws in
            let place = "/sys/bus/pci/devices/0000:03"
            #expect(try rig.sh("ls \(place):10.0/infiniband \(place):10.0/infiniband_verbs").stdout.contains("mlx5_1"))
            #expect(try rig.sh("cat /sys/class/infiniband_verbs/uverbs1/ibdev").stdout == "mlx5_1\n")
            #expect(try rig.sh("ls -l /proc/$(pidof ib_write_bw)/fd").stdout.contains("/dev/infiniband/uverbs1"))
            #expect(try rig.sh("readlink -f /sys/bus/vdpa/devices/vdpa0/..").stdout.hasSuffix("/0000:03:10.2\n"))
            #expect(try rig.sh("readlink -f /sys/bus/vdpa/devices/vdpa0/driver").stdout.hasSuffix("/vhost_vdpa\n"))
            #expect(try rig.sh("ls -l /proc/$(pidof qemu-vdpa)/fd").stdout.contains("/dev/vhost-vdpa-0"))
            #expect(try rig.sh("readlink -f /sys/class/net/vnet7/device").stdout.contains("/0000:03:10.4/vdpa1/virtio"))
            #expect(try rig.state().guest("vm1")?.config.map(\.attached) == ["vdpa"])
            #expect(try rig.virsh("nodedev-detach", "pci_0000_03_10_4").status == 0)
            #expect(try rig.sh("ls /sys/bus/vdpa/devices /dev/infiniband").stdout.contains("vdpa1") == false)
            #expect(try rig.sh("ls /dev/infiniband").stdout == "uverbs0\nuverbs1\nuverbs2\n")
        }
    }

    @Test func `VFs in one IOMMU group with their PF can be given to nobody`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, hardware: RigHardware { $0.oneGroup = true }), .guest("vm1", .pinned("eth3", 0))
        ) { rig throws in
            let group = try rig.sh("ls /sys/bus/pci/devices/0000:03:00.0/iommu_group/devices").stdout
            #expect(group == "0000:00:01.0\n0000:03:00.0\n0000:03:10.0\n0000:03:10.2\n")
            #expect(try rig.virsh("start", "vm1").stderr.contains("is not viable"))
        }
    }

    @Test func `the host gives VFs to VFIO before libvirt comes`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, hardware: RigHardware { $0.vfDriverOverride = "vfio-pci" }),
            .pool("eth3", managed: false), .guest("vm1", .network("eth3", mac: Self.mac(1)), running: true)
        ) { rig throws in
            #expect(try rig.state().pf("eth3")?.vfs.map(\.driver) == ["vfio-pci", "vfio-pci"])
            #expect(try rig.sh("ls /sys/class/net").stdout == "eth3\nlo\n")
            #expect(try rig.state().guest("vm1")?.running == true)
        }
    }

    @Test func `what was set of VFs through their PF`() throws {
        let settings = RigVFSettings(
            mac: Self.mac(7), vlan: 42, qos: 3, protocol: "88a8", spoofCheck: false, trust: true, link: 1, maxRate: 100)
        try Rig.with(
            .pf(
                "eth3", vfs: 2, settings: [1: settings], hardware: RigHardware { $0.refuses = ["trust": "unsupported"] }
            )
        ) { rig throws in
            let shown = try rig.sh("ip link show eth3").stdout
            let row =
                "vlan 42, qos 3, vlan protocol 802.1ad, tx rate 100 (Mbps), max_tx_rate 100Mbps, spoof checking off"
            #expect(
                shown.contains("link/ether \(Self.mac(7))") && shown.contains(row)
                    && shown.contains("link-state enable"))
            #expect(try rig.sh("ip link set eth3 vf 0 trust on").status != 0)
            #expect(try rig.sh("ip link set eth3 vf 0 vlan 43").status == 0)
            try rig.reboot()
            #expect(try rig.state().pf("eth3")?.vfs.map(\.vlan) == [0, 0])
        }
    }

    @Test func `a management function without a MAC, and a netdev below a virtio device`() throws {
        try Rig.with(
            .pf("mgmtpf00", vfs: 1, driver: "cxgb4", hardware: RigHardware { $0.tun = true }),
            .pf(
                "eth5", vfs: 0, driver: "virtio-pci", hardware: RigHardware { $0.netBelow = "/virtio3" })
        ) { rig throws in
            let files = try rig.sh("cd /sys/class/net/mgmtpf00; cat type addr_len address").stdout
            #expect(files == "65534\n0\n\n")
            #expect(try rig.sh("readlink -f /sys/class/net/eth5/device").stdout.hasSuffix("/0000:04:00.0/virtio3\n"))
            #expect(try rig.sh("ls -d /sys/bus/pci/devices/0000:04:00.0/net").status != 0)
        }
    }

    @Test func `the host has files, and its /sys says what it is told to`() throws {
        try Rig.with(
            .pf("eth3", vfs: 1), .file("/etc/netplan/1.yaml", "network: {}\n"), .file("/run/netplan/1.yaml", "run\n"),
            .file("/usr/local/sbin/make-vfs", "#!/bin/sh\necho made\n", mode: "755"),
            .link("/etc/systemd/system/multi-user.target.wants/a.service", to: "/etc/systemd/system/a.service"),
            .netdev("eth3", says: ["phys_port_id": "0002c9"]), .sys("/bus/pci/devices/0000:03:10.0/physfn", nil),
            .sys("/class/net/eth3/device/sriov_totalvfs", "1")
        ) { rig throws in
            #expect(try rig.sh("cat /etc/netplan/1.yaml; make-vfs").stdout == "network: {}\nmade\n")
            #expect(
                try rig.sh("readlink /etc/systemd/system/*.wants/a.service").stdout == "/etc/systemd/system/a.service\n"
            )
            #expect(try rig.sh("cat /sys/class/net/eth3/phys_port_id").stdout == "0002c9\n")
            #expect(try rig.sh("cat /sys/bus/pci/devices/0000:03:00.0/sriov_totalvfs").stdout == "1\n")
            #expect(try rig.sh("ls -d /sys/bus/pci/devices/0000:03:10.0/physfn").status != 0)
            try rig.write("/etc/netplan/1.yaml", "changed\n")
            try rig.reboot()
            #expect(try rig.sh("cat /etc/netplan/1.yaml /run/netplan/1.yaml").stdout == "changed\nrun\n")
        }
    }
}
