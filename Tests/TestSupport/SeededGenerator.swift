/// SplitMix64: the same numbers for the same seed, on every machine.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// True once in so many times.
    package mutating func once(in times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }

    package mutating func pick<T>(_ items: [T]) -> T? { items.randomElement(using: &self) }

    /// Seeds to try: `VFPOOL_SEED` names the only one, `VFPOOL_SEEDS` how many of the usual ones.
    package static func seeds(_ usual: Int, _ environment: (String) -> String?) -> [UInt64] {
        if let one = environment("VFPOOL_SEED").flatMap({ UInt64($0) }) { return [one] }
        let count = environment("VFPOOL_SEEDS").flatMap { Int($0) } ?? usual
        return (0..<UInt64(count)).map { $0 }
    }
}
