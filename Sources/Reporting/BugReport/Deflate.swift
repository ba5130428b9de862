/// Deflate's stream in one block of fixed codes: a byte, or how far back and how long the same stood already.
struct Deflate {
    private var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    static func packed(_ content: [UInt8]) -> [UInt8] {
        var stream = Deflate()
        // The last block, of fixed codes.
        stream.put(0b011, 3)
        var at = 0
        // Where three bytes stood last, by a number made of them.
        var last = [Int](repeating: -1, count: 1 << 15)
        while at < content.count {
            let length = stream.match(content, at, last)
            if length > 0 {
                stream.putMatch(length: length, distance: at - last[number(content, at)])
            } else {
                stream.putSymbol(Int(content[at]))
            }
            let next = at + max(1, length)
            while at < next {
                if at + 2 < content.count { last[number(content, at)] = at }
                at += 1
            }
        }
        stream.putSymbol(256)
        stream.put(0, (8 - stream.pendingBits % 8) % 8)
        return stream.bytes
    }

    private static func number(_ content: [UInt8], _ at: Int) -> Int {
        let three = Int(content[at]) << 16 | Int(content[at + 1]) << 8 | Int(content[at + 2])
        return (three &* 0x9E37_79B1) >> 9 & 0x7FFF
    }

    /// How many bytes stood where these three stood last; 0 for fewer than three, or too far back.
    private func match(_ content: [UInt8], _ at: Int, _ last: [Int]) -> Int {
        guard at + 2 < content.count else { return 0 }
        let start = last[Self.number(content, at)]
        guard start >= 0, at - start <= 32_768 else { return 0 }
        let most = min(258, content.count - at)
        var length = 0
        while length < most, content[start + length] == content[at + length] { length += 1 }
        return length < 3 ? 0 : length
    }

    // MARK: Codes

    private static let lengths = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]

    private static let distances = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193,
        12_289, 16_385, 24_577,
    ]

    private mutating func putMatch(length: Int, distance: Int) {
        let code = Self.lengths.lastIndex { $0 <= length } ?? 0
        putSymbol(257 + code)
        put(length - Self.lengths[code], code < 8 || code == 28 ? 0 : code / 4 - 1)
        let place = Self.distances.lastIndex { $0 <= distance } ?? 0
        putReversed(place, 5)
        put(distance - Self.distances[place], place < 4 ? 0 : place / 2 - 1)
    }

    private mutating func putSymbol(_ symbol: Int) {
        switch symbol {
        case ..<144: putReversed(0x30 + symbol, 8)
        case ..<256: putReversed(0x190 + symbol - 144, 9)
        case ..<280: putReversed(symbol - 256, 7)
        default: putReversed(0xC0 + symbol - 280, 8)
        }
    }

    /// A code's bits come from its highest, a number's from its lowest.
    private mutating func putReversed(_ code: Int, _ count: Int) {
        var reversed = 0
        for bit in 0..<count where code >> bit & 1 == 1 { reversed |= 1 << (count - 1 - bit) }
        put(reversed, count)
    }

    private mutating func put(_ number: Int, _ count: Int) {
        pending |= UInt64(number) << UInt64(pendingBits)
        pendingBits += count
        while pendingBits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingBits -= 8
        }
    }
}
