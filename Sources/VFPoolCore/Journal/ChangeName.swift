import Text

/// The name of a change, and of its folder: `20261122-160612-042-17`, when it began in UTC, and how many-th change it is.
///
/// They are in order by that number, which no clock has a say in. Older journals' names have none (or a 0): they come
/// before all that have one, by name.
struct ChangeName: Sendable, Hashable, Comparable {
    let text: String
    /// From 1; 0 for a name without.
    let sequence: Int

    /// Far more than there will ever be, and far from where numbers end.
    private static let highest = 999_999_999_999

    /// - Returns: nil for a name that vfpool never gave.
    init?(_ name: [UInt8]) {
        let parts = name.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3 || parts.count == 4, parts[0].count >= 8, name.count <= 48, parts[1].count == 6,
            parts[2].count == 3, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDigit) })
        else { return nil }
        let text = String(decoding: name, as: UTF8.self)
        guard parts.count == 4 else {
            self.text = text
            sequence = 0
            return
        }
        // Two ways to write one number would be two names for one change.
        guard let number = Int(String(decoding: parts[3], as: UTF8.self)), number <= Self.highest,
            number == 0 ? parts[3].count == 1 : parts[3].first != UInt8(ascii: "0")
        else { return nil }
        self.text = text
        sequence = number
    }

    /// The name of the change after all these; nil where numbers have run out.
    init?(time: String, after last: Int) {
        guard last < Self.highest else { return nil }
        text = "\(time)-\(last + 1)"
        sequence = last + 1
    }

    static func < (left: ChangeName, right: ChangeName) -> Bool {
        left.sequence == right.sequence ? left.text < right.text : left.sequence < right.sequence
    }

    /// Whether this is its number, or the end of its name, with or without the number.
    func ends(in text: String) -> Bool {
        let (own, end) = (Array(self.text.utf8), Array(text.utf8))
        let tail = [UInt8(ascii: "-")] + end
        guard own.suffix(tail.count) != tail[...] else { return true }
        guard sequence > 0, let dash = own.lastIndex(of: UInt8(ascii: "-")) else { return false }
        return own[..<dash].suffix(tail.count) == tail[...] || own[..<dash].elementsEqual(end)
    }

    func begins(with text: String) -> Bool { self.text.hasPrefix(bytes: text) }
}
