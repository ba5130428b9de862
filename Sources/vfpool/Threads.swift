import Model
import Parallel

/// Several at once, for what planning does with each of many guests.
struct Threads: Workers {
    private static let width = 4

    func results<Item: Sendable, Result: Sendable>(of items: [Item], _ body: @Sendable (Item) -> Result) -> [Result] {
        inParallel(items, width: Self.width) { (item) throws(Never) in body(item) }
    }
}
