/// Does the same with many things: one after the other, or several at once.
package protocol Workers: Sendable {
    /// The results of all items, in the items' order.
    func results<Item: Sendable, Result: Sendable>(of items: [Item], _ body: @Sendable (Item) -> Result) -> [Result]
}

/// One after the other.
package struct OneWorker: Workers {
    package init() {}

    package func results<Item: Sendable, Result: Sendable>(
        of items: [Item], _ body: @Sendable (Item) -> Result
    ) -> [Result] { items.map(body) }
}
