import TestSupport
import Testing
import Text

@testable import SRIOV

/// VFs' counters in the kernel's messages, as they come and as they must not.
@Suite struct VFCountersTests {
    private static func number<Value: FixedWidthInteger>(_ values: Value...) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    private static func attribute(_ type: Int, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
        number(UInt16(truncatingIfNeeded: length ?? value.count + 4), UInt16(type)) + value
            + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    private static func message(_ attributes: [[UInt8]], type: UInt16 = 16, length: Int? = nil) -> [UInt8] {
        let body = [UInt8](repeating: 0, count: 4) + number(Int32(7), 0x1003, 0) + attributes.joined()
        return number(UInt32(length ?? 16 + body.count)) + number(type, 0) + number(UInt32(1), 1) + body
    }

    /// A VF's row as Linux 6.1 writes it: the MAC first, each of the counters with the 8 bytes of a number, and the padding.
    private static func row(_ index: UInt32, _ counters: [(Int, UInt64)]) -> [UInt8] {
        let mac = attribute(
            1, number(index) + [2, 0, 0, 0, 0, UInt8(truncatingIfNeeded: index)] + [UInt8](repeating: 0, count: 26))
        return attribute(
            1, mac + attribute(4, number(index, 1)) + attribute(8, counters.flatMap { attribute($0.0, number($0.1)) }))
    }

    private static let all: [(Int, UInt64)] = [(0, 11), (1, 12), (2, 1300), (3, .max), (4, 0), (5, 3), (7, 5), (8, 6)]

    private func parse(_ bytes: [UInt8]) -> VFCountersMessage? {
        var bytes = bytes
        return bytes.withUnsafeMutableBytes { VFCountersMessage(parsing: $0) }
    }

    private static func message(_ rows: [[UInt8]], count: Int, more: [[UInt8]] = []) -> [UInt8] {
        message(
            [
                attribute(3, Array("eth3".utf8) + [0]), attribute(21, number(UInt32(count))),
                attribute(22, rows.flatMap { $0 }),
            ]
                + more)
    }

    @Test func aRowIsRead() throws {
        let read = try #require(parse(Self.message([Self.row(0, Self.all), Self.row(1, [(2, 7)])], count: 2)))
        #expect(read.name == "eth3")
        #expect(
            read.counters == [
                0: VFCounters(
                    receivedBytes: 1300, receivedPackets: 11, receivedDropped: 5, transmittedBytes: .max,
                    transmittedPackets: 12, transmittedDropped: 6),
                // What is not told is not 0.
                1: VFCounters(receivedBytes: 7),
            ])
    }

    /// As the kernel says it of a driver that does not count.
    @Test func zerosAreNoCounters() throws {
        let read = try #require(parse(Self.message([Self.row(0, [(0, 0), (2, 0)]), Self.row(1, [])], count: 2)))
        #expect(read.counters?.values.allSatisfy(\.isZero) == true)
    }

    @Test func aTableThatWasCutIsUnknown() throws {
        let rows = (0..<450).map { Self.row(UInt32($0), Self.all) }
        #expect(try #require(parse(Self.message(rows, count: 450))).counters == nil, "its length does not fit")
        #expect(try #require(parse(Self.message(Array(rows.prefix(200)), count: 200))).counters?.count == 200)
        #expect(try #require(parse(Self.message(Array(rows.prefix(3)), count: 4))).counters == nil)
        #expect(
            try #require(parse(Self.message([Self.row(0, Self.all), Self.row(0, Self.all)], count: 2))).counters == nil)
    }

    @Test func whatIsNoAnswer() {
        #expect(parse([]) == nil)
        #expect(parse(Self.message([], type: 17)) == nil)
        #expect(parse(Array(Self.message([]).prefix(20))) == nil)
        #expect(parse(Self.message([], length: 4000)) == nil)
        #expect(parse(Self.message([]))?.counters == [:])
    }

    /// Whatever a message says of its lengths, nothing beyond it is read.
    @Test func brokenMessages() {
        let good = Self.message([Self.row(0, Self.all), Self.row(1, Self.all)], count: 2)
        for end in 0..<good.count { _ = parse(Array(good.prefix(end))) }
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            var bad = good
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bad[Int.random(in: 4..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let rows = parse(bad)?.counters { #expect(rows.count <= 2) }
        }
    }
}
