/// Small readings of configuration files that all look much alike.
enum ConfigurationText {
    /// Lines without comments, and without those that are empty then.
    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { line in
            let start = line.drop(while: \.isWhitespace).first
            return start != nil && start != "#" && start != ";"
        }
    }

    /// The lines of the paragraph around one: from the nearest line above that stands less deep, to the next of these.
    static func block(_ lines: [String], around index: Int) -> [String] {
        let depth = depth(lines[index])
        let start = lines[..<index].lastIndex { Self.depth($0) < depth } ?? index
        let end = lines[(start + 1)...].firstIndex { Self.depth($0) <= Self.depth(lines[start]) } ?? lines.endIndex
        return Array(lines[start..<max(end, index + 1)])
    }

    private static func depth(_ line: String) -> Int { line.prefix(while: \.isWhitespace).count }

    /// The number of VFs in a line: what is written into the file, or given to the key.
    static func count(_ line: String, _ mark: String) -> Int? {
        guard let range = line.firstRange(of: mark) else { return nil }
        // `sriov_numvfs}="4"`, `sriov_numvfs = 4`, `total-vfs=4`, `w …/sriov_numvfs - - - - 4`
        let behind = line[range.upperBound...].drop { !$0.isNumber && $0 != "|" && $0 != "&" && $0 != ";" }
        if let number = Int(behind.prefix(while: \.isNumber)) { return number }
        // `echo 4 > …/sriov_numvfs`
        guard let echo = line[..<range.lowerBound].ranges(of: "echo").last else { return nil }
        let words = line[echo.upperBound...].drop { $0 == " " || $0 == "-" || $0 == "n" || "'\"".contains($0) }
        return Int(words.prefix(while: \.isNumber))
    }
}
