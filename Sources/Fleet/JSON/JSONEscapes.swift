import Text

/// What a text of a JSON document says that has escapes (`\n`, `\u009b`), each of which is known to be whole.
enum JSONEscapes {
    static func text(_ part: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        var result = String.UnicodeScalarView()
        var rest = part
        while let backslash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            result.append(contentsOf: String(decoding: rest[..<backslash], as: UTF8.self).unicodeScalars)
            rest = rest[(backslash + 1)...]
            result.append(scalar(&rest))
        }
        result.append(contentsOf: String(decoding: rest, as: UTF8.self).unicodeScalars)
        return String(result)
    }

    static func value(_ digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
            UInt32((digit | 0x20) - UInt8(ascii: "a")) + 10
        default: nil
        }
    }

    private static func scalar(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Unicode.Scalar {
        switch rest.removeFirst() {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = unit(&rest)
            // Two halves of a pair make one character; half a pair is none.
            guard (0xD800..<0xDC00).contains(first), rest.starts(with: "\\u".utf8) else {
                return Unicode.Scalar(first) ?? "\u{FFFD}"
            }
            var after = rest.dropFirst(2)
            let second = unit(&after)
            guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
            rest = after
            return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
        case let other: return Unicode.Scalar(other)
        }
    }

    private static func unit(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 { unit = unit << 4 | (value(rest.removeFirst()) ?? 0) }
        return unit
    }
}
