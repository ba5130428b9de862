package import Text

/// Names of hosts in few words: `kvm[1-3,7],db1`. `--hosts` takes the same.
package enum HostNames {
    package static func folded(_ names: [Name]) -> String {
        let names = names.deduplicated
        guard names.count > 1 else { return names.first?.string ?? "" }
        let parts = names.map { Parts($0) }
        // Where they differ: the number by which the fewest words remain.
        let most = parts.map(\.numbers).max() ?? 0
        var best = names.map(\.string)
        for place in 0..<max(most, 0) {
            let words = words(names, parts, at: place)
            if words.count < best.count { best = words }
        }
        return best.joined(separator: ",")
    }

    /// A name, cut at its numbers.
    private struct Parts {
        /// Text, number, text, …
        var pieces: [String] = [""]
        var numbers: Int { pieces.count / 2 }

        init(_ name: Name) {
            // What has such brackets itself is not put into others.
            guard !name.string.utf8.contains(where: { $0.isOne(of: "[],") }) else {
                pieces = [name.string]
                return
            }
            var rest = name.string[...]
            pieces = []
            while true {
                let text = rest.prefix(bytes: { !$0.isDigit })
                let number = rest[text.endIndex...].prefix(bytes: \.isDigit)
                pieces.append(String(text))
                guard !number.isEmpty else { return }
                pieces.append(String(number))
                rest = rest[number.endIndex...]
            }
        }

        /// What stands around the number at this place, and the number; nil where there is none that can be counted.
        func split(at place: Int) -> (key: Key, digits: String)? {
            let index = 2 * place + 1
            guard index < pieces.count, pieces[index].utf8.count < 16 else { return nil }
            return (
                Key(
                    before: Name(pieces[..<index].joined()), after: Name(pieces[(index + 1)...].joined())),
                pieces[index]
            )
        }
    }

    private struct Key: Hashable {
        var before: Name
        var after: Name
    }

    private static func words(_ names: [Name], _ parts: [Parts], at place: Int) -> [String] {
        var groups: [Key: [String]] = [:]
        for part in parts {
            if let (key, digits) = part.split(at: place) { groups[key, default: []].append(digits) }
        }
        var said: Set<Key> = []
        return zip(names, parts).flatMap { name, part -> [String] in
            guard let (key, _) = part.split(at: place), let digits = groups[key], digits.count > 1 else {
                return [name.string]
            }
            guard said.insert(key).inserted else { return [] }
            return ranges(digits).map { "\(key.before)\($0)\(key.after)" }
        }
    }

    /// `[1-3,7]`, and by itself what counts with another number of digits.
    private static func ranges(_ numbers: [String]) -> [String] {
        let widths = Set(numbers.filter { $0.hasPrefix(bytes: "0") && $0.utf8.count > 1 }.map(\.utf8.count))
        let groups = Dictionary(grouping: numbers) { widths.contains($0.utf8.count) ? $0.utf8.count : 0 }
        return groups.sorted { $0.key < $1.key }.map { width, numbers in
            let sorted = numbers.compactMap { Int(digits: $0) }.sorted()
            guard sorted.count > 1 else { return numbers.joined() }
            return "[\(runs(sorted).map { run($0, width) }.joined(separator: ","))]"
        }
    }

    private static func run(_ range: ClosedRange<Int>, _ width: Int) -> String {
        let first = HostRange.padded(range.lowerBound, width)
        return range.count == 1 ? first : "\(first)-\(HostRange.padded(range.upperBound, width))"
    }

    private static func runs(_ sorted: [Int]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for number in sorted {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs
    }
}
