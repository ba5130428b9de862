import Text
import YAML

/// A line of a text and a caret below what is meant; of a line that is too long, the part around it.
struct Excerpt {
    let lines: [String]

    private static let width = 100

    init(_ place: Place, in text: [UInt8]) {
        var start = text.startIndex
        for _ in 1..<max(1, place.line) {
            guard let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) else { break }
            start = end + 1
        }
        // Only what can be shown of it is taken apart.
        let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
        var column = place.column - 1
        var line = text[start..<end]
        var isCut = false
        if column > Self.width / 2 {
            var skipped = 0
            let from = line.firstIndex { byte in
                if byte & 0xC0 != 0x80 { skipped += 1 }
                return skipped > column - Self.width / 2
            }
            line = line[(from ?? line.endIndex)...]
            column = Self.width / 2
            isCut = true
        }
        var scalars = Array(String(decoding: line.prefix(4 * Self.width), as: UTF8.self).unicodeScalars)
        if scalars.last == "\r" { scalars.removeLast() }
        let shown = scalars.prefix(Self.width)
        var words = String.UnicodeScalarView()
        // A tab is as wide as the caret below it.
        words.append(contentsOf: shown.map { $0 == "\t" ? " " : $0 })
        let carets = max(1, min(place.length, max(1, shown.count - column)))
        let indent = String(repeating: " ", count: column + (isCut ? 1 : 0))
        lines = [
            (isCut ? "…" : "") + String(words) + (scalars.count > shown.count ? "…" : ""),
            indent + String(repeating: "^", count: carets),
        ]
    }
}
