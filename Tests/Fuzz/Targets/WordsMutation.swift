import TestSupport
import Text

/// Other command lines: words of the seeds in any order, and words that mean harm.
struct WordsMutation {
    private let lines: [[[UInt8]]]
    private let words: [[UInt8]]

    init(seeds: [[UInt8]]) {
        lines = seeds.map(Self.words)
        words = lines.flatMap { $0.dropFirst() }
    }

    private static func words(_ input: [UInt8]) -> [[UInt8]] {
        input.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var words = Self.words(input)
        for _ in 0..<Int.random(in: 1...2, using: &generator) { change(&words, &generator) }
        return Array(words.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
    }

    private func change(_ words: inout [[UInt8]], _ generator: inout SeededGenerator) {
        guard !words.isEmpty else {
            words = generator.pick(lines) ?? []
            return
        }
        let place = Int.random(in: 0..<words.count, using: &generator)
        let hostile = Array((generator.pick(HostileText.all) ?? "").replacing(bytes: "\n", with: "\\n").utf8)
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: words.remove(at: place)
        case 1: words.insert(generator.pick(self.words) ?? [], at: place)
        case 2 where place > 0 && generator.once(in: 2) && !words[place].starts(with: "-".utf8): words[place] = hostile
        case 3 where generator.once(in: 6): words[place] = ByteMutation.mutated(words[place], &generator)
        // Options of the same command go together, as do words of lists.
        case 4...7:
            let donor = generator.pick(lines.filter { $0.first == words.first }) ?? []
            words += Self.options(donor.dropFirst(), &generator)
        case 8, 9:
            if let donor = generator.pick(lines) { words = [donor[0]] + Self.options(donor.dropFirst(), &generator) }
        default: if let donor = generator.pick(lines) { words = donor }
        }
    }

    /// Some of a command's options with their values, or all of its words.
    private static func options(_ words: ArraySlice<[UInt8]>, _ generator: inout SeededGenerator) -> [[UInt8]] {
        var groups: [[[UInt8]]] = []
        for word in words {
            if word.first == UInt8(ascii: "-") || groups.isEmpty {
                groups.append([word])
            } else {
                groups[groups.count - 1].append(word)
            }
        }
        return groups.filter { _ in !generator.once(in: 4) }.flatMap(\.self)
    }
}
