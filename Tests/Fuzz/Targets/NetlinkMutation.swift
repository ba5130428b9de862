import TestSupport

/// Other messages: attributes doubled, left out, moved, of other types, within each other, their lengths mostly right.
enum NetlinkMutation {
    /// An attribute: a type, and bytes or attributes.
    private struct Attribute {
        var type: UInt16
        var value: [UInt8]
        var inner: [Attribute]?

        /// - Parameter lie: what is added to the length that is true.
        func bytes(lie: Int = 0) -> [UInt8] {
            let value = inner.map { $0.flatMap { $0.bytes() } } ?? value
            let length = UInt16(truncatingIfNeeded: value.count + 4 + lie)
            return number(length) + number(type) + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        }
    }

    private static func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    /// Behind the two headers, netlink's and that of its kind.
    private static func start(_ message: [UInt8]) -> Int {
        // RTM_NEWLINK has an `ifinfomsg`, generic messages have a word.
        message.count > 5 && message[4] == 16 ? 32 : 20
    }

    static func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        let start = start(input)
        guard input.count >= start, !generator.once(in: 20) else { return ByteMutation.mutated(input, &generator) }
        var attributes = read(input[start...], depth: 0) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &generator) { change(&attributes, &generator, depth: 0) }
        let lie = generator.once(in: 12) ? Int.random(in: -6...8, using: &generator) : 0
        var head = Array(input[..<start])
        let liar = Int.random(in: 0..<max(1, attributes.count), using: &generator)
        let body = attributes.enumerated().flatMap { $1.bytes(lie: $0 == liar ? lie : 0) }
        if generator.once(in: 30) { head[4] = UInt8.random(in: 14...22, using: &generator) }
        let length = head.count + body.count + (generator.once(in: 30) ? Int.random(in: -8...8, using: &generator) : 0)
        return number(UInt32(truncatingIfNeeded: length)) + head[4...] + body
    }

    /// Attributes, if all of these bytes are such.
    private static func read(_ bytes: ArraySlice<UInt8>, depth: Int) -> [Attribute]? {
        var rest = bytes
        var attributes: [Attribute] = []
        while rest.count >= 4 {
            let head = Array(rest.prefix(4))
            let length = Int(head[0]) | Int(head[1]) << 8
            guard length >= 4, length <= rest.count else { return nil }
            let value = rest.dropFirst(4).prefix(length - 4)
            let type = UInt16(head[2]) | UInt16(head[3]) << 8
            let inner = depth < 5 && value.count >= 4 ? read(value, depth: depth + 1) : nil
            attributes.append(Attribute(type: type, value: Array(value), inner: inner))
            rest = rest.dropFirst((length + 3) / 4 * 4)
        }
        return attributes
    }

    private static func change(_ attributes: inout [Attribute], _ generator: inout SeededGenerator, depth: Int) {
        guard !attributes.isEmpty else { return }
        let place = Int.random(in: 0..<attributes.count, using: &generator)
        if var inner = attributes[place].inner, !inner.isEmpty, !generator.once(in: 4) {
            change(&inner, &generator, depth: depth + 1)
            attributes[place].inner = inner
            return
        }
        let other = Int.random(in: 0..<attributes.count, using: &generator)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0: attributes.remove(at: place)
        case 1: attributes.insert(attributes[place], at: other)
        case 2: attributes.swapAt(place, other)
        case 3: attributes[place].type = types.randomElement(using: &generator) ?? 1
        case 4: attributes[place] = Attribute(type: attributes[place].type, value: [], inner: nil)
        case 5: attributes[place].inner = [attributes[place]]
        case 6:
            attributes[place].value.removeLast(
                min(attributes[place].value.count, Int.random(in: 1...4, using: &generator)))
        case 7 where attributes[place].inner == nil:
            attributes[place].value = ByteMutation.mutated(attributes[place].value, &generator)
        default:
            let extreme: [UInt32] = [0, 1, 4094, 4096, 0x7FFF_FFFF, 0x8000_0000, .max]
            let words = number(extreme.randomElement(using: &generator) ?? 0)
            attributes[place].value.replaceSubrange(0..<min(4, attributes[place].value.count), with: words)
        }
    }

    /// Types that are read, at any depth, some with the kernel's bit for nested attributes.
    private static let types: [UInt16] =
        Array(0...14) + [18, 21, 22, 43, 52, 53, 64, 0x8001, 0x8016, 145, 146, 147, 163]
}
