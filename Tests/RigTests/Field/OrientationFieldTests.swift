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
}

extension CommandResult {
    fileprivate var lines: [String] { stdout.split(separator: "\n").map(String.init) }
}
