import Text

/// XML as text that a terminal shows and a parser reads as the same document.
extension String {
    /// What a terminal would act on is written as a reference. In comments and processing instructions there are no
    /// references, and nobody reads a name out of them: there another character stands in for it.
    var printableDocument: String {
        func isBad(_ scalar: Unicode.Scalar) -> Bool { scalar != "\n" && scalar != "\t" && scalar.isActedOn }
        guard unicodeScalars.contains(where: isBad) else { return self }
        var result = ""
        var region: Region?
        var rest = unicodeScalars[...]
        while let scalar = rest.first {
            if let open = region, rest.starts(with: open.end.unicodeScalars) {
                region = nil
                result += open.end
                rest = rest.dropFirst(open.end.unicodeScalars.count)
                continue
            }
            if region == nil, let next = Region.all.first(where: { rest.starts(with: $0.start.unicodeScalars) }) {
                region = next
                result += next.start
                rest = rest.dropFirst(next.start.unicodeScalars.count)
                continue
            }
            if isBad(scalar) {
                let reference = "&#x\(String(scalar.value, radix: 16));"
                result += region.map { $0.replacement(of: reference) } ?? reference
            } else {
                result.unicodeScalars.append(scalar)
            }
            rest.removeFirst()
        }
        return result
    }

    /// Where `&` is only a character.
    private struct Region {
        var start: String
        var end: String
        var isText = false

        static let all = [
            Region(start: "<!--", end: "-->"), Region(start: "<![CDATA[", end: "]]>", isText: true),
            Region(start: "<?", end: "?>"),
        ]

        func replacement(of reference: String) -> String { isText ? end + reference + start : "\u{FFFD}" }
    }
}
