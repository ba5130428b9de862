import Model
import Text

/// What to say of a pool that something else defined anew, so that nothing is kept out of it any more.
enum LostMarks {
    /// Of one that `reconcile` can't put right.
    static func warnings(_ pool: NetworkState, _ state: State) -> [Diagnostic] {
        guard pool.hasLostMark else { return [] }
        return [Diagnostic(.notManaged, LostMark.message(pool), hints: LostMark.hints(pool, state))]
    }
}
