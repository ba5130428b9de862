import Text

/// Small readings of configuration files that all look much alike.
enum ConfigurationText {
    /// Lines without comments, and without those that are empty then.
    static func lines(_ text: String) -> [String] {
        text.lines.map(String.init).filter { line in
            guard let start = line.utf8.first(where: { !$0.isBlank }) else { return false }
            return !start.isOne(of: "#;")
        }
    }

    /// The lines of the paragraph around one: from the nearest line above that stands less deep, to the next of these.
    static func block(_ lines: [String], around index: Int) -> [String] {
        let depth = depth(lines[index])
        let start = lines[..<index].lastIndex { Self.depth($0) < depth } ?? index
        let end = lines[(start + 1)...].firstIndex { Self.depth($0) <= Self.depth(lines[start]) } ?? lines.endIndex
        return Array(lines[start..<max(end, index + 1)])
    }

    private static func depth(_ line: String) -> Int { line.prefix(bytes: \.isBlank).utf8.count }

    /// The number of VFs in a line: what is written into the file, or given to the key.
    static func count(_ line: String, _ mark: String) -> Int? {
        guard let range = line.firstRange(ofBytes: mark) else { return nil }
        // `sriov_numvfs}="4"`, `sriov_numvfs = 4`, `total-vfs=4`, `w …/sriov_numvfs - - - - 4`
        let behind = line[range.upperBound...].drop(bytes: { !$0.isDigit && !$0.isOne(of: "|&;") })
        if let number = Int(digits: behind.prefix(bytes: \.isDigit)) { return number }
        // `echo 4 > …/sriov_numvfs`
        guard let echo = line[..<range.lowerBound].ranges(ofBytes: "echo").last else { return nil }
        let words = line[echo.upperBound...].drop(bytes: { $0.isOne(of: " -n'\"") })
        return Int(digits: words.prefix(bytes: \.isDigit))
    }
}
