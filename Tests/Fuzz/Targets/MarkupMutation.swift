import TestSupport
import Text

/// Other documents of a kind: parts of one that are doubled, moved, left out or taken from others of that kind.
///
/// What comes out is mostly well-formed, so that it is read; what it says is libvirt's vocabulary in any order.
struct MarkupMutation {
    /// Elements of the seeds, by name: what may stand in for each other.
    private var known: [[UInt8]: [MarkupElement]] = [:]
    /// Values of the seeds, by the attribute's name.
    private var values: [[UInt8]: [[UInt8]]] = [:]

    init(seeds: [[UInt8]]) {
        for seed in seeds { learn(MarkupReader.read(seed)) }
    }

    private mutating func learn(_ nodes: [Markup]) {
        for element in nodes.compactMap(\.element) {
            known[element.name, default: []].append(element)
            for (name, value) in element.attributes { values[name, default: []].append(value) }
            learn(element.children)
        }
    }

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var nodes = MarkupReader.read(input)
        for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&nodes, &generator, depth: 0) }
        let bytes = nodes.bytes
        return generator.once(in: 40) ? ByteMutation.mutated(bytes, &generator) : bytes
    }

    /// Changes something in one of the elements, the deeper ones more often: there are more of them.
    private func change(_ nodes: inout [Markup], _ generator: inout SeededGenerator, depth: Int) {
        let places = nodes.indices.filter { nodes[$0].element != nil }
        guard let place = generator.pick(places), var element = nodes[place].element else { return }
        let isDeeper = element.children.contains { $0.element != nil } && !generator.once(in: depth == 0 ? 12 : 3)
        if isDeeper {
            change(&element.children, &generator, depth: depth + 1)
            nodes[place] = .element(element)
        } else if depth > 0, generator.once(in: 3) {
            arrange(&nodes, place, element, &generator)
        } else {
            edit(&element, &generator)
            nodes[place] = .element(element)
        }
    }

    /// Among its neighbours.
    private func arrange(
        _ nodes: inout [Markup], _ place: Int, _ element: MarkupElement, _ generator: inout SeededGenerator
    ) {
        let other = generator.pick(Array(nodes.indices)) ?? place
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: nodes.insert(.element(element), at: other)
        case 1: nodes.remove(at: place)
        case 2: nodes.swapAt(place, other)
        case 3: if let donor = generator.pick(known[element.name] ?? []) { nodes[place] = .element(donor) }
        default: nodes.insert(.raw(between(&generator)), at: other)
        }
    }

    private func edit(_ element: inout MarkupElement, _ generator: inout SeededGenerator) {
        let own = element.attributes.map(\.name)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...3:
            if let name = generator.pick(own) { element[attribute: name] = value(name, &generator) }
        case 4:
            if let donor = generator.pick(known[element.name] ?? []), let added = generator.pick(donor.attributes) {
                element[attribute: added.name] = added.value
            }
        case 5:
            if let name = generator.pick(own) { element[attribute: name] = nil }
        case 6, 7:
            guard let donor = generator.pick(known[element.name] ?? []), let child = generator.pick(donor.children)
            else { return }
            let place = Int.random(in: 0...element.children.count, using: &generator)
            element.children.insert(child, at: place)
        case 8:
            if element.children.contains(where: { $0.element != nil }) { return inNamespace(&element, &generator) }
            let text = generator.pick(HostileText.all) ?? ""
            element.children = generator.once(in: 4) ? [] : [.raw(MarkupElement.escaped(text))]
        default:
            let place = Int.random(in: 0...element.children.count, using: &generator)
            element.children.insert(.raw(between(&generator)), at: place)
        }
    }

    /// A value that another element has there, or one that means harm.
    private func value(_ name: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        if let known = generator.pick(values[name] ?? []), !generator.once(in: 4) { return known }
        return MarkupElement.escaped(generator.pick(HostileText.all) ?? "")
    }

    private func inNamespace(_ element: inout MarkupElement, _ generator: inout SeededGenerator) {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: element[attribute: Array("xmlns".utf8)] = Array("urn:fuzz".utf8)
        case 1: element[attribute: Array("xmlns".utf8)] = []
        case 2:
            element[attribute: Array("xmlns:q".utf8)] = Array("urn:vfpool:1".utf8)
            if !element.name.contains(UInt8(ascii: ":")) { element.name = Array("q:".utf8) + element.name }
        default: element[attribute: Array("xml:space".utf8)] = Array("preserve".utf8)
        }
    }

    /// What may stand between elements.
    private func between(_ generator: inout SeededGenerator) -> [UInt8] {
        let words = [
            "<!-- a > b -->", "<![CDATA[<x/>&]]>", "<?p i?>", "&#38;", "&#xE9;", "\n", "\n\t  ", "  ", "words",
            "\u{301}",
            "<!--\n-->", "&lt;", "\r\n", "<q:r/>",
        ]
        return Array((generator.pick(words) ?? "").utf8)
    }
}
