import Text

/// Tabs that indent, which YAML does not allow, and of which libyaml's words say nothing.
enum TabIndent {
    /// The error in better words, where the line that it is about is indented by a tab.
    static func explained(_ error: YAMLError, _ text: [UInt8]) -> YAMLError {
        guard let place = error.place, error.cause != nil,
            let line = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .dropFirst(place.line - 1).first,
            let tab = line.prefix(while: { $0 == 0x20 || $0 == 0x09 }).firstIndex(of: 0x09)
        else { return error }
        return YAMLError(
            "the line is indented by a tab, which YAML does not allow: use blanks",
            at: Place(line: place.line, column: tab - line.startIndex + 1), cause: nil)
    }
}
