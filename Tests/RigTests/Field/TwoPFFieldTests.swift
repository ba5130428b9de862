import TestSupport
import Testing

/// Cards with two PFs at one function.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct TwoPFFieldTests {
    /// 4095 is mlx4's word for no VLAN.
    @Test func `VLAN 4095 of mlx4 is no VLAN`() throws {
        try Rig.with(
            .pf(
                "enp4s0", vfs: 2, bus: "04", driver: "mlx4_core", vfDriver: "mlx4_core",
                adminMACs: [0: "00:52:44:11:22:33"], hardware: .mlx4(second: "enp4s0d1")),
            .guest("plain1", .hostdev("enp4s0", 0))
        ) { rig throws in
            #expect(!(try rig.vfpool("status", "enp4s0").stdout.contains("4095")))
            #expect(!(try rig.vfpool("status", "--format", "json").stdout.contains("4095")))
            let moved = try rig.vfpool("migrate", "--all", "--create-pools", "--yes")
            #expect(moved.status == 0 && !moved.stdout.contains("4095") && !moved.stderr.contains("4095"), "\(moved)")
            #expect(!(try rig.document(guest: "plain1").contains("<vlan>")))
        }
    }

    /// A VF of such a card is on both PFs.
    @Test func `a function with two ports is said to have two`() throws {
        try Rig.with(
            .pf("enp4s0", vfs: 2, bus: "04", driver: "mlx4_core", hardware: .mlx4(second: "enp4s0d1")),
            .netdev("enp4s0", says: ["phys_port_id": "0002c91eb460"]),
            .netdev("enp4s0d1", says: ["phys_port_id": "0002c91eb461"])
        ) { rig throws in
            for name in ["enp4s0", "enp4s0d1"] {
                let created = try rig.vfpool("create", name, "--dry-run")
                #expect(created.status == 0 && created.stderr.contains("enp4s0d1"), "\(created)")
            }
        }
    }
}
