import Text

/// Patterns of file and device names, as fnmatch(3) takes them, byte for byte.
///
/// A part of the pattern that is not known (a shell variable, say) may be anything: `unknown` stands for it.
package enum Glob {
    /// What stands for a part of a text that can't be told: a character that no name has in it.
    package static let unknown = "\u{1}"

    /// - Parameter inPath: whether `*` and `?` stop at a slash, as in the shell.
    package static func truth(_ pattern: some StringProtocol, _ text: some StringProtocol, inPath: Bool = false)
        -> Truth
    {
        let pattern = Array(pattern.utf8)
        guard matches(pattern[...], Array(text.utf8)[...], inPath: inPath) else { return .no }
        return pattern.contains(unknownByte) ? .maybe : .yes
    }

    package static func isPattern(_ text: some StringProtocol) -> Bool { text.utf8.contains { $0.isOne(of: "*?[") } }

    package static func isKnown(_ text: some StringProtocol) -> Bool { !text.utf8.contains(unknownByte) }

    private static let unknownByte = UInt8(0x01)
    private static let slash = UInt8(ascii: "/")

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>, inPath: Bool) -> Bool {
        var (pattern, text) = (pattern, text)
        // Where to go on when what follows a star does not fit: one byte further.
        var star: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>, crosses: Bool)?
        while true {
            if let first = pattern.first, first == UInt8(ascii: "*") || first == unknownByte {
                pattern = pattern.dropFirst()
                star = (pattern, text, !inPath || first == unknownByte)
                continue
            }
            if let byte = text.first {
                if let rest = rest(pattern, after: byte, inPath: inPath) {
                    (pattern, text) = (rest, text.dropFirst())
                    continue
                }
            } else if pattern.isEmpty {
                return true
            }
            guard let last = star, let byte = last.text.first, last.crosses || byte != slash else { return false }
            star = (last.pattern, last.text.dropFirst(), last.crosses)
            (pattern, text) = (last.pattern, last.text.dropFirst())
        }
    }

    /// What is left of the pattern when its first part stands for this byte; nil where it does not.
    private static func rest(_ pattern: ArraySlice<UInt8>, after byte: UInt8, inPath: Bool) -> ArraySlice<UInt8>? {
        guard let first = pattern.first else { return nil }
        let rest = pattern.dropFirst()
        switch first {
        case UInt8(ascii: "?"): return inPath && byte == slash ? nil : rest
        case UInt8(ascii: "["):
            guard let (isMember, rest) = bracket(rest, byte) else { return byte == first ? pattern.dropFirst() : nil }
            return isMember && !(inPath && byte == slash) ? rest : nil
        case UInt8(ascii: "\\"):
            guard let escaped = rest.first else { return byte == first ? rest : nil }
            return escaped == byte ? rest.dropFirst() : nil
        default: return first == byte ? rest : nil
        }
    }

    /// Whether the byte is one of a bracket's, and what follows the bracket; nil where none ends.
    private static func bracket(
        _ pattern: ArraySlice<UInt8>, _ byte: UInt8
    ) -> (isMember: Bool, rest: ArraySlice<UInt8>)? {
        var rest = pattern
        let isNegated = rest.first.map { $0.isOne(of: "!^") } ?? false
        if isNegated { rest = rest.dropFirst() }
        var isMember = false
        var isFirst = true
        while let low = rest.first {
            if low == UInt8(ascii: "]"), !isFirst { return (isMember != isNegated, rest.dropFirst()) }
            isFirst = false
            rest = rest.dropFirst()
            var high = low
            if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") {
                high = end
                rest = rest.dropFirst(2)
            }
            if low <= byte, byte <= high { isMember = true }
        }
        return nil
    }
}
