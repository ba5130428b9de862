import Text

/// A text as a YAML scalar: plain where every reader of YAML, 1.1 or 1.2, takes it for the same text; else in quotation marks.
package enum Scalar {
    package static func text(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLetter || first.isDigit || first.isOne(of: "_/.") else {
            return false
        }
        guard text.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0.isOne(of: "_/.:-+@") }),
            text.utf8.last != UInt8(ascii: ":")
        else { return false }
        // Numbers, also those to base 60, dates and the like are made of these; hexadecimal ones begin with 0x.
        if text.utf8.allSatisfy({ $0.isDigit || $0.isOne(of: "_.:-+eExXoO") }) { return false }
        return !words.contains(Name(text.asciiLowercased)) && !isHexadecimal(text)
    }

    private static func isHexadecimal(_ text: String) -> Bool {
        text.hasPrefix(bytes: "0x") || text.hasPrefix(bytes: "0X") || text.hasPrefix(bytes: "0b")
            || text.hasPrefix(bytes: "0o")
    }

    private static let words: Set<Name> = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null", ".inf", ".nan",
    ]

    /// Also JSON's.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || isHidden(scalar): result += "\\u" + hexadecimal(scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// What a terminal would act on, or YAML does not allow; all of them have four digits.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x7F else { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        default:
            return scalar.properties.isBidiControl || scalar.value == 0xFEFF || (0xFFFE...0xFFFF).contains(scalar.value)
        }
    }

    /// A text within one line of a comment.
    package static func comment(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append(scalar.value < 0x20 || isHidden(scalar) ? "\u{FFFD}" : scalar)
        }
        return "# " + String(result)
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
