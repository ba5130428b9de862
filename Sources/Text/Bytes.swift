/// Text from outside, taken as bytes.
///
/// Swift's own operations on strings go by characters, and a character may be more than the byte that was meant: a line's end that
/// follows a carriage return, a slash with an accent, are other characters than `\n` and `/`. What is looked for here is UTF-8 like
/// the text, so what is found begins and ends where a code point does.
extension StringProtocol where SubSequence == Substring {
    /// Whether both have the same bytes.
    package func isSame(as other: some StringProtocol) -> Bool {
        let (own, other) = (utf8, other.utf8)
        let fast = own.withContiguousStorageIfAvailable { own in
            other.withContiguousStorageIfAvailable { own.count == $0.count && own.elementsEqual($0) }
        }
        return (fast ?? nil) ?? own.elementsEqual(other)
    }

    package func hasPrefix(bytes prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

    package func hasSuffix(bytes suffix: some StringProtocol) -> Bool {
        utf8.reversed().starts(with: suffix.utf8.reversed())
    }

    package func contains(bytes part: some StringProtocol) -> Bool { firstRange(ofBytes: part) != nil }

    /// What follows this beginning; nil where it begins otherwise.
    package func without(prefix: some StringProtocol) -> Substring? {
        hasPrefix(bytes: prefix) ? self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...] : nil
    }

    /// What stands before this end; nil where it ends otherwise.
    package func without(suffix: some StringProtocol) -> Substring? {
        hasSuffix(bytes: suffix) ? self[..<utf8.index(endIndex, offsetBy: -suffix.utf8.count)] : nil
    }

    /// Where these bytes stand first.
    package func firstRange(ofBytes part: some StringProtocol) -> Range<String.Index>? {
        guard let first = part.utf8.first else { return startIndex..<startIndex }
        var rest = utf8[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: part.utf8) {
                return start..<utf8.index(start, offsetBy: part.utf8.count)
            }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// Everywhere these bytes stand, none of them twice.
    package func ranges(ofBytes part: some StringProtocol) -> [Range<String.Index>] {
        var found: [Range<String.Index>] = []
        var rest = self[...]
        while !part.isEmpty, let range = rest.firstRange(ofBytes: part) {
            found.append(range)
            rest = rest[range.upperBound...]
        }
        return found
    }

    package func replacing(bytes part: some StringProtocol, with other: String) -> String {
        var result = ""
        var rest = startIndex
        for range in ranges(ofBytes: part) {
            result += self[rest..<range.lowerBound]
            result += other
            rest = range.upperBound
        }
        return result + self[rest...]
    }

    /// The parts between these ASCII characters.
    package func split(byte separator: Unicode.Scalar, maxSplits: Int = .max, keepsEmpty: Bool = false) -> [Substring] {
        self[...].utf8.split(
            separator: UInt8(ascii: separator), maxSplits: maxSplits, omittingEmptySubsequences: !keepsEmpty
        ).map { Substring($0) }
    }

    /// The parts between bytes like these.
    package func split(bytes isSeparator: (UInt8) -> Bool) -> [Substring] {
        self[...].utf8.split(whereSeparator: isSeparator).map { Substring($0) }
    }

    /// What stands before and behind the first of these ASCII characters; nil where there is none.
    package func cut(at separator: Unicode.Scalar) -> (before: Substring, after: Substring)? {
        guard let at = utf8.firstIndex(of: UInt8(ascii: separator)) else { return nil }
        return (self[..<at], self[utf8.index(after: at)...])
    }

    /// What stands before and behind the last of these ASCII characters; nil where there is none.
    package func cut(atLast separator: Unicode.Scalar) -> (before: Substring, after: Substring)? {
        guard let at = self[...].utf8.lastIndex(of: UInt8(ascii: separator)) else { return nil }
        return (self[..<at], self[utf8.index(after: at)...])
    }

    /// What is left without such bytes at its start.
    package func drop(bytes isDropped: (UInt8) -> Bool) -> Substring {
        Substring(self[...].utf8.drop(while: isDropped))
    }

    /// Such bytes at its start.
    package func prefix(bytes isTaken: (UInt8) -> Bool) -> Substring {
        Substring(self[...].utf8.prefix(while: isTaken))
    }
}
