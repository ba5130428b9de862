import Glibc

/// How much is read. libvirt's largest documents stay far below; hostile ones are refused before they cost time or memory.
enum Limits {
    /// Deeper nesting is refused; libvirt's documents have about ten levels. libxml2's own bound differs by version.
    static let depth: Int32 = 256
    /// Namespaces in scope at once: every element looks its own up among them.
    static let namespaces: Int32 = 256
    /// libxml2 compares each attribute of an element with all the others.
    static let attributesPerElement = 1_000
    /// Elements, comments, processing instructions and attributes together: about 250 bytes of memory each.
    static let nodes = 250_000

    /// Looks through the bytes once, before the parser does. What it counts is never less than what the parser would make.
    static func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(XMLError) {
        guard place(of: 0, in: bytes, from: 0) == bytes.count else {
            throw XMLError(.notWellFormed, "the text contains a NUL")
        }
        var nodes = 0
        var attributes = 0
        var inTag = false
        var quote: UInt8 = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            // A tag cannot contain "<", even in quotes, so every "<" starts afresh.
            if byte == UInt8(ascii: "<") {
                let next = index < bytes.count ? bytes[index] : 0
                nodes += next == UInt8(ascii: "/") ? 0 : 1
                attributes = 0
                quote = 0
                inTag = next != UInt8(ascii: "!") && next != UInt8(ascii: "?")
            } else if !inTag {
                index = place(of: UInt8(ascii: "<"), in: bytes, from: index)
            } else if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "=") {
                nodes += 1
                attributes += 1
                guard attributes <= attributesPerElement else {
                    throw XMLError(.tooLarge, "an element has more than \(attributesPerElement) attributes")
                }
            } else if byte == UInt8(ascii: ">") {
                inTag = false
            }
        }
        guard nodes <= Limits.nodes else {
            throw XMLError(.tooLarge, "the document has more than \(Limits.nodes) elements and attributes")
        }
    }

    /// The place of the first such byte; the end if there is none.
    private static func place(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = bytes.baseAddress, start < bytes.count,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return bytes.count }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
