import Text

extension Name {
    var printable: String { string.printable }
}

extension String {
    /// A line without characters that a terminal would act on: names come from documents that anyone may have written.
    var printable: String { replacingControls(\.isActedOn) }

    /// The same for a line of a document or a file, where a tab stands for blanks.
    var printableLine: String { replacingControls { $0 != "\t" && $0.isActedOn } }

    /// Whether it can be printed as it is, as one line.
    var isPrintable: Bool { !unicodeScalars.contains(where: \.isActedOn) }

    private func replacingControls(_ isBad: (Unicode.Scalar) -> Bool) -> String {
        guard unicodeScalars.contains(where: isBad) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars { result.append(isBad(scalar) ? "\u{FFFD}" : scalar) }
        return String(result)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal acts on it: controls, what ends a line, and what turns the direction of writing. Also U+FFFE and U+FFFF, which no
    /// XML and so no SVG may hold.
    var isActedOn: Bool {
        // Nearly all characters are ASCII, and Unicode's tables are slow to ask.
        if value < 0x7F { return value < 0x20 }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: properties.isBidiControl || value == 0xFFFE || value == 0xFFFF
        }
    }
}
