import Text

/// The name of a change, and of its folder: `20261122-160612-042-17`, when it began in UTC, and how many-th change it is.
///
/// They are in order by that number, which no clock has a say in. Older journals' names have none (or a 0): they come
/// before all that have one, by name.
package struct ChangeName: Sendable, Hashable, Comparable {
    package let text: String
    /// From 1; 0 for a name without.
    package let sequence: Int

    /// Far more than there will ever be, and far from where numbers end.
    private static let highest = 999_999_999_999

    /// - Returns: nil for a name that vfpool never gave.
    package init?(_ name: [UInt8]) {
        guard let number = name.withUnsafeBufferPointer({ Self.sequence(of: $0) }) else { return nil }
        text = String(decoding: name, as: UTF8.self)
        sequence = number
    }

    /// The number in a name; nil for a name that vfpool never gave. Asked for each of many names, so it takes no memory.
    package static func sequence(of name: UnsafeBufferPointer<UInt8>) -> Int? {
        guard name.count <= 48 else { return nil }
        var (part, length, number) = (0, 0, 0)
        for byte in name {
            if byte == UInt8(ascii: "-") {
                guard part < 3, isLength(length, ofPart: part) else { return nil }
                (part, length) = (part + 1, 0)
                continue
            }
            guard byte.isDigit else { return nil }
            if part == 3 {
                // Two ways to write one number would be two names for one change.
                if number == 0, length > 0 { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
                guard number <= highest else { return nil }
            }
            length += 1
        }
        return part >= 2 && isLength(length, ofPart: part) ? number : nil
    }

    private static func isLength(_ length: Int, ofPart part: Int) -> Bool {
        switch part {
        case 0: length >= 8
        case 1: length == 6
        case 2: length == 3
        default: length >= 1
        }
    }

    /// The name of the change after all these; nil where numbers have run out.
    package init?(time: String, after last: Int) {
        guard last < Self.highest else { return nil }
        text = "\(time)-\(last + 1)"
        sequence = last + 1
    }

    package static func < (left: ChangeName, right: ChangeName) -> Bool {
        left.sequence == right.sequence ? left.text < right.text : left.sequence < right.sequence
    }

    /// Whether this is its number, or the end of its name, with or without the number.
    package func ends(in text: String) -> Bool {
        let tail = "-" + text
        if self.text.hasSuffix(bytes: tail) { return true }
        guard sequence > 0, let time = self.text.cut(atLast: "-")?.before else { return false }
        return time.hasSuffix(bytes: tail) || time.isSame(as: text)
    }

    /// Without the number: `20261122-160612-042`.
    package var time: String { text.split(byte: "-").prefix(3).joined(separator: "-") }

    /// Whether a time as in names is before another one.
    package static func isTime(_ left: String, before right: String) -> Bool {
        let (left, right) = (left.utf8, right.utf8)
        // Years may have more digits.
        return left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }

    package func begins(with text: String) -> Bool { self.text.hasPrefix(bytes: text) }
}
