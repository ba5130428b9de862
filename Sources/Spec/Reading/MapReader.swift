import Model
import Text
import YAML

/// A map of a spec, of which every key is known.
struct MapReader {
    let text: SpecText
    let place: Place
    private var entries: [Name: Node.Entry] = [:]

    /// - Parameter what: it is, with its article: `a pool`.
    init(_ node: Node, _ what: String, keys: [Name], _ text: SpecText) throws(Failure) {
        self.text = text
        place = node.place
        for entry in try Self.entries(node, what, text) {
            guard keys.contains(entry.key) else {
                throw text.failure(
                    "there is no key \(entry.key.shown) in \(what)", at: entry.place,
                    hints: Near.hints(entry.key, of: keys))
            }
            entries[entry.key] = entry
        }
    }

    /// The entries of a map whose keys are names.
    ///
    /// - Throws: `bad-spec` for all that is no map, also for `null`: that would say that it is to go.
    static func entries(_ node: Node, _ what: String, _ text: SpecText) throws(Failure) -> [Node.Entry] {
        guard !node.isNull else {
            throw text.failure(
                "\(what) has no value", at: node.place, hints: ["where nothing is to be said of it, write {}"])
        }
        guard case .map(let entries) = node.content else {
            throw text.failure("\(what) has to be a map of keys and values", at: node.place)
        }
        return entries
    }

    func node(_ key: Name) -> Node? { entries[key]?.value }

    func isSaid(_ key: Name) -> Bool { entries[key] != nil }

    // MARK: Values

    func name(_ key: Name) throws(Failure) -> Name? {
        guard let node = node(key) else { return nil }
        return try SpecScalar(node, key, text).name
    }

    func number(_ key: Name, _ range: ClosedRange<Int>) throws(Failure) -> Int? {
        guard let node = node(key) else { return nil }
        return try SpecScalar(node, key, text).number(range)
    }

    func flag(_ key: Name) throws(Failure) -> Bool? {
        guard let node = node(key) else { return nil }
        return try SpecScalar(node, key, text).flag
    }

    /// A value that may be `null`.
    func said<Value>(
        _ key: Name, _ value: (SpecScalar) throws(Failure) -> Value
    ) throws(Failure) -> Said<Value> {
        guard let node = node(key) else { return .nothing }
        return node.isNull ? .none : .value(try value(try SpecScalar(node, key, text)))
    }

    func indices(_ key: Name) throws(Failure) -> IndexSet? {
        guard let node = node(key) else { return nil }
        let scalar = try SpecScalar(node, key, text)
        guard let indices = IndexSet(scalar.text) else {
            throw scalar.failure("has to be VFs by number, such as 4-7,9")
        }
        return indices
    }
}
