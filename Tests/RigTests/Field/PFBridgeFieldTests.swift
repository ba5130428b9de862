import TestSupport
import Testing

/// A bridge that stands on the PF of a pool.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct PFBridgeFieldTests {
    /// ixgbe's and i40e's switch knows the PF's own MACs only.
    @Test func `guests on a bridge over the PF of a pool are said not to reach those on its VFs`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3), .pf("eth4", vfs: 2), .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("g2", .bridge("br0", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(
                try rig.sh("ip link add br0 type bridge; ip link set br0 up; ip link set eth3 master br0").status == 0)
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let doctor = try rig.vfpool("doctor", "--problems")
            #expect(doctor.stdout.contains("br0"), "\(doctor)")
            let pair = try rig.vfpool("bind", "g1", "--failover", "br0", "--dry-run")
            #expect(pair.stderr.contains("br0"), "\(pair)")
            let moved = try rig.vfpool("bind", "g2", "--pool", "vfpool-eth3", "--dry-run")
            #expect(moved.stderr.contains("br0"), "those that stay on br0 lose it: \(moved)")
        }
    }

    @Test func `a bridge elsewhere is of no concern, and the command is said`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3), .pf("eth4", vfs: 2), .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("g2", .bridge("br0", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(
                try rig.sh("ip link add br0 type bridge; ip link set br0 up; ip link set eth4 master br0").status == 0)
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            #expect(!(try rig.vfpool("doctor").stdout.contains("bridge fdb")))
            #expect(!(try rig.vfpool("bind", "g1", "--failover", "br0", "--dry-run").stderr.contains("bridge fdb")))
            #expect(try rig.sh("ip link set eth3 master br0").status == 0)
            let said = try rig.vfpool("bind", "g1", "--failover", "br0", "--dry-run")
            #expect(said.stderr.contains("`bridge fdb add \(OnRig.mac(1)) dev eth3 self permanent`"), "\(said)")
        }
    }
}
