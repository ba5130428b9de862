import Model
import SRIOV
import Text

/// Pools that something else defined anew, so that nothing is kept out of them any more.
enum LostMarkFindings {
    static func all(_ index: ReportIndex) -> [Diagnostic] {
        index.state.pools.sorted { $0.name < $1.name }.filter(\.hasLostMark).map { pool in
            Diagnostic(
                .markLost, LostMark.message(pool), hints: LostMark.hints(pool, index.state), pools: [pool.name],
                pfs: index.pfs(of: pool.name).map(\.address.description))
        }
    }
}
