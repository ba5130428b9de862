import Testing
import Text

@testable import SRIOV

/// devlink's messages, laid out as the kernel has them (`devlink_nl_port_fill`), for there is no card with a switch to ask here.
@Suite struct DevlinkPortTests {
    private func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    private func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        bytes(UInt16(value.count + 4)) + bytes(type) + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    private func text(_ type: UInt16, _ text: String) -> [UInt8] { attribute(type, Array(text.utf8) + [0]) }

    private func message(_ attributes: [[UInt8]], command: UInt8 = 7) -> [UInt8] {
        let body = [command, 1, 0, 0] + attributes.joined()
        return bytes(UInt32(16 + body.count)) + bytes(UInt16(0x15)) + bytes(UInt16(2)) + bytes(UInt32(1))
            + bytes(UInt32(9)) + body
    }

    private func function(_ on: UInt32, _ known: UInt32, nested: UInt16 = 0x8000) -> [UInt8] {
        let address = attribute(1, [0x52, 0x54, 0, 0, 0, 1])
        return attribute(145 | nested, address + attribute(2, [1]) + attribute(4, bytes(on) + bytes(known)))
    }

    /// VF 5 of 0000:06:00.0 at port 2.
    private func port(
        _ function: [UInt8], bus: String = "pci", device: String = "0000:06:00.0", flavour: UInt16 = 4,
        external: UInt8 = 0
    ) -> [[UInt8]] {
        [
            text(1, bus), text(2, device), attribute(3, bytes(UInt32(2))), attribute(4, bytes(UInt16(2))),
            attribute(6, bytes(UInt32(31))), text(7, "eth3r5"), attribute(77, bytes(flavour)),
            attribute(150, bytes(UInt32(0))), attribute(127, bytes(UInt16(0))), attribute(128, bytes(UInt16(5))),
            attribute(149, [external]), function,
        ]
    }

    /// Each in a place of its own, so that reading past it is reading what is not there.
    private func parse(_ message: [UInt8]) -> DevlinkPort? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: message.count, alignment: 8)
        defer { buffer.deallocate() }
        buffer.copyBytes(from: message)
        return DevlinkPort.read(parsing: buffer)
    }

    @Test(arguments: [
        (UInt32(3), UInt32(3), Bool?.some(true)), (1, 3, false), (0, 2, false), (2, 2, true),
        // A bit that is on and that there is not; RoCE alone, as of kernels or cards without the switch.
        (3, 1, nil), (1, 1, nil), (0, 0, nil), (.max, .max, true),
    ]) func `what is on of a VF`(_ on: UInt32, _ known: UInt32, _ isMigratable: Bool?) throws {
        for nested: UInt16 in [0, 0x8000] {
            let found = try #require(parse(message(port(function(on, known, nested: nested)))))
            #expect(found.card == PCIAddress("0000:06:00.0") && found.number == 2 && found.vf == 5)
            #expect(found.isMigratable == isMigratable)
        }
    }

    @Test func `a kernel from before there was the switch`() throws {
        let found = try #require(parse(message(port(attribute(145, attribute(1, [0, 0, 0, 0, 0, 0]))))))
        #expect(found.vf == 5 && found.isMigratable == nil)
        #expect(parse(message(port(attribute(145, []))))?.isMigratable == nil)
    }

    @Test func `what is no VF of this host`() {
        let own = function(2, 2)
        #expect(parse(message(port(own, flavour: 0))) == nil, "a physical port")
        #expect(parse(message(port(own, flavour: 7))) == nil, "a subfunction")
        #expect(parse(message(port(own, external: 1))) == nil, "the host that a card with processors is plugged into")
        #expect(parse(message(port(own, bus: "auxiliary", device: "mlx5_core.sf.4"))) == nil)
        #expect(parse(message(port(own, device: "nonsense"))) == nil)
        #expect(parse(message(port(own), command: 1)) == nil, "another command")
        #expect(parse(message([])) == nil && parse([]) == nil)
    }

    /// Attributes that are too short, or claim to be longer than what holds them.
    @Test func `nothing is read that is not there`() {
        let whole = port(function(2, 2))
        for index in whole.indices {
            var cut = whole
            cut[index] = attribute(UInt16(cut[index][2]) | UInt16(cut[index][3]) << 8, [])
            #expect(parse(message(cut))?.isMigratable != false, "\(index)")
            cut[index] = []
            #expect(parse(message(cut))?.isMigratable != false, "\(index)")
        }
        let short = attribute(145, attribute(4, bytes(UInt32(2))))
        #expect(parse(message(port(short)))?.isMigratable == nil)
        let long = attribute(145, bytes(UInt16(60)) + bytes(UInt16(4)) + bytes(UInt64.max))
        #expect(parse(message(port(long)))?.isMigratable == nil)
    }

    @Test func `cut short or changed anywhere, it is read or it is not`() {
        let whole = message(port(function(2, 2)))
        for count in whole.indices {
            var part = Array(whole.prefix(count))
            #expect(parse(part) == nil, "the header says that there is more: \(count)")
            guard count >= 16 else { continue }
            part.replaceSubrange(0..<4, with: bytes(UInt32(count)))
            if let found = parse(part) { #expect(found.isMigratable != false, "\(count)") }
        }
        for index in whole.indices {
            for value: UInt8 in [0, 1, 3, 4, 0x7f, 0x80, 0xff] {
                var changed = whole
                changed[index] = value
                _ = parse(changed)
            }
        }
    }
}
