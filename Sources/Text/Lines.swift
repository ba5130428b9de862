/// Lines and words of configuration, `/proc` and `/sys`, whatever made them.
extension StringProtocol where SubSequence == Substring {
    /// Its lines without their ends, which are LF or CR LF; the last end begins no further line.
    package var lines: [Substring] {
        var lines = split(byte: "\n", keepsEmpty: true)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines.map { $0.without(suffix: "\r") ?? $0 }
    }

    /// What stands between blanks and line ends.
    package var words: [Substring] { split(bytes: \.isBlank) }

    /// Without blanks and line ends around it.
    package var trimmed: Substring {
        let start = drop(bytes: \.isBlank)
        guard let last = start.utf8.lastIndex(where: { !$0.isBlank }) else { return start }
        return start[...last]
    }

    /// With `A` to `Z` in lower case, and nothing else changed: MACs, UUIDs, hexadecimal numbers.
    package var asciiLowercased: String {
        String(
            decoding: utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension UInt8 {
    /// A blank, a tab, or what ends a line.
    package var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

    /// `0` to `9`.
    package var isDigit: Bool { (0x30...0x39).contains(self) }

    /// `A` to `Z`, `a` to `z`.
    package var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }

    /// Whether it is one of these ASCII characters.
    package func isOne(of characters: StaticString) -> Bool {
        characters.withUTF8Buffer { $0.contains(self) }
    }
}

extension FixedWidthInteger {
    /// A number in decimal digits and nothing else: no sign, no blanks, no digits of other scripts.
    package init?(digits text: some StringProtocol) {
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
        self.init(text)
    }
}
