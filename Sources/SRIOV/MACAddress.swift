import Text

/// An Ethernet address, printed in lower case: `52:54:00:6d:90:01`.
package struct MACAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The six bytes, the first one highest.
    private let bits: UInt64

    /// Six pairs of hexadecimal digits with colons between them, in either case; nothing else.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var bits: UInt64 = 0
        for part in parts {
            guard let byte = hexadecimal(part, digits: 2...2) else { return nil }
            bits = bits << 8 | byte
        }
        self.bits = bits
    }

    /// As people write it: with colons or dashes between pairs of digits, or dots between fours.
    package init?(word: String) {
        for (separator, digits) in [(":", 2), ("-", 2), (".", 4)] as [(Unicode.Scalar, Int)] {
            let parts = word.split(byte: separator, keepsEmpty: true)
            guard parts.count == 12 / digits else { continue }
            var bits: UInt64 = 0
            for part in parts {
                guard let value = hexadecimal(part.utf8, digits: digits...digits) else { return nil }
                bits = bits << UInt64(4 * digits) | value
            }
            self.bits = bits
            return
        }
        return nil
    }

    /// The address as the kernel stores it: six bytes, nothing else.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 6 else { return nil }
        bits = bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Meant for many receivers (broadcast is one of these): never a network card's own address.
    package var isMulticast: Bool { bits >> 40 & 1 == 1 }

    /// `00:00:00:00:00:00`, the kernel's word for "none was set".
    package var isZero: Bool { bits == 0 }

    /// Chosen by software, not burnt in by a maker.
    package var isLocallyAdministered: Bool { bits >> 41 & 1 == 1 }

    package var description: String {
        stride(from: 40, through: 0, by: -8).map { padded(bits >> UInt64($0) & 0xFF, digits: 2) }.joined(separator: ":")
    }

    package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}
