import TestSupport
import Testing
import Text

@testable import Model
@testable import Planning

/// A host that goes down while its guests are being migrated.
@Suite struct MigrateAtBootTests {
    /// At whatever step: the next boot finds functions for every guest that starts at it, migrated or not.
    @Test func theNextBootHasEnough() throws {
        let host = try PretendHost.pooled(vfs: 12) { host in
            for number in 0..<10 {
                try host.addGuest("vm\(number)", [.pin("eth3", number)], autostart: number % 3 == 2)
            }
        }
        let plan = try host.migration().plan
        for count in 0...plan.items.count {
            let state = try host.state().after(Array(plan.items.prefix(count)))
            let pool = try #require(state.network("vfpool-eth3"))
            let starting = state.guests.count { $0.autostart && $0.points(at: pool.name) }
            #expect(state.startAddresses(pool).count >= starting, "after \(count) steps")
        }
    }
}
