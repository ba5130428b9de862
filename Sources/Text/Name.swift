/// What something of the outside is called: a guest, a network, a portgroup, a netdev. Compared, hashed and ordered by its bytes.
///
/// Swift's strings are equal when they look equal: `é` in one code point (NFC) is `é` in two (NFD). To libvirt and to the kernel
/// those are two names, of two things.
package struct Name: Sendable {
    package let string: String

    package init(_ string: String) { self.string = string }

    package init(_ part: Substring) { string = String(part) }

    package var isEmpty: Bool { string.isEmpty }

    /// Its beginning, where it is longer than a name is: for messages.
    package var shown: Name {
        let scalars = string.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: 80, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return self }
        return Name(String(scalars[..<end]) + "…")
    }
}

extension Name: Hashable, Comparable {
    package static func == (left: Name, right: Name) -> Bool { left.string.isSame(as: right.string) }

    package static func < (left: Name, right: Name) -> Bool {
        left.string.utf8.lexicographicallyPrecedes(right.string.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var string = string
        string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        // So that two names in a row are not one.
        hasher.combine(UInt8.max)
    }
}

extension Name: CustomStringConvertible, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { string }
}

extension Name: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}

extension Sequence<Name> {
    package func joined(separator: String) -> String { map(\.string).joined(separator: separator) }
}

extension Array where Element: Hashable {
    /// Each once, in the order in which they stand.
    package var deduplicated: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension [String] {
    /// Each once, in order, told apart by their bytes.
    package var deduplicated: [String] { map { Name($0) }.deduplicated.map(\.string) }
}
