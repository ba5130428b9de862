import Text

extension Name {
    var printable: String { string.printable }
}

extension String {
    /// Without characters that a terminal would act on: names come from documents that anyone may have written.
    var printable: String {
        guard unicodeScalars.contains(where: Self.isControl) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars { result.append(Self.isControl(scalar) ? "\u{FFFD}" : scalar) }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // Nearly all characters are ASCII, and Unicode's tables are slow to ask.
        if scalar.value < 0x7F { return scalar.value < 0x20 && scalar != "\t" }
        return scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
    }
}
