import Text

/// How much room text takes on a terminal, and in a typeface whose letters are all as wide: 0.602 of their height, as DejaVu Sans Mono has them.
enum TextWidth {
    /// In letters: those of East Asia take two, marks upon others none.
    static func letters(_ text: String) -> Int {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + letters($1) }
    }

    static func pixels(_ text: String, size: Int) -> Int { (letters(text) * size * 602 + 999) / 1000 }

    /// What fits into so many pixels; of longer text the beginning.
    static func cut(_ text: String, to pixels: Int, size: Int) -> String {
        cut(text, letters: max(1, pixels * 1000 / (size * 602)))
    }

    static func cut(_ text: String, letters most: Int) -> String {
        // A letter may have any number of marks upon it.
        if letters(text) <= most, text.unicodeScalars.count <= 4 * most { return text }
        var result = String.UnicodeScalarView()
        var room = most - 1
        for scalar in text.unicodeScalars.prefix(4 * most) {
            room -= letters(scalar)
            guard room >= 0 else { break }
            result.append(scalar)
        }
        return String(result) + "…"
    }

    /// Lines of at most so many letters, broken at blanks where there are any.
    static func wrapped(_ text: String, letters most: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(byte: " ").map({ cut(String($0), letters: most) }) {
            if line.isEmpty {
                line = word
            } else if letters(line) + 1 + letters(word) <= most {
                line += " " + word
            } else {
                lines.append(line)
                line = word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    private static func letters(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x300: 1
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            2
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: 0
            default: 1
            }
        }
    }
}
