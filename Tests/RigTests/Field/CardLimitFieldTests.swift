import TestSupport
import Testing

/// Cards whose VFs, as they are set up, are for no pool or no guest.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct CardLimitFieldTests {
    /// libvirt gives an interface a MAC, and the kernel has no call to set one of an IPoIB VF.
    @Test func `an InfiniBand PF gets no pool, and is said to be one`() throws {
        try Rig.with(
            .pf(
                "ibp1s0", vfs: 2, total: 8, bus: "01", driver: "mlx5_core", vfDriver: "mlx5_core", hardware: .infiniband
            ),
            .guest("hpc1", .hostdev("ibp1s0", 0)), .guest("hpc2", .bridge("br0", mac: OnRig.mac(2)))
        ) { rig throws in
            let refused = try rig.vfpool("create", "ibp1s0")
            #expect(refused.status == 1 && refused.stderr.contains("InfiniBand"), "\(refused)")
            #expect(try rig.state().networks.isEmpty)
            let status = try rig.vfpool("status")
            #expect(!status.stderr.contains("make one: `vfpool create ibp1s0`"), "\(status)")
            #expect(!(try rig.vfpool("doctor", "ibp1s0").stdout.contains("make one: `vfpool create ibp1s0`")))
            let left = try rig.vfpool(
                "migrate", "--all", "--create-pools", "--dry-run", "--mac", "hpc1:0000:01:00.2=\(OnRig.mac(1))")
            #expect(left.stderr.contains("guest hpc1 is left out") && left.stderr.contains("InfiniBand"), "\(left)")
        }
    }

    /// VFIO gives away a group as a whole, and never one in which the PF is at work.
    @Test func `VFs in one IOMMU group with their PF are for no guest`() throws {
        try Rig.with(
            .pf("enp5s0", vfs: 3, bus: "05", hardware: RigHardware { $0.oneGroup = true }),
            .guest("g1", .pinned("enp5s0", 0, mac: OnRig.mac(1)))
        ) { rig throws in
            let created = try rig.vfpool("create", "enp5s0", "--dry-run")
            #expect(!created.stderr.contains("a guest has to take them all"), "\(created)")
            #expect(created.stderr.contains("enp5s0") && created.stderr.contains("group"), "\(created)")
            #expect(!created.stderr.contains("stays with guest g1"), "it holds none: it can't start")
            let group = try rig.vfpool("doctor").lines("iommu-groups")
            #expect(group.first?.hasPrefix("FAIL") == true && group.first?.contains("PF") == true, "\(group)")
        }
    }

    @Test func `a card that can have no VFs is told of by its firmware, not by a count of 0`() throws {
        try Rig.with(.pf("ens1f0np0", vfs: 0, total: 0, driver: "bnxt_en")) { rig throws in
            let commands = [
                ["create", "ens1f0np0"], ["create", "ens1f0np0", "--vfs-count", "4"], ["resize", "ens1f0np0", "4"],
                ["boot", "ens1f0np0", "--vfs-count", "4", "--dry-run"],
            ]
            for words in commands {
                let refused = try rig.start([Rig.vfpool] + words).wait()
                #expect(refused.status == 1 && refused.stderr.contains("firmware"), "\(words): \(refused)")
                #expect(!refused.stderr.contains("--vfs-count 0"), "\(words): \(refused)")
            }
            let doctor = try rig.vfpool("doctor", "ens1f0np0")
            #expect(doctor.lines("pf-capable").first?.hasPrefix("FAIL") == true)
            #expect(!doctor.stdout.contains("vfpool resize ens1f0np0 0"), "\(doctor)")
            #expect(!doctor.stdout.contains("mlxconfig"), "that is another maker's tool: \(doctor)")
            #expect(try rig.vfpool("status", "ens1f0np0").stderr.contains("firmware"))
        }
    }

    /// By the class of the PCI function where no netdev tells it; a guest on a network made by hand is not made worse.
    @Test func `nothing leads to a pool of an InfiniBand PF, whichever the command`() throws {
        try Rig.with(
            .pf("ibp1s0", vfs: 2, total: 8, bus: "01", driver: "mlx5_core", hardware: .infiniband),
            .pf("eth3", vfs: 2), .pool("ibp1s0", named: "ibnet"),
            .guest("pin", .pinned("ibp1s0", 0, mac: OnRig.mac(1))), .guest("net", .network("ibnet", mac: OnRig.mac(2))),
            .guest("br", .bridge("br0", mac: OnRig.mac(3)))
        ) { rig throws in
            let commands = [
                ["create", "ibp1s0", "--adopt", "--name", "ibnet"], ["create", "ibp1s0", "--name", "x", "--vfs", "1"],
                ["create", "0000:01:00.0", "--vfs-count", "4"],
                ["bind", "pin"], ["bind", "br", "--pool", "ibnet"],
                ["bind", "br", "--pool", "ibnet", "--add", "--new-mac"], ["migrate", "pin"], ["migrate", "net"],
                ["migrate", "--pf", "ibp1s0", "--create-pools"],
            ]
            for words in commands {
                let refused = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(refused.stderr.contains("InfiniBand"), "\(words): \(refused)")
                #expect(!refused.stderr.contains("`vfpool create ibp1s0"), "\(words): \(refused)")
                #expect(refused.status == (words.contains("--pf") ? 0 : 1), "\(words): \(refused)")
            }
            let pins = try rig.vfpool("doctor")
            #expect(!pins.lines("pins-outside").isEmpty && !pins.stdout.contains("vfpool migrate pin"), "\(pins)")
            let capable = try rig.vfpool("doctor", "ibp1s0").lines("pf-capable")
            #expect(capable.first?.hasPrefix("FAIL") == true && capable[0].contains("InfiniBand"), "\(capable)")
            #expect(try rig.vfpool("create", "eth3", "--dry-run").status == 0)
            // Its VFs are there for other things.
            #expect(try rig.vfpool("boot", "ibp1s0", "--dry-run").status == 0)
        }
    }

    /// The PF of another function of the card, which the host has at work, bars VFs as well as their own.
    @Test func `a PF in the group is named, also where it is not that of the VFs`() throws {
        try Rig.with(
            .pf("p5p1", vfs: 2, bus: "05", hardware: RigHardware { $0.oneGroup = true }),
            .pf(
                "p5p2", vfs: 0, total: 8, bus: "05",
                hardware: RigHardware {
                    $0.function = 1
                    $0.oneGroup = true
                }),
            .pf("eth3", vfs: 2, bus: "09"), .guest("g1", .pinned("p5p1", 1, mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "p5p1").status == 0)
            let bound = try rig.vfpool("bind", "g1", "--dry-run")
            #expect(bound.stderr.contains("IOMMU group with the PF p5p1"), "\(bound)")
            let created = try rig.vfpool("create", "eth3", "--dry-run")
            #expect(created.status == 0 && !created.stderr.contains("group"), "\(created)")
            let groups = try rig.vfpool("doctor").lines("iommu-groups")
            #expect(groups.contains { $0.hasPrefix("FAIL") && $0.contains("p5p1") }, "\(groups)")
            #expect(groups.contains { $0.hasPrefix("PASS") && $0.contains("eth3") }, "\(groups)")
        }
    }

    @Test(arguments: ["mlx5_core", "mlx4_core", "ixgbe", "i40e", "ice", "igb", "qede", "cxgb4", "sfc"])
    func `the hint is for the card's own maker`(_ driver: String) throws {
        try Rig.with(.pf("ens1", vfs: 0, total: 0, driver: driver), .pf("eth4", vfs: 2)) { rig throws in
            let refused = try rig.vfpool("create", "ens1")
            #expect(refused.stderr.contains("error[not-sriov-capable]") && refused.stderr.contains("firmware"))
            #expect(refused.stderr.contains("mlxconfig") == driver.hasPrefix("mlx"), "\(refused)")
            // Of a card that nobody asks for, and that has no VFs, there is nothing to be said by the way.
            #expect(!(try rig.vfpool("status").stderr.contains("ens1")))
            #expect(try rig.vfpool("resize", "ens1", "0").status == 0)
        }
    }
}
