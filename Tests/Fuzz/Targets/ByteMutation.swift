import TestSupport

/// Other bytes: some changed, left out, doubled or put in.
enum ByteMutation {
    static func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        guard !input.isEmpty else { return [UInt8.random(in: 0...255, using: &generator)] }
        var bytes = input
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...16, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        default: bytes.insert(contentsOf: Array((generator.pick(HostileText.all) ?? "").utf8), at: place)
        }
        return bytes
    }
}
