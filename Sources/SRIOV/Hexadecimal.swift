/// The value of hexadecimal digits, as many as `digits` allows and nothing else.
func hexadecimal(_ text: some Collection<UInt8>, digits: ClosedRange<Int>) -> UInt64? {
    guard digits.contains(text.count) else { return nil }
    var value: UInt64 = 0
    for character in text {
        let digit: UInt8
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
        default: return nil
        }
        value = value << 4 | UInt64(digit)
    }
    return value
}

/// A number in lower-case hexadecimal, with zeros before it up to `digits`.
func padded(_ number: some BinaryInteger, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}
