/// A gzip file (RFC 1952) of one member, packed with deflate's fixed codes (RFC 1951): a third or less of text, enough for what is
/// mailed, and no library for it.
package enum Gzip {
    package static func packed(_ content: [UInt8]) -> [UInt8] {
        // No name, no time: the same content gives the same bytes.
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        result += Deflate.packed(content)
        for word in [sum(content), UInt32(truncatingIfNeeded: content.count)] {
            for shift in stride(from: 0, to: 32, by: 8) {
                result.append(UInt8(truncatingIfNeeded: word >> UInt32(shift)))
            }
        }
        return result
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    private static func sum(_ content: [UInt8]) -> UInt32 {
        ~content.reduce(~0) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}
