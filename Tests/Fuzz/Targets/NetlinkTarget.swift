import TestSupport

@testable import SRIOV

/// The kernel's messages about netdevs, VF tables and switches: whatever they hold, nothing beyond them is read.
struct NetlinkTarget: FuzzTarget {

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        NetlinkMutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        // Each reader gets a buffer of its own that ends where the message ends, so that a sanitizer sees what goes beyond.
        let link = Self.exactly(input) { LinkMessage(parsing: UnsafeRawBufferPointer($0)) }
        let counters = Self.exactly(input) { VFCountersMessage(parsing: $0) }
        let extras = Self.exactly(input) { NetdevExtras.read(parsing: $0) }
        let port = Self.exactly(input) { DevlinkPort.read(parsing: $0) }
        if let link {
            try require(link.settings.count <= input.count / 4, "more VFs than there is room for")
            try require(link.settings.keys.allSatisfy { $0 >= 0 }, "a VF below 0")
        }
        return link != nil || counters != nil || extras != nil || port != nil
    }

    private static func exactly<Result>(
        _ input: [UInt8], _ read: (UnsafeMutableRawBufferPointer) -> Result
    ) -> Result {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: input.count, alignment: 8)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: input)
        return read(buffer)
    }
}
