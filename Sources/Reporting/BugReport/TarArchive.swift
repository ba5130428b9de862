/// A tar archive in the ustar form, which every tar reads: plain files alone, each readable by its owner.
///
/// Written here, since there is little to it, and what goes into it is never on disk unmasked.
package struct TarArchive {
    private var bytes: [UInt8] = []
    private let time: Int

    /// - Parameter time: of all its files, in seconds since 1970.
    package init(time: Int) { self.time = max(0, min(time, 0o777_7777_7777)) }

    /// - Parameter name: 100 bytes at most, as names that vfpool makes are.
    package mutating func add(_ name: String, _ content: [UInt8]) {
        precondition(
            (1...100).contains(name.utf8.count) && content.count < 1 << 33, "no name or size for a tar archive")
        var header: [UInt8] = []
        header += Self.padded(Array(name.utf8), to: 100)
        header += Self.octal(0o600, 8) + Self.octal(0, 8) + Self.octal(0, 8)
        header += Self.octal(content.count, 12) + Self.octal(time, 12)
        // The sum of all others, with blanks in its own place.
        header += [UInt8](repeating: 0x20, count: 8)
        header.append(UInt8(ascii: "0"))
        header += Self.padded([], to: 100) + Array("ustar\u{0}00".utf8)
        header = Self.padded(header, to: 512)
        let sum = header.reduce(0) { $0 + Int($1) }
        header.replaceSubrange(148..<156, with: Self.octal(sum, 7) + [0x20])
        bytes += header + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// With its end, to a whole block of tapes.
    package var finished: [UInt8] {
        let end = bytes.count + 1024
        return bytes + [UInt8](repeating: 0, count: 1024 + (10_240 - end % 10_240) % 10_240)
    }

    private static func padded(_ bytes: [UInt8], to count: Int) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }

    /// Octal digits and a zero byte.
    private static func octal(_ number: Int, _ width: Int) -> [UInt8] {
        let digits = Array(String(number, radix: 8).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: width - 1 - digits.count) + digits + [0]
    }
}
