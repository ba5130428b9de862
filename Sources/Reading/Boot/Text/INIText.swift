import Model
import Text

/// Files of sections and `key=value` lines, as systemd and NetworkManager have them.
struct INIText {
    struct Entry {
        var section: Name
        /// Counted from 1; a section's name may stand several times, each time for another.
        var sectionLine: Int
        var key: Name
        var value: String
        var line: Int
    }

    var entries: [Entry] = []
    /// The sections' names with their lines, also of those without entries.
    var sections: [(name: Name, line: Int)] = []

    /// - Parameter joins: whether a backslash at a line's end makes it go on in the next one, as in systemd's files.
    init(_ text: String, joins: Bool) {
        var section: (name: Name, line: Int) = ("", 0)
        var begun: (text: String, line: Int)?
        for (index, full) in text.lines.enumerated() {
            let trimmed = full.trimmed
            // Comments between joined lines are left out.
            if trimmed.hasPrefix(bytes: "#") || trimmed.hasPrefix(bytes: ";") { continue }
            var line = (text: String(trimmed), line: index + 1)
            if let before = begun { line = (before.text + " " + trimmed, before.line) }
            begun = nil
            if joins, let rest = line.text.without(suffix: "\\") {
                begun = (String(rest.trimmed), line.line)
                continue
            }
            add(line.text, line.line, &section)
        }
        if let begun { add(begun.text, begun.line, &section) }
    }

    private mutating func add(_ text: String, _ line: Int, _ section: inout (name: Name, line: Int)) {
        if let name = text.without(prefix: "[")?.without(suffix: "]") {
            section = (Name(name), line)
            sections.append(section)
        } else if let (key, value) = text.cut(at: "=") {
            entries.append(
                Entry(
                    section: section.name, sectionLine: section.line, key: Name(key.trimmed),
                    value: String(value.trimmed), line: line))
        }
    }

    /// The last value of a key.
    func value(_ section: Name, _ key: Name) -> String? {
        entries.last { $0.section == section && $0.key == key }?.value
    }
}
