import Text

/// What is said of one message, or of many of one kind at once.
package struct Folded<Item: Foldable>: Sendable {
    /// Of one kind; at least one.
    package let first: Item
    package let count: Int
    package let message: String
    package let hints: [Hint]

    /// Whether it stands for several.
    package var isFolded: Bool { count > 1 }

    private init(_ item: Item) {
        first = item
        count = 1
        message = item.message
        hints = item.hints
    }

    private init(_ first: Item, all items: [Item]) {
        self.first = first
        count = items.count
        let subjects = items.compactMap(\.fold?.subject).deduplicated
        guard let fold = first.fold, subjects.count > 1 else {
            message = "\(first.message) (\(Self.others(items)))"
            hints = first.hints
            return
        }
        message = "\(Words.count(subjects.count, fold.noun)) \(fold.predicate): \(Words.list(subjects))"
        hints = fold.hints
    }

    /// `one of 30 of this kind: guests vm1, vm2, vm3, vm4 and 26 more`.
    private static func others(_ items: [Item]) -> String {
        let number = "one of \(items.count) of this kind"
        let about = items.compactMap(\.about)
        guard let noun = about.first?.noun, about.count == items.count,
            about.allSatisfy({ $0.noun.isSame(as: noun) })
        else { return number }
        let names = about.map(\.name).deduplicated
        return names.count == 1 ? number : "\(number): \(noun)s \(Words.list(names))"
    }

    /// Up to so many of one kind are said one by one.
    package static var most: Int { 3 }

    /// All of them, those of one kind as one at the place of the first where they are many.
    ///
    /// - Parameter each: whether every one is to be said by itself.
    package static func all(_ items: [Item], each: Bool = false) -> [Folded] {
        if each { return items.map(Folded.init) }
        var kinds: [Kind: [Item]] = [:]
        for item in items { kinds[Kind(item), default: []].append(item) }
        var said: Set<Kind> = []
        return items.compactMap { item in
            let kind = Kind(item)
            guard let alike = kinds[kind], alike.count > most else { return Folded(item) }
            return said.insert(kind).inserted ? Folded(item, all: alike) : nil
        }
    }

    /// Those of which one sentence is true.
    private struct Kind: Hashable {
        var name: Name
        var noun: Name
        var predicate: Name
        var hints: [Hint]

        init(_ item: Item) {
            name = item.kind
            noun = Name(item.fold?.noun ?? "")
            predicate = Name(item.fold?.predicate ?? "")
            hints = item.fold?.hints ?? []
        }
    }
}
