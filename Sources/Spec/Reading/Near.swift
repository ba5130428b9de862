import Model
import Text

/// Which known words somebody may have meant.
enum Near {
    /// A hint that names the nearest; none where none is near.
    static func hints(_ word: Name, of known: [Name]) -> [Hint] {
        let found = known.map { (name: $0, distance: distance($0, word)) }
            .filter { $0.distance <= max(1, min($0.name.string.utf8.count, 12) / 3) }
            .min { $0.distance < $1.distance }
        if let found { return ["did you mean \(text: found.name)?"] }
        return known.isEmpty ? [] : ["known here: \(text: Words.list(known, most: known.count))"]
    }

    /// How many letters have to be changed, added, taken away or to change places with the next, upper and lower case being one.
    private static func distance(_ left: Name, _ right: Name) -> Int {
        let left = Array(left.string.asciiLowercased.utf8)
        let right = Array(right.string.asciiLowercased.utf8.prefix(64))
        var former: [Int] = []
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var next = [i + 1]
            for j in right.indices {
                var least = min(row[j + 1] + 1, next[j] + 1, row[j] + (letter == right[j] ? 0 : 1))
                if i > 0, j > 0, letter == right[j - 1], left[i - 1] == right[j] {
                    least = min(least, former[j - 1] + 1)
                }
                next.append(least)
            }
            (former, row) = (row, next)
        }
        return row[right.count]
    }
}
