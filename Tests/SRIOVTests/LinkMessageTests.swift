import Testing
import Text

@testable import SRIOV

/// The kernel's messages, made by hand, for there is no PF with VFs to ask here.
@Suite struct LinkMessageTests {
    private func number(_ values: UInt32...) -> [UInt8] {
        values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
    }

    private func attribute(_ type: Int, _ value: [UInt8]) -> [UInt8] {
        let head = withUnsafeBytes(of: (UInt16(value.count + 4), UInt16(type))) { Array($0) }
        return head + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    private func message(_ attributes: [[UInt8]], type: Int = 16) -> [UInt8] {
        let body = [UInt8](repeating: 0, count: 4) + number(7, 0x1003, 0) + attributes.joined()
        let head = number(UInt32(16 + body.count)) + withUnsafeBytes(of: (UInt16(type), UInt16(0))) { Array($0) }
        return head + number(1, 1) + body
    }

    private func parse(_ bytes: [UInt8]) -> LinkMessage? {
        bytes.withUnsafeBytes { LinkMessage(parsing: $0) }
    }

    private func vf(_ index: UInt32, mac: [UInt8], vlan: UInt32, _ more: [[UInt8]]) -> [UInt8] {
        let mac = attribute(1, number(index) + mac + [UInt8](repeating: 0, count: 26))
        return attribute(1, mac + attribute(2, number(index, vlan, 0)) + more.joined())
    }

    private let name = Array("eth3".utf8) + [0]

    @Test func readsTheTable() throws {
        let list = attribute(
            12, attribute(1, number(0, 100, 5) + [0x81, 0x00, 0, 0]))
        let rows = [
            vf(
                0, mac: [0x52, 0x54, 0, 0, 0, 1], vlan: 100,
                [
                    attribute(3, number(0, 1000)), attribute(4, number(0, 1)), attribute(5, number(0, 1)),
                    attribute(6, number(0, 50, 1000)), attribute(9, number(0, 1)), list,
                ]),
            vf(
                1, mac: [0, 0, 0, 0, 0, 0], vlan: 0,
                [
                    attribute(3, number(1, 0)), attribute(4, number(1, 0)), attribute(5, number(1, 0)),
                    attribute(6, number(1, 0, 0)), attribute(9, number(1, 0)),
                    attribute(12, attribute(1, number(1, 0, 0) + [0x81, 0x00, 0, 0])),
                ]),
            vf(
                2, mac: [0x52, 0x54, 0, 0, 0, 3], vlan: 7,
                [
                    attribute(4, number(2, .max)), attribute(5, number(2, 2)), attribute(9, number(2, .max)),
                    attribute(12, attribute(1, number(2, 7, 0) + [0x88, 0xA8, 0, 0])),
                ]),
        ]
        let link = try #require(
            parse(
                message([
                    attribute(3, name), attribute(1, [0xA0, 0x36, 0x9F, 3, 0, 0]), attribute(21, number(3)),
                    attribute(22, rows.flatMap { $0 }),
                ])))
        #expect(link.name == "eth3")
        #expect(link.mac == MACAddress("a0:36:9f:03:00:00"))
        #expect(
            link.settings == [
                0: VFSettings(
                    mac: MACAddress("52:54:00:00:00:01"), vlan: 100, qos: 5, trust: true, spoofCheck: true,
                    linkState: .enable, maxRate: 1000, minRate: 50),
                1: VFSettings(
                    mac: MACAddress("00:00:00:00:00:00"), trust: false, spoofCheck: false, linkState: .auto),
                2: VFSettings(
                    mac: MACAddress("52:54:00:00:00:03"), vlan: 7, vlanProtocol: .provider, linkState: .disable),
            ])
    }

    @Test func readsATableOf256() throws {
        let rows = (0..<256).flatMap { vf(UInt32($0), mac: [2, 0, 0, 0, 0, UInt8($0)], vlan: 0, []) }
        let link = try #require(parse(message([attribute(3, name), attribute(21, number(256)), attribute(22, rows)])))
        #expect(link.settings.count == 256)
        #expect(link.settings[255]?.mac == MACAddress("02:00:00:00:00:ff"))
    }

    @Test func readsANetdevWithoutATable() throws {
        #expect(try #require(parse(message([attribute(3, name)]))).settings == [:])
    }

    /// `ip link set dev eth3v0 xdpgeneric …`, and `ip link property add … altname`.
    @Test func readsWhatFewHave() throws {
        func extras(_ attributes: [[UInt8]], type: Int = 16) -> (netdev: Int, extras: NetdevExtras)? {
            var bytes = message([attribute(3, name)] + attributes, type: type)
            return bytes.withUnsafeMutableBytes { NetdevExtras.read(parsing: $0) }
        }
        let found = try #require(
            extras([
                attribute(43, attribute(2, [2]) + attribute(4, number(17))),
                attribute(52, attribute(53, Array("lan7".utf8) + [0])),
            ]))
        #expect(found.netdev == 7 && found.extras == NetdevExtras(alternativeNames: ["lan7"], xdpProgram: 17))
        #expect(extras([attribute(43, attribute(2, [4]) + attribute(5, number(3)))])?.extras.xdpProgram == 3)
        #expect(extras([attribute(43, attribute(2, [0]))]) == nil)
        #expect(extras([attribute(43, [])]) == nil && extras([attribute(43, [1, 2, 3])]) == nil)
        #expect(extras([]) == nil && extras([attribute(43, attribute(2, [2]))], type: 17) == nil)
    }

    /// libnl writes to address 0 for a VF with a list of VLANs and none in it, and counts as far as it is told to.
    @Test func tablesThatTheKernelDoesNotMake() throws {
        for vlans in [[], attribute(1, number(0)), attribute(2, number(0, 100, 5, 0))] {
            let row = vf(0, mac: [2, 0, 0, 0, 0, 0], vlan: 0, [attribute(12, vlans)])
            #expect(parse(message([attribute(3, name), attribute(21, number(1)), attribute(22, row)])) == nil)
        }
        let row = vf(0, mac: [2, 0, 0, 0, 0, 0], vlan: 0, [])
        let link = parse(message([attribute(3, name), attribute(21, number(.max)), attribute(22, row)]))
        #expect(try #require(link).settings.count == 1)
        #expect(
            parse(message([attribute(3, name), attribute(21, number(2))]))?.settings == [:], "a number and no table")
    }

    /// libnl looks for the end of what a netdev is to its bridge beyond the message.
    @Test(arguments: [1, 4]) func kindsWithoutAnEnd(_ type: Int) {
        func kind(_ bytes: [UInt8]) -> LinkMessage? {
            parse(message([attribute(3, name), attribute(18, attribute(type, bytes))]))
        }
        #expect(kind(Array("bond".utf8)) == nil && kind([]) == nil)
        #expect(kind(Array("bond".utf8) + [0]) != nil)
    }

    @Test func refusesWhatIsNoLink() {
        #expect(parse([]) == nil)
        #expect(parse(message([attribute(3, name)], type: 2)) == nil)
        #expect(parse(message([attribute(3, name)], type: 17)) == nil)
        #expect(parse(Array(message([attribute(3, name)]).dropLast(4))) == nil)
        #expect(parse(Array(message([]).prefix(20))) == nil)
    }
}
