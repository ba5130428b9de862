import TestSupport
import Testing

/// VFIO drivers other than vfio-pci, which hand over what is inside a VF.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct DriverModelOnRigTests {
    private static let model = "mlx5_vfio_pci"

    /// A card whose VFs the host gives to its own VFIO driver, and which lets some of them be handed over.
    private static func card(_ name: String, _ migratable: [Bool?]) -> RigPart {
        .pf(
            name, vfs: migratable.count, driver: "mlx5_core", vfDriver: "mlx5_core",
            hardware: RigHardware {
                $0 = .switchdev
                ($0.migratable, $0.vfioDebugfs, $0.vfDriverOverride) = (migratable, true, model)
            })
    }

    private static let driver = "<driver name='vfio' model='\(model)'/>"

    @Test func `doctor says which VFs a guest can move with`() throws {
        try Rig.with(Self.card("eth3", [true, true, false, nil]), .pool("eth3", managed: false)) { rig throws in
            let said = try rig.vfpool("doctor").lines("vf-migratable")
            #expect(said.count == 3, "\(said)")
            #expect(said.contains { $0.hasPrefix("PASS") && $0.contains("VFs 0-1 of pool eth3") }, "\(said)")
            #expect(said.contains { $0.hasPrefix("NOTE") && $0.contains("VF 2 of pool eth3") }, "\(said)")
            #expect(said.contains { $0.hasPrefix("?") && $0.contains("VF 3 of pool eth3") }, "\(said)")
            let doctor = try rig.vfpool("doctor").stdout
            #expect(doctor.contains("`devlink port function set pci/0000:03:00.0/3 migratable enable`"), "\(doctor)")
            // What vfio-pci has stays behind.
            let bind = "echo vfio-pci > $d/driver_override; echo 0000:03:00.2 > $d/driver/unbind; echo 0000:03:00.2 > "
            let vf = "d=/sys/bus/pci/devices/0000:03:00.2; "
            #expect(try rig.sh("\(vf)\(bind)/sys/bus/pci/drivers_probe").status == 0)
            let other = try rig.vfpool("doctor").lines("vf-migratable")
            #expect(other.contains { $0.contains("VF 0 of pool eth3") && $0.contains("vfio-pci can't") }, "\(other)")
        }
    }

    @Test(.enabled(if: Rig.knowsDriverModels, "libvirt here is from before 10.0")) func `a pool names its driver`()
        throws
    {
        try Rig.with(
            Self.card("eth3", [true, true]), .guest("vm1", .bridge("br0", mac: OnRig.mac(1)))
        ) { rig throws in
            // The kernel's list of modules, with none in it.
            #expect(try rig.sh("touch /usr/lib/modules/$(uname -r)/modules.dep").status == 0)
            let missing = try rig.vfpool("create", "eth3", "--driver-model", "nix_vfio_pci")
            #expect(missing.status == 1 && missing.stderr.contains("error[no-such-driver]"), "\(missing)")
            let words = ["create", "eth3", "--driver-model", Self.model]
            let created = try rig.start([Rig.vfpool] + words).wait()
            #expect(created.status == 0, "\(created)")
            let document = try rig.document(network: "vfpool-eth3")
            #expect(document.contains("model='\(Self.model)'"), "\(document)")
            let again = try rig.start([Rig.vfpool] + words).wait()
            #expect(again.status == 0 && again.stdout.contains("Nothing to do"), "\(again)")
            #expect(try rig.vfpool("doctor").lines("vf-migratable").map { $0.prefix(4) } == ["PASS"])
            // A guest on it gets its VF by that driver.
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            let taken = try rig.state().pf("eth3")?.vfs.map(\.driver)
            #expect(taken == [Self.model, Self.model], "\(String(describing: taken))")
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.virsh("net-info", "vfpool-eth3").status != 0)
        }
    }

    @Test(.enabled(if: Rig.knowsDriverModels, "libvirt here is from before 10.0"))
    func `pins with a driver go to a pool that has it, or one is made so`() throws {
        try Rig.with(
            Self.card("eth3", [true, true]), Self.card("eth4", [true, true]),
            .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1), inside: Self.driver)),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2))),
            .guest("vm3", .pinned("eth4", 0, mac: OnRig.mac(3), inside: Self.driver), running: true)
        ) { rig throws in
            // On a pool without it a guest would get its VF by another driver.
            #expect(try rig.vfpool("create", "eth3", "--name", "plain").status == 0)
            let refused = try rig.vfpool("migrate", "vm1", "--yes")
            #expect(refused.status == 1 && refused.stderr.contains("names the driver \(Self.model)"), "\(refused)")
            #expect(try rig.vfpool("delete", "plain").status == 0)
            #expect(try rig.vfpool("create", "eth3", "--driver-model", Self.model).status == 0)
            let moved = try rig.vfpool("migrate", "--all", "--create-pools", "--yes")
            #expect(moved.status == 0, "\(moved)")
            for (guest, pool) in [("vm1", "vfpool-eth3"), ("vm2", "vfpool-eth3"), ("vm3", "vfpool-eth4")] {
                #expect(try rig.state().guest(guest)?.config.map(\.network) == [pool])
                #expect(try rig.document(network: pool).contains("model='\(Self.model)'"), "\(pool)")
            }
            #expect(try rig.problems(macs: ["vm3": [OnRig.mac(3)]]) == [])
            #expect(try rig.vfpool("undo", "--yes").status == 0)
            #expect(try rig.document(guest: "vm1").contains("model='\(Self.model)'"))
        }
    }

    /// What the other host's kernel knows, libvirt does not tell: its own doctor does.
    @Test(.enabled(if: Rig.knowsDriverModels, "libvirt here is from before 10.0"))
    func `check-migration says what is known, and where the rest is`() throws {
        try Rig.with(.named("here"), Self.card("eth3", [true, false])) { here throws in
            try Rig.with(.named("there"), Self.card("eth3", [true, true])) { there throws in
                for rig in [here, there] {
                    #expect(try rig.vfpool("create", "eth3", "--driver-model", Self.model).status == 0)
                }
                try here.add(
                    .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)), running: true),
                    .guest("vm2", .network("vfpool-eth3", mac: OnRig.mac(2)), running: true))
                let known = try here.vfpool("check-migration", "vm1", "--to", there.uri)
                #expect(known.lines("pair").map { $0.prefix(1) } == ["?"], "\(known)")
                #expect(
                    known.stdout.contains(
                        "\(Self.model) can transfer its state, but it is not known whether the target can"), "\(known)")
                #expect(known.stdout.contains("vf-migratable"), "\(known)")
                let refused = try here.vfpool("check-migration", "vm2", "--to", there.uri)
                #expect(refused.status == 2 && refused.lines("pair").map { $0.prefix(4) } == ["FAIL"], "\(refused)")
                #expect(
                    refused.stdout.contains("`devlink port function set pci/0000:03:00.0/2 migratable enable`"),
                    "\(refused)")
            }
        }
    }
}
