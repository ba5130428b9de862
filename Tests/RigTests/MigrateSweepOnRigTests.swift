import Glibc
import TestSupport
import Testing

/// Guests in random states on a real libvirtd, and what administrators, daemons and fate do to them, in any order: every
/// guest keeps its MACs, no VF has two holders, and no guest that could start can't.
///
/// `VFPOOL_SEED=n` plays one seed again, `VFPOOL_SEEDS=n` plays more of them, `VFPOOL_SOAK=1` is 500 guests, `VFPOOL_STEPS=n` is how much
/// happens, and `VFPOOL_HISTORY=1` prints it.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct MigrateSweepOnRigTests {
    private static let isSoak = getenv("VFPOOL_SOAK") != nil
    private static let seeds = SeededGenerator.seeds(2) { name in getenv(name).map { String(cString: $0) } }

    @Test(arguments: seeds) func `guests keep their MACs and can start, whatever happens`(_ seed: UInt64) throws {
        let size = Self.isSoak ? SweepHost.Size.large : .small
        let steps = getenv("VFPOOL_STEPS").flatMap { Int(String(cString: $0)) } ?? (Self.isSoak ? 60 : 10)
        var random = SeededGenerator(seed: seed)
        let host = SweepHost(size, &random)
        try Rig.with(host.parts) { rig in
            let world = SweepWorld(rig, host, size, random)
            try world.begin()
            for step in 0...steps {
                if step == steps { try world.finish() } else { try world.step() }
                let problems = try world.problems()
                guard problems.isEmpty else {
                    Issue.record(
                        "seed \(seed): \(problems.joined(separator: "\n"))\n\n\(world.history.joined(separator: "\n"))")
                    return
                }
            }
            if getenv("VFPOOL_HISTORY") != nil { print("seed \(seed)\n" + world.history.joined(separator: "\n")) }
            let pooled = try world.state().guests.count { $0.config.contains { $0.network != nil } }
            #expect(pooled > 0, "seed \(seed): nobody is on a pool in the end")
        }
    }
}
