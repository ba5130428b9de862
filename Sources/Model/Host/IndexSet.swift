import Text

/// A set of VF indices written as people write it: `4-7,9`.
package struct IndexSet: Sendable, Equatable, CustomStringConvertible {
    package private(set) var indices: Set<Int> = []

    package init() {}

    package init(_ indices: some Sequence<Int>) { self.indices = Set(indices) }

    /// Reads `4-7,9`; nil for anything else. Indices above 65,535, the most a PF can have, are refused.
    package init?(_ text: String) {
        var runs: [ClosedRange<Int>] = []
        for part in text.split(byte: ",", keepsEmpty: true) {
            let ends = part.split(byte: "-", keepsEmpty: true).map { Self.index($0) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last else {
                return nil
            }
            runs.append(first...last)
        }
        // Each index is added once, however often a text of some megabytes names all of them.
        var next = 0
        for run in runs.sorted(by: { $0.lowerBound < $1.lowerBound }) where run.upperBound >= next {
            indices.formUnion(max(next, run.lowerBound)...run.upperBound)
            next = run.upperBound + 1
        }
    }

    private static func index(_ text: Substring) -> Int? {
        guard let value = Int(digits: text), value < 65_536
        else {
            return nil
        }
        return value
    }

    package var isEmpty: Bool { indices.isEmpty }

    package func contains(_ index: Int) -> Bool { indices.contains(index) }

    package var sorted: [Int] { indices.sorted() }

    /// The shortest spelling: runs joined by a hyphen.
    package var description: String {
        var runs: [ClosedRange<Int>] = []
        for index in sorted {
            if let last = runs.last, last.upperBound + 1 == index {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
