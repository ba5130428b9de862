import TestSupport
import Text

/// Other YAML or JSON of a kind: keys and values of its seeds where they may stand, and where not.
struct DataMutation {
    /// Values of the seeds, by the key that they stand below.
    private var values: [Name: [DataTree]] = [:]
    private var entries: [Name: [(key: String, value: DataTree)]] = [:]
    private let alwaysJSON: Bool

    init(seeds: [[UInt8]], alwaysJSON: Bool = false) {
        self.alwaysJSON = alwaysJSON
        for seed in seeds { DataTree(yaml: seed).map { learn($0, below: "") } }
    }

    private mutating func learn(_ tree: DataTree, below key: Name) {
        values[key, default: []].append(tree)
        switch tree {
        case .word: break
        case .list(let items): for item in items { learn(item, below: key) }
        case .map(let entries):
            self.entries[key, default: []] += entries
            for (inner, value) in entries { learn(value, below: Name(inner)) }
        }
    }

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        guard var tree = DataTree(yaml: input), !generator.once(in: 25) else {
            return ByteMutation.mutated(input, &generator)
        }
        for _ in 0..<Int.random(in: 1...2, using: &generator) { change(&tree, below: "", &generator) }
        let isJSON = alwaysJSON || generator.once(in: 3)
        return Array((isJSON ? tree.flow(isJSON: true) : tree.block(0, &generator) + "\n").utf8)
    }

    private func change(_ tree: inout DataTree, below key: Name, _ generator: inout SeededGenerator) {
        switch tree {
        case .word: tree = value(key, &generator)
        case .list(var items):
            guard !items.isEmpty, !generator.once(in: 6) else {
                tree = !generator.once(in: 8) ? .list(items + [value(key, &generator)]) : value(key, &generator)
                return
            }
            let place = Int.random(in: 0..<items.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: items.remove(at: place)
            case 1 where generator.once(in: 3): items.append(items[place])
            default: change(&items[place], below: key, &generator)
            }
            tree = .list(items)
        case .map(var entries):
            guard !entries.isEmpty, !generator.once(in: 20) else {
                if let added = generator.pick(self.entries[key] ?? []) { entries.append(added) }
                tree = .map(Self.once(entries))
                return
            }
            let place = Int.random(in: 0..<entries.count, using: &generator)
            switch Int.random(in: 0..<16, using: &generator) {
            case 0 where !isFixed(key) || generator.once(in: 4): entries.remove(at: place)
            case 1: if let added = generator.pick(self.entries[key] ?? []) { entries.append(added) }
            case 2 where !isFixed(key): entries.append((generator.pick(HostileText.all) ?? "", entries[place].value))
            default: change(&entries[place].value, below: Name(entries[place].key), &generator)
            }
            tree = .map(Self.once(entries))
        }
    }

    /// Whether the seeds have the same few keys there again and again: no name can be one.
    private func isFixed(_ key: Name) -> Bool {
        let keys = (entries[key] ?? []).map { Name($0.key) }
        return keys.deduplicated.count * 2 < keys.count || key.isEmpty
    }

    /// A key stands once in a map; twice, all of it would be refused.
    private static func once(_ entries: [(key: String, value: DataTree)]) -> [(key: String, value: DataTree)] {
        var known: Set<Name> = []
        return entries.filter { known.insert(Name($0.key)).inserted }
    }

    /// What another seed has there, or one time in sixteen a word that means harm.
    private func value(_ key: Name, _ generator: inout SeededGenerator) -> DataTree {
        if let known = generator.pick(values[key] ?? []), !generator.once(in: 16) { return known }
        return .word(generator.pick(HostileText.all) ?? "", isText: generator.once(in: 3))
    }
}
