import FoundationEssentials
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

    // MARK: Recorded

    /// As Linux 6.1 sends them of ports of igb, and of lo: see the file.
    private static func recorded() throws -> [String: [UInt8]] {
        let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        let text = try String(
            decoding: Data(contentsOf: URL(filePath: folder + "/Fixtures/netlink/igb.txt")), as: UTF8.self)
        var messages: [String: [UInt8]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            let digits = Array(words[1].utf8)
            messages[String(words[0])] = try stride(from: 0, to: digits.count, by: 2).map { place in
                try #require(UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16))
            }
        }
        return messages
    }

    /// igb has no counters: the kernel says zeros of each VF.
    @Test func aRealKernelsMessages() throws {
        let recorded = try Self.recorded()
        let eth3 = try #require(recorded["eth3"].flatMap(parse))
        #expect(eth3.name == "eth3" && eth3.counters?.keys.sorted() == Array(0..<7))
        #expect(eth3.counters?.values.allSatisfy { $0 == Self.zeros } == true, "\(eth3)")
        let eth4 = try #require(recorded["eth4"].flatMap(parse))
        #expect(eth4.name == "eth4" && eth4.counters == [0: Self.zeros, 1: Self.zeros])
        let lo = try #require(recorded["lo"].flatMap(parse))
        #expect(lo.name == "lo" && lo.counters == [:])
        let settings = try #require(
            recorded["eth3"]?.withUnsafeBytes { LinkMessage(parsing: $0) }?.settings)
        #expect(settings[1]?.mac == MACAddress("52:54:00:aa:00:01") && settings[1]?.vlan == 42)
        #expect(settings[2]?.spoofCheck == false && settings[3]?.spoofCheck == true && settings.count == 7)
    }

    private static let zeros = VFCounters(
        receivedBytes: 0, receivedPackets: 0, receivedDropped: 0, transmittedBytes: 0, transmittedPackets: 0,
        transmittedDropped: 0)

    /// The same bytes with figures where the kernel has zeros: each is read from its place.
    @Test func figuresInARealMessage() throws {
        var bytes = try #require(Self.recorded()["eth3"])
        // Packets, bytes, dropped, by the numbers that the kernel has for them.
        let heads: [(Int, UInt64)] = [(0, 11), (1, 12), (2, 1300), (3, 1400), (7, 5), (8, 6)]
        var found = 0
        for place in stride(from: 0, to: bytes.count - 12, by: 4) {
            // The row of VF 1 begins with its MAC.
            guard bytes[place..<place + 6] == [0x52, 0x54, 0x00, 0xAA, 0x00, 0x01], found == 0 else { continue }
            for (type, value) in heads {
                let head = Self.number(UInt16(12), UInt16(type))
                let statistics = try #require(Self.statistics(in: bytes, after: place))
                let at = try #require(
                    stride(from: statistics.lowerBound, to: statistics.upperBound, by: 4).first {
                        Array(bytes[$0..<$0 + 4]) == head
                    })
                bytes.replaceSubrange(at + 4..<at + 12, with: Self.number(value))
                found += 1
            }
        }
        #expect(found == 6)
        let read = try #require(parse(bytes)?.counters)
        #expect(
            read[1]
                == VFCounters(
                    receivedBytes: 1300, receivedPackets: 11, receivedDropped: 5, transmittedBytes: 1400,
                    transmittedPackets: 12, transmittedDropped: 6))
        #expect(read.filter { $0.key != 1 }.values.allSatisfy { $0 == Self.zeros })
    }

    /// Where the attribute IFLA_VF_STATS that comes next has its value.
    private static func statistics(in bytes: [UInt8], after place: Int) -> Range<Int>? {
        for at in stride(from: place, to: bytes.count - 4, by: 4) {
            let length = Int(bytes[at]) | Int(bytes[at + 1]) << 8
            let type = Int(bytes[at + 2]) | Int(bytes[at + 3]) << 8
            // With the flag of nested ones, or without.
            if type & 0x3FFF == 8, length >= 100, at + length <= bytes.count { return at + 4..<at + length }
        }
        return nil
    }

    /// Real ones that are cut anywhere, or whose bytes are others.
    @Test func brokenRealMessages() throws {
        let recorded = try Self.recorded()
        var random = SeededGenerator(seed: 11)
        for good in recorded.values {
            for end in 0..<good.count { _ = parse(Array(good.prefix(end))) }
            for _ in 0..<3000 {
                var bad = good
                for _ in 0..<Int.random(in: 1...6, using: &random) {
                    bad[Int.random(in: 0..<bad.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                if let rows = parse(bad)?.counters { #expect(rows.count <= 7) }
            }
        }
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
