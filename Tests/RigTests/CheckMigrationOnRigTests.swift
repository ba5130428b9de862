import TestSupport
import Testing

/// Two hosts with a real libvirtd each, the second reached through its socket.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct CheckMigrationOnRigTests {
    private static let bridge = "ip link add br0 type bridge && ip link set br0 up"
    private static let persistent = "<teaming type='persistent'/><alias name='ua-backup0'/>"
    private static let transient = "<teaming type='transient' persistent='ua-backup0'/>"

    private static func hosts(
        _ body: (_ here: Rig, _ there: Rig) throws -> Void
    ) throws {
        try Rig.with(.named("here"), .pf("eth3", vfs: 4)) { here in
            try Rig.with(.named("there"), .pf("eth3", vfs: 2, mac: "a0:36:9f:00:00:77")) { there in
                for rig in [here, there] {
                    #expect(try rig.sh(bridge).status == 0)
                    #expect(
                        try rig.vfpool("create", "eth3", "--vlan", "7", "--portgroup", "dmz:vlan=50").status == 0)
                }
                try here.add(
                    .guest(
                        "vm1", .bridge("br0", mac: OnRig.mac(1), inside: persistent),
                        .network("vfpool-eth3", mac: OnRig.mac(1), portgroup: "dmz", inside: transient), running: true),
                    .guest("vm2", .network("vfpool-eth3", mac: OnRig.mac(2)), running: true))
                try body(here, there)
            }
        }
    }

    private func lines(_ rig: Rig, _ words: String...) throws -> (status: Int32, lines: [String]) {
        let result = try rig.start([Rig.vfpool, "check-migration"] + words).wait()
        #expect(result.stderr.isEmpty, "\(result)")
        return (result.status, result.stdout.split(separator: "\n").map(String.init))
    }

    private func verdict(_ name: String, _ lines: [String]) -> [Substring] {
        lines.filter { $0.dropFirst(6).hasPrefix(name + " ") }.map { $0.prefix { $0 != " " } }
    }

    @Test func `a pair on a pool can move, a VF alone can't`() throws {
        try Self.hosts { here, there in
            let well = try lines(here, "vm1", "--to", there.uri)
            #expect(well.status == 0, "\(well)")
            for name in [
                "guest-running", "pair", "source-qemu", "target-qemu", "target-libvirt", "target-host", "target-guest",
                "target-pool", "target-pool-active", "target-portgroup", "target-free-vfs", "target-vlan",
                "target-vlan-classes", "target-vf-settings", "target-card", "target-netdev",
            ] {
                #expect(verdict(name, well.lines) == ["PASS"], "\(name): \(well.lines)")
            }
            #expect(well.lines.contains { $0.contains("VLAN 50 on the target, too") }, "\(well.lines)")
            let alone = try lines(here, "vm2", "--to", there.uri, "--problems")
            #expect(alone.status == 2)
            #expect(verdict("pair", alone.lines) == ["FAIL"], "\(alone.lines)")
        }
    }

    /// libvirt itself moves the guest, or does not, as was said.
    @Test func `what can move moves, and what can't is refused`() throws {
        try Self.hosts { here, there in
            func move() throws -> CommandResult {
                try here.virsh(
                    "migrate", "vm1", "--live", "--p2p", "--parallel", "--desturi", there.uri, "--migrateuri",
                    "unix:\(there.folder)/migration.sock")
            }
            for (name, number) in [("a", 8), ("b", 9)] {
                try there.add(.guest(name, .network("vfpool-eth3", mac: OnRig.mac(number)), running: true))
            }
            #expect(try lines(here, "vm1", "--to", there.uri).status == 2)
            #expect(try move().status != 0)
            #expect(try there.virsh("destroy", "b").status == 0)
            #expect(try lines(here, "vm1", "--to", there.uri).status == 0)
            let moved = try move()
            #expect(moved.status == 0, "\(moved)")
            #expect(try here.state().guest("vm1")?.running == false)
            let status = try there.vfpool("status", "vm1")
            #expect(status.stdout.contains("vfpool-eth3") && status.stdout.contains("50"), "\(status)")
            #expect(try there.problems().isEmpty)
        }
    }

    @Test func `what the target lacks is named`() throws {
        try Self.hosts { here, there in
            func verdicts(_ name: String) throws -> [Substring] {
                verdict(name, try lines(here, "vm1", "--to", there.uri, "--problems").lines)
            }
            try there.add(
                .guest("a", .network("vfpool-eth3", mac: OnRig.mac(8)), running: true),
                .guest("b", .network("vfpool-eth3", mac: OnRig.mac(1)), running: true))
            #expect(try verdicts("target-free-vfs") == ["FAIL"])
            #expect(try verdicts("target-mac") == ["FAIL"])
            #expect(try there.sh("virsh destroy b; virsh undefine b; ip link del br0").status == 0)
            #expect(try verdicts("target-free-vfs") == [])
            #expect(try verdicts("target-netdev") == ["FAIL"])
            try there.setLink("eth3", up: false)
            #expect(try verdicts("target-pf") == ["FAIL"])
            #expect(try there.sh("virsh destroy a; virsh net-destroy vfpool-eth3").status == 0)
            #expect(try verdicts("target-pool-active") == ["FAIL"])
            #expect(try there.virsh("net-undefine", "vfpool-eth3").status == 0)
            #expect(try verdicts("target-pool") == ["FAIL"])
            try there.daemon(.stop)
            let gone = try here.vfpool("check-migration", "vm1", "--to", there.uri)
            #expect(gone.status == 1 && gone.stderr.contains("could not connect to \(there.uri)"), "\(gone)")
            #expect(gone.stderr.contains("--to URI") && !gone.stderr.contains("--connect"), "\(gone)")
        }
    }

    @Test func `a host is not its own target`() throws {
        try Rig.with(.pf("eth3", vfs: 2), .guest("vm1", .bridge("br0", mac: OnRig.mac(1)))) { rig in
            let same = try lines(rig, "vm1", "--to", "qemu:///system", "--problems")
            #expect(verdict("target-host", same.lines) == ["FAIL"], "\(same)")
            // By another way to it: the UUID tells.
            let other = try lines(rig, "vm1", "--to", rig.slowLink(milliseconds: 5), "--problems")
            #expect(verdict("target-host", other.lines) == ["FAIL"], "\(other)")
            #expect(other.lines.contains { $0.contains("takes them for one") })
        }
    }
}
