import Text

/// Text as `man` reads it.
enum Roff {
    /// Plain text within a line.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            // Whatever encoding the reader's man expects.
            case _ where !scalar.isASCII: result += "\\[u\(hexadecimal(scalar.value))]"
            default: result.unicodeScalars.append(scalar)
            }
        }
        // At the start of a line these two would begin a request.
        return result.hasPrefix(bytes: ".") || result.hasPrefix(bytes: "'") ? "\\&" + result : result
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    static func bold(_ words: String) -> String { "\\fB\(text(words))\\fR" }

    static func italic(_ words: String) -> String { "\\fI\(text(words))\\fR" }

    /// The head of a page: of commands (section 1), of a file's format (5).
    static func title(_ page: String, section: Int = 1) -> String {
        ".TH \(text(page.uppercased())) \(section) \"\(VFPool.released)\" \"vfpool \(VFPool.version)\" \"\(section == 1 ? "User Commands" : "File Formats")\"\n.nh\n.ad l"
    }

    static func section(_ title: String, _ body: String) -> String { ".SH \(title.uppercased())\n\(body)" }

    /// What a tag, made up already, means.
    static func item(_ tag: String, _ meaning: String) -> String { ".TP\n\(tag)\n\(text(meaning))" }

    /// Paragraphs, with indented lines, such as examples, as they stand.
    static func paragraphs(_ words: String) -> String {
        var lines: [String] = []
        var isLiteral = false
        for line in words.split(byte: "\n", keepsEmpty: true) {
            let wantsLiteral = line.hasPrefix(bytes: "  ")
            if wantsLiteral != isLiteral {
                lines.append(wantsLiteral ? ".nf" : ".fi")
                isLiteral = wantsLiteral
            }
            if line.isEmpty { lines.append(".PP") } else { lines.append(text(String(line))) }
        }
        if isLiteral { lines.append(".fi") }
        return lines.joined(separator: "\n")
    }

    /// Lines as they stand.
    static func literal(_ words: String) -> String {
        let lines = words.split(byte: "\n", keepsEmpty: true).map { text(String($0)) }
        return ".nf\n" + lines.joined(separator: "\n") + "\n.fi"
    }
}
