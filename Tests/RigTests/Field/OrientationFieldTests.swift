import TestSupport
import Testing

/// What an administrator is told without asking twice.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct OrientationFieldTests {
    // MARK: What people run first

    @Test func `status without a pool shows every PF that can have VFs`() throws {
        try Rig.with(.pf("eth3", vfs: 2), .pf("eth4", vfs: 0), .pf("eth5", vfs: 0, total: 0)) { rig throws in
            let status = try rig.vfpool("status")
            #expect(status.status == 0, "\(status)")
            for (name, count) in [("eth3", "2 of 63"), ("eth4", "0 of 63")] {
                #expect(status.stdout.contains(name) && status.stdout.contains(count), "\(status)")
            }
        }
    }

    @Test func `status without a pool shows who has each VF`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3, uses: [.address(vf: 2, "192.0.2.1/24")]),
            .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)), running: true),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            let status = try rig.vfpool("status")
            let rows = status.stdout.split(separator: "\n").map(String.init)
            for (index, words) in [["outside", "vm1"], ["reserved", "vm2"], ["host", "192.0.2.1"]].enumerated() {
                let row = try #require(rows.first { $0.contains(OnRig.vf(index)) }, "\(status)")
                #expect(words.allSatisfy(row.contains), "\(row)")
            }
            #expect(status.stderr.contains("`vfpool create eth3`"), "\(status)")
            #expect(try rig.vfpool("status", "--quiet").stdout == (0...2).map { OnRig.vf($0) + "\n" }.joined())
        }
    }

    @Test func `where no PF has a VF, the hint makes VFs and a pool`() throws {
        try Rig.with(.pf("eth3", vfs: 0, total: 0), .pf("eth4", vfs: 0)) { rig throws in
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("`vfpool create eth4 --vfs-count NUMBER`"), "\(status)")
        }
    }

    @Test(arguments: [1, 2]) func `status opens with the line of the pool`(pools: Int) throws {
        let parts = (3..<3 + pools).flatMap { [RigPart.pf("eth\($0)", vfs: 2), .pool("eth\($0)", named: "p\($0)")] }
        try Rig.with(parts + [.pf("eth9", vfs: 1)]) { rig throws in
            let lines = try rig.vfpool("status").lines
            #expect(lines.first?.hasPrefix("p3: pool of eth3 (0000:03:00.0), active") == true, "\(lines)")
            #expect(lines.first?.hasSuffix("2 VFs: 2 free") == true, "\(lines)")
            #expect(lines.contains { $0.hasPrefix("eth9: ") && $0.contains("no pool") }, "PFs without a pool, too")
            #expect(try rig.vfpool("status", "p3").lines.first == lines.first)
        }
    }

    // MARK: Once, with the count

    @Test func `findings of one kind are one line`() throws {
        let guests = (1...30).map { RigPart.guest("vm\($0)", .pinned("eth3", $0 - 1, mac: OnRig.mac($0))) }
        try Rig.with([.pf("eth3", vfs: 32)] + guests) { rig throws in
            let created = try rig.vfpool("create", "eth3")
            #expect(created.status == 0)
            let notes = created.stderr.split(separator: "\n").filter { $0.hasPrefix("note:") }
            #expect(notes.count < 5, "\(notes.count) notes")
            let pins = try rig.vfpool("doctor").lines("pins-outside")
            #expect(pins.count == 1 && pins.first?.contains("30") == true, "\(pins)")
            #expect(try rig.vfpool("doctor", "--verbose").lines("pins-outside").count == 30)
            let all = try rig.vfpool("doctor", "--format", "json")
            for number in [1, 15, 30] { #expect(all.stdout.contains("vm\(number)"), "each is in the JSON") }
        }
    }

    @Test func `what many pinned guests are at a pool made by hand is one warning`() throws {
        let guests = (1...12).map {
            RigPart.guest("vm\($0)", .pinned("eth3", $0 - 1, mac: OnRig.mac($0)), running: $0 < 6)
        }
        try Rig.with([.pf("eth3", vfs: 16), .pool("eth3", named: "hand")] + guests) { rig throws in
            let status = try rig.vfpool("status")
            let warnings = status.stderr.split(separator: "\n").filter { $0.hasPrefix("warning:") }
            #expect(warnings.count == 1 && warnings[0].contains("12 VFs") && warnings[0].contains("vm1"), "\(status)")
            #expect(status.stderr.contains("`vfpool create eth3 --name hand --adopt`"), "\(status)")
            let each = try rig.vfpool("status", "--verbose").stderr
            #expect(each.split(separator: "\n").count { $0.hasPrefix("warning:") } == 12, "\(each)")
            let doctor = try rig.vfpool("doctor").lines("vf-protected")
            #expect(doctor.count == 1 && doctor[0].contains("12 VFs"), "\(doctor)")
            #expect(try rig.vfpool("status", "vm1").stderr.contains("guest vm1"), "of one, it is said as it was")
            // Who stays while its pool is made by hand, and what waits for a restart.
            let left = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(left.stderr.split(separator: "\n").count { $0.hasPrefix("warning:") } < 4, "\(left)")
            #expect(left.stdout.contains("12 guests left out") && !left.stdout.contains("Nothing to do"), "\(left)")
            #expect(try rig.vfpool("migrate", "--all", "--create-pools", "--yes", "-q").status == 0)
            let pending = try rig.vfpool("status").stderr
            #expect(pending.contains("note: 5 guests have to be shut down"), "\(pending)")
            let json = try rig.vfpool("status", "--format", "json").stdout
            for number in 1...5 { #expect(json.contains("guest vm\(number) has to be shut down"), "\(number)") }
        }
    }

    // MARK: How a migration ends

    @Test func `a migration says how many it leaves out`() throws {
        let plain =
            "<hostdev mode='subsystem' type='pci' managed='yes'><source>"
            + "<address domain='0x0000' bus='0x03' slot='0x10' function='0x2'/></source></hostdev>"
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("plain", inside: plain), .guest("none", .bridge("br0", mac: OnRig.mac(3)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let dry = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(dry.stdout.hasSuffix("1 guest to migrate; 1 guest left out\n"), "\(dry)")
            let done = try rig.vfpool("migrate", "--all", "--yes")
            #expect(
                done.stdout.contains("Migrated 1 guest: ") && done.stdout.hasSuffix("; 1 guest left out\n"), "\(done)")
            let rest = try rig.vfpool("migrate", "--all", "--yes")
            #expect(rest.stdout == "No guest to migrate: 1 guest left out\n", "\(rest)")
            #expect(try rig.virsh("undefine", "plain").status == 0)
            #expect(try rig.vfpool("reconcile", "-q").status == 0)
            #expect(try rig.vfpool("migrate", "--all", "--yes").stdout.hasSuffix("Nothing to do\n"))
        }
    }

    // MARK: The last change that can be undone

    @Test func `undo takes the change before upkeep, and says so`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.vfpool("bind", "vm1", "-q").status == 0)
            let bind = try rig.lastChange()
            #expect(try rig.virsh("destroy", "vm1").status == 0)
            #expect(try rig.vfpool("reconcile", "-q").status == 0)
            let upkeep = try rig.lastChange()
            let undone = try rig.vfpool("undo")
            #expect(undone.status == 0 && undone.stdout.contains("Undid change \(bind)"), "\(undone)")
            #expect(undone.stderr.contains("\(upkeep) came after"), "\(undone)")
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    // MARK: What is so, and what to do

    @Test func `adopting says how many VFs the network has, not how many its PF has`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .pool("nn", pf: "eth3", vfs: [0])) { rig throws in
            let adopted = try rig.vfpool("create", "eth3", "--adopt", "--name", "nn")
            #expect(adopted.status == 0, "\(adopted)")
            let line = (adopted.stdout + adopted.stderr).split(separator: "\n").first {
                $0.hasPrefix("Adopted pool nn")
            }
            #expect(line?.contains("1 VF of eth3") == true, "\(adopted)")
        }
    }

    @Test func `where the host's DHCP client took a VF, it is said how to keep it off`() throws {
        try Rig.with(.pf("eth3", vfs: 3)) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(try rig.sh("ip link set eth3v0 up && ip addr add 192.0.2.77/24 dev eth3v0").status == 0)
            let doctor = try rig.vfpool("doctor", "--problems")
            let status = try rig.vfpool("status")
            let reconcile = try rig.vfpool("reconcile", "--dry-run")
            for text in [doctor.stdout, status.stderr, reconcile.stderr] {
                #expect(text.contains("192.0.2.77/24"), "\(text)")
                #expect(text.contains("--no-host-driver"), "then there is no netdev for a client to take: \(text)")
            }
            // What is reserved for a program's own use is no such thing.
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.vfpool("reconcile").stdout == "Nothing to do\n")
        }
    }

    @Test func `a guest that another program defines is told to be its`() throws {
        let nova = "xmlns:nova='http://openstack.org/xmlns/libvirt/nova/1.1'"
        try Rig.with(
            .pf("eth3", vfs: 4),
            .guest(
                "instance-00000001", .pinned("eth3", 0, mac: "fa:16:3e:00:00:01"),
                beside: "<metadata><nova:instance \(nova)><nova:name>x</nova:name></nova:instance></metadata>"),
            .guest(
                "ovirt1", .pinned("eth3", 1, mac: OnRig.mac(2)),
                beside: "<metadata><ovirt-vm:vm xmlns:ovirt-vm='http://ovirt.org/vm/1.0'/></metadata>"),
            .guest("plain", .pinned("eth3", 2, mac: OnRig.mac(3)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            for (guest, owner) in [("instance-00000001", "OpenStack"), ("ovirt1", "oVirt")] {
                let bound = try rig.vfpool("bind", guest, "--dry-run")
                #expect(bound.stderr.contains(owner), "\(bound)")
            }
            #expect(!(try rig.vfpool("bind", "plain", "--dry-run").stderr.contains("OpenStack")))
            let sweep = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(sweep.stderr.contains("instance-00000001") && sweep.stderr.contains("ovirt1"), "\(sweep)")
        }
    }

    @Test func `a guest that needs more VFs than its pool has is warned of`() throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .pool("nn", pf: "eth3", vfs: [0]),
            .guest("two", .network("nn", mac: OnRig.mac(1)), .network("nn", mac: OnRig.mac(2)))
        ) { rig throws in
            let capacity = try rig.vfpool("doctor").lines("capacity")
            #expect(capacity.count == 1 && capacity[0].hasPrefix("WARN") && capacity[0].contains("guest two"))
        }
    }

    @Test func `this host is not another machine`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, hardware: RigHardware { $0.netdev = false }), .pf("eth4", vfs: 1)
        ) { rig throws in
            let doctor = try rig.vfpool("doctor")
            #expect(!doctor.stdout.contains("another machine"), "\(doctor)")
        }
    }
}

extension CommandResult {
    fileprivate var lines: [String] { stdout.split(separator: "\n").map(String.init) }
}
