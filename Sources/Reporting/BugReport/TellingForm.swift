import Text

/// What tells of a host or guest by its form alone, wherever it stands in a text: a MAC, a UUID, an IP address.
struct TellingForm {
    enum Kind { case hardware, uuid, bareUUID, ipv4, ipv6 }

    var kind: Kind
    /// How many bytes it has.
    var length: Int

    /// - Returns: what begins at `start`, and is not part of a longer word; nil where nothing does.
    static func at(_ start: Int, of bytes: [UInt8]) -> TellingForm? {
        guard bytes[start].isHexadecimal || bytes[start] == colon else { return nil }
        guard start == 0 || !bytes[start - 1].isOfWord || isNetdevOfMAC(start, bytes) else { return nil }
        let text = bytes[start...]
        if let mac = netdevOfMAC(text, start, bytes) { return mac }
        return uuid(text) ?? bareUUID(text) ?? hardware(text, ":") ?? hardware(text, "-") ?? ipv6(text, start, bytes)
            ?? ipv4(text, start, bytes)
    }

    private static let colon = UInt8(ascii: ":")

    /// `enx525400000001`: a netdev that is called by its MAC.
    private static func isNetdevOfMAC(_ start: Int, _ bytes: [UInt8]) -> Bool {
        start >= 3 && bytes[(start - 3)..<start].elementsEqual("enx".utf8)
            && (start == 3 || !bytes[start - 4].isOfWord)
    }

    private static func isEnd(_ text: ArraySlice<UInt8>, _ length: Int) -> Bool {
        text.count == length || !text[text.startIndex + length].isOfWord
    }

    private static func uuid(_ text: ArraySlice<UInt8>) -> TellingForm? {
        guard text.count >= 36, isEnd(text, 36) else { return nil }
        for (index, byte) in text.prefix(36).enumerated() {
            let isDash = [8, 13, 18, 23].contains(index)
            guard isDash ? byte == UInt8(ascii: "-") : byte.isHexadecimal else { return nil }
        }
        return TellingForm(kind: .uuid, length: 36)
    }

    /// A UUID or machine-id without dashes.
    private static func bareUUID(_ text: ArraySlice<UInt8>) -> TellingForm? {
        guard text.prefix(while: \.isHexadecimal).count == 32, isEnd(text, 32) else { return nil }
        return TellingForm(kind: .bareUUID, length: 32)
    }

    private static func netdevOfMAC(_ text: ArraySlice<UInt8>, _ start: Int, _ bytes: [UInt8]) -> TellingForm? {
        guard isNetdevOfMAC(start, bytes), text.prefix(while: \.isHexadecimal).count == 12, isEnd(text, 12) else {
            return nil
        }
        return TellingForm(kind: .hardware, length: 12)
    }

    /// Six pairs of digits or more: InfiniBand has 8 and 20.
    private static func hardware(_ text: ArraySlice<UInt8>, _ separator: Unicode.Scalar) -> TellingForm? {
        var rest = text
        var pairs = 0
        while rest.count >= 2, rest.prefix(2).allSatisfy(\.isHexadecimal) {
            rest = rest.dropFirst(2)
            pairs += 1
            guard rest.count >= 3, rest.first == UInt8(ascii: separator),
                rest.dropFirst().prefix(2).allSatisfy(\.isHexadecimal)
            else { break }
            rest = rest.dropFirst()
        }
        guard pairs >= 6, rest.first.map({ !$0.isOfWord }) ?? true else { return nil }
        return TellingForm(kind: .hardware, length: rest.startIndex - text.startIndex)
    }

    private static func ipv4(_ text: ArraySlice<UInt8>, _ start: Int, _ bytes: [UInt8]) -> TellingForm? {
        guard start == 0 || bytes[start - 1] != UInt8(ascii: ".") else { return nil }
        let run = text.prefix { $0.isDigit || $0 == UInt8(ascii: ".") }
        var length = run.count
        // The end of a sentence.
        if run.last == UInt8(ascii: ".") { length -= 1 }
        let parts = run.prefix(length).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4, isEnd(text, length),
            parts.allSatisfy({ (1...3).contains($0.count) && $0.reduce(0) { $0 * 10 + Int($1) - 48 } < 256 })
        else { return nil }
        return TellingForm(kind: .ipv4, length: length)
    }

    /// With `::`, or eight groups: a PCI address and a time have neither.
    private static func ipv6(_ text: ArraySlice<UInt8>, _ start: Int, _ bytes: [UInt8]) -> TellingForm? {
        guard start == 0 || bytes[start - 1] != colon else { return nil }
        var length = text.prefix { $0.isHexadecimal || $0 == colon }.count
        // A colon that ends a phrase; an address ends with two at most.
        if length > 1, text[text.startIndex + length - 1] == colon, text[text.startIndex + length - 2] != colon {
            length -= 1
        }
        guard length > 2, isEnd(text, length) else { return nil }
        let groups = text.prefix(length).split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard groups.allSatisfy({ $0.count <= 4 }), groups.contains(where: { !$0.isEmpty }) else { return nil }
        let inner = groups.dropFirst().dropLast()
        let isShortened = inner.contains(where: \.isEmpty) && groups.count <= 9
        guard isShortened || (groups.count == 8 && !groups.contains(where: \.isEmpty)) else { return nil }
        return TellingForm(kind: .ipv6, length: length)
    }
}

extension UInt8 {
    var isHexadecimal: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }

    /// Part of a word: a letter, a digit, or part of a character beyond ASCII.
    var isOfWord: Bool { isLetter || isDigit || self >= 0x80 }
}
