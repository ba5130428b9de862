import Text

/// Whether what was planned is what was stored: libvirt adds defaults and puts elements in its own order.
package enum Subset {
    /// What of `planned` is missing in `stored` or differs there, one line each with its path; nothing if all of it is
    /// there. `stored` may have more attributes and elements, and elements in another order. White space around words and comments count for nothing. Values are compared as text.
    package static func differences(planned: Element, stored: Element) -> [String] {
        let planned = Node(planned)
        let stored = Node(stored)
        guard planned.name == stored.name else { return ["/\(planned.label) is missing: /\(stored.label) is there"] }
        return differences(planned, stored, at: "/" + planned.label)
    }

    private static func differences(_ planned: Node, _ stored: Node, at path: String) -> [String] {
        var result: [String] = []
        for (name, value) in planned.attributes {
            let found = stored.attributes.first { $0.name == name }?.value
            if found != value { result.append(difference("\(path)/@\(name)", value, found)) }
        }
        if planned.text != stored.text { result.append(difference(path, planned.text, stored.text)) }
        for name in planned.childNames {
            result += differences(planned.children(name), stored.children(name), below: path)
        }
        return result
    }

    /// Elements of one name: each planned one has its counterpart, and what is left over is held against what is left.
    private static func differences(_ planned: [Node], _ stored: [Node], below path: String) -> [String] {
        let pairs = counterparts(planned, stored)
        var left = stored.indices.filter { !pairs.values.contains($0) }
        var result: [String] = []
        for (index, node) in planned.enumerated() where pairs[index] == nil {
            let place = "\(path)/\(node.label)" + (planned.count > 1 ? "[\(index + 1)]" : "")
            if left.isEmpty {
                result.append("\(place) is missing")
            } else {
                result += differences(node, stored[left.removeFirst()], at: place)
            }
        }
        return result
    }

    /// For planned elements, by place, the place of the stored one that has all of it; the one with the least beside.
    ///
    /// libvirt sorts some lists when a document is defined, its controllers for one, so the order says nothing. In
    /// very long lists only the next few are looked at, for the cost would grow with the square.
    private static func counterparts(_ planned: [Node], _ stored: [Node]) -> [Int: Int] {
        var pairs: [Int: Int] = [:]
        var free = Array(stored.indices)
        let reach = stored.count > 256 ? 16 : stored.count
        for (index, node) in planned.enumerated() {
            let matching = free.prefix(reach).indices.filter { matches(node, stored[free[$0]]) }
            let best = matching.min {
                stored[free[$0]].attributes.count < stored[free[$1]].attributes.count
            }
            guard let best else { continue }
            pairs[index] = free.remove(at: best)
        }
        return pairs
    }

    private static func matches(_ planned: Node, _ stored: Node) -> Bool {
        planned.text == stored.text
            && planned.attributes.allSatisfy { attribute in stored.attributes.contains { $0 == attribute } }
            && planned.childNames.allSatisfy { name in
                let wanted = planned.children(name)
                return counterparts(wanted, stored.children(name)).count == wanted.count
            }
    }

    private static func difference(_ path: String, _ planned: Name, _ stored: Name?) -> String {
        guard let stored else { return "\(path) is missing: \"\(planned)\" was planned" }
        return "\(path) is \"\(stored)\": \"\(planned)\" was planned"
    }
}
