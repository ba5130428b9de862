import Text

/// The ends of a document's text that libxml2 does not keep: its XML declaration, and whether it ends with a newline.
struct Prolog {
    /// As it was, with what follows it up to the next line; empty if there was none.
    let declaration: String
    let endsWithNewline: Bool

    init(_ text: String) {
        endsWithNewline = text.utf8.last == UInt8(ascii: "\n")
        var bytes = text.utf8[...]
        if bytes.starts(with: "\u{FEFF}".utf8) { bytes = bytes.dropFirst("\u{FEFF}".utf8.count) }
        guard bytes.starts(with: "<?xml".utf8), let next = bytes.dropFirst(5).first, Prolog.isBlank(next),
            var end = bytes.firstIndex(of: UInt8(ascii: ">"))
        else {
            declaration = ""
            return
        }
        end = bytes.index(after: end)
        let words = Prolog.inUTF8(String(text[bytes.startIndex..<end]))
        let blank = bytes[end...].prefix(while: Prolog.isBlank)
        declaration = words + String(text[blank.startIndex..<blank.endIndex])
    }

    /// The text is in UTF-8 here, and will be when it is written; a declaration of another encoding would be a lie.
    private static func inUTF8(_ declaration: String) -> String {
        for quote: Unicode.Scalar in ["\"", "'"] {
            let parts = declaration.split(byte: quote, keepsEmpty: true)
            guard let at = parts.firstIndex(where: { $0.contains(bytes: "encoding") }), at + 1 < parts.count,
                parts[at + 1].asciiLowercased != "utf-8"
            else { continue }
            var changed = parts
            changed[at + 1] = "UTF-8"
            return changed.joined(separator: String(quote))
        }
        return declaration
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte.isOne(of: " \t\n\r") }
}
