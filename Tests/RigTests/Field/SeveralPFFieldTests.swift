import TestSupport
import Testing

/// Networks made by hand over several PFs.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct SeveralPFFieldTests {
    ///
    @Test func `no hint about a network over two PFs leads in a circle`() throws {
        let addresses = ["0", "1", "4", "5"].map {
            "<address type='pci' domain='0x0000' bus='0x04' slot='0x10' function='0x\($0)'/>"
        }
        let network =
            "<network><name>hostdev-net</name><forward mode='hostdev' managed='yes'>" + addresses.joined()
            + "</forward></network>"
        let card = { (function: Int) in
            RigHardware {
                $0.function = function
                $0.stride = 4
            }
        }
        try Rig.with(
            .pf("p4p1", vfs: 2, bus: "04", hardware: card(0)), .pf("p4p2", vfs: 2, bus: "04", hardware: card(1)),
            .network(xml: network, autostart: true),
            .guest("g3", .pinned("p4p1", 0, mac: OnRig.mac(3)))
        ) { rig throws in
            for pf in ["p4p1", "p4p2"] {
                var words = ["create", pf]
                var said: [String] = []
                for _ in 0..<4 {
                    let result = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                    if result.status == 0 { break }
                    #expect(!said.contains(result.stderr), "again: \(result.stderr)")
                    said.append(result.stderr)
                    // The first command that a hint has.
                    let hint = result.stderr.split(separator: "`vfpool ").dropFirst().first?.split(separator: "`").first
                    guard let hint, !hint.contains("GUEST"), !hint.contains("NAME") else { break }
                    words = hint.split(separator: " ").map(String.init)
                }
                #expect(said.joined().contains("hostdev-net"))
            }
            let status = try rig.vfpool("status")
            #expect(!status.stderr.contains("p4p2 has 2 VFs and no pool"), "hostdev-net hands them out: \(status)")
            let left = try rig.vfpool("migrate", "--all", "--create-pools", "--dry-run")
            #expect(!left.stderr.contains("--adopt`, or add --create-pools"), "it was added: \(left)")
        }
    }

    private static let network = {
        let functions = ["0", "1", "4", "5"].map {
            "<address type='pci' domain='0x0000' bus='0x04' slot='0x10' function='0x\($0)'/>"
        }
        return "<network><name>both</name><forward mode='hostdev' managed='yes'>" + functions.joined()
            + "</forward></network>"
    }()

    private static func pf(_ name: String, _ function: Int) -> RigPart {
        .pf(
            name, vfs: 2, total: 8, bus: "04",
            hardware: RigHardware {
                $0.function = function
                $0.stride = 4
            })
    }

    @Test(arguments: ["p4p1", "p4p2"]) func `what the hint says can be done, and works`(_ pf: String) throws {
        try Rig.with(
            Self.pf("p4p1", 0), Self.pf("p4p2", 1), .network(xml: Self.network, autostart: true),
            .guest("g1", .network("both", mac: OnRig.mac(1))), .guest("g2", .pinned("p4p2", 0, mac: OnRig.mac(2)))
        ) { rig throws in
            let ways = [
                ["create", pf], ["create", pf, "--name", "both"], ["set", "both", "--trust", "on"], ["migrate", "g2"],
                ["migrate", "g1"], ["resize", pf, "4"],
            ]
            for words in ways {
                let refused = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                #expect(
                    refused.status == 1 && refused.stderr.contains("`vfpool create p4p1 p4p2 --name both --adopt`"),
                    "\(words): \(refused)")
            }
            let before = try rig.document(network: "both")
            let hint = try rig.vfpool("create", pf).stderr.split(separator: "`").first { $0.hasPrefix("vfpool ") }
            let command = try #require(hint)
            #expect(try rig.sh("vfpool() { \(Rig.vfpool) \"$@\"; }; \(command)").status == 0)
            for words in [["create", pf], ["create", pf, "--adopt"]] {
                let result = try rig.start([Rig.vfpool] + words).wait()
                #expect(!result.stderr.contains("--adopt`"), "\(words): \(result)")
            }
            #expect(try rig.vfpool("bind", "g1", "--pool", "both").status == 0)
            #expect(try rig.vfpool("bind", "g2").status == 0)
            for guest in ["g1", "g2"] { #expect(try rig.virsh("start", guest).status == 0) }
            #expect(try rig.problems(macs: ["g1": [OnRig.mac(1)], "g2": [OnRig.mac(2)]]) == [])
            for guest in ["g1", "g2"] { #expect(try rig.virsh("destroy", guest).status == 0) }
            for _ in 0..<2 { #expect(try rig.vfpool("undo", "--yes").status == 0) }
            #expect(try rig.document(network: "both") == before)
        }
    }

    /// It hands out the VFs of the second PF as well as those of the first, by which it is known.
    @Test func `another number of VFs is refused for each of its PFs`() throws {
        try Rig.with(Self.pf("p4p1", 0), Self.pf("p4p2", 1), .network(xml: Self.network)) { rig throws in
            #expect(try rig.vfpool("status").stdout.contains("both: pool of p4p1 and p4p2, active"))
            for pf in ["p4p1", "p4p2"] {
                let refused = try rig.vfpool("resize", pf, "1")
                #expect(refused.status == 1 && refused.stderr.contains("error[pool-in-use]"), "\(refused)")
                #expect(!(try rig.vfpool("status", pf).stderr.contains("no pool")))
            }
            // What the network leaves alone is free for a pool.
            #expect(try rig.virsh("net-destroy", "both").status == 0)
            #expect(try rig.vfpool("resize", "p4p2", "3").status == 0)
            #expect(try rig.vfpool("create", "p4p2", "--vfs", "2", "--name", "rest").status == 0)
        }
    }
}
