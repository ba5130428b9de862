import Glibc
import Model
import Planning
import TestSupport
import Testing
import Text

/// Hosts made by chance, with what administrators and fate do to them, in any order. `VFPOOL_SEED=n` plays one again.
@Suite struct InvariantTests {
    private static let seeds = SeededGenerator.seeds(40) { name in getenv(name).map { String(cString: $0) } }

    @Test(arguments: seeds) func anyOrder(_ seed: UInt64) throws {
        var world = try RandomWorld(seed: seed)
        var undone = 0
        for _ in 0..<30 {
            let before = world.world.host
            let plan: Plan?
            do {
                plan = try world.step()
            } catch {
                Issue.record("seed \(seed): a plan failed: \(error)\n\(world.history.joined(separator: "\n"))")
                return
            }
            var wrong = try Invariants.violations(&world)
            if let plan { wrong += try afterCommand(plan, before, world, &undone) }
            guard wrong.isEmpty else {
                Issue.record(
                    "seed \(seed): \(wrong.joined(separator: "\n"))\n\(world.history.joined(separator: "\n"))")
                return
            }
        }
        #expect(undone > 0, "seed \(seed): nothing was ever taken back")
    }

    /// What holds after a command: everything is in line, and it can be taken back.
    private func afterCommand(_ plan: Plan, _ before: PretendHost, _ world: RandomWorld, _ undone: inout Int) throws
        -> [String]
    {
        let last = world.history.last ?? ""
        var wrong: [String] = []
        let rest = try ReconcilePlanner.plan(world.world.host.state())
        if !last.hasPrefix("delete"), !last.hasPrefix("create"), !rest.isEmpty {
            wrong.append("not in line after it: \(rest.words)")
        }
        if last.hasPrefix("migrate") {
            let lost = try startable(before).subtracting(startable(world.world.host)).sorted()
            if !lost.isEmpty { wrong.append("could start before, and can't now: \(lost)") }
        }
        guard !plan.isEmpty, try ReconcilePlanner.plan(before.state()).isEmpty, !last.hasPrefix("undo") else {
            return wrong
        }
        let id = try UndoPlanner.latest(in: world.world.journal, uri: PretendHost.uri).id
        var copy = world.world.host
        let back: Plan
        do {
            back = try world.world.undoPlan(id)
        } catch {
            return wrong + ["it has no way back: \(error)"]
        }
        do {
            try copy.apply(back)
        } catch {
            return wrong + ["undo failed: \(error); \(back.words)"]
        }
        // A pool may not have covered all its functions since a reboot; restarted, it does.
        let isWider = (plan.steps + back.steps).contains { if case .stopNetwork = $0 { true } else { false } }
        undone += 1
        let difference = Difference.between(before, copy).filter { words in
            !words.hasSuffix("live document") && !(isWider && words.hasSuffix("ports"))
        }
        if !difference.isEmpty { wrong.append("undone, it is not what it was: \(difference); \(back.words)") }
        return wrong
    }

    /// The guests that can be started: those that run, once they have stopped and all is in line.
    private func startable(_ host: PretendHost) throws -> Set<Name> {
        Set(
            try host.guests.values.filter { $0.persistent != nil }.map(\.name).filter { name in
                var copy = host
                if try copy.guest(name).live != nil { try copy.stopGuest(name) }
                try copy.reconcile()
                return copy.canStart(name)
            })
    }
}
