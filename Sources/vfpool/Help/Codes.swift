import Model
import Text

/// What each code means, from templates/codes.txt: `vfpool help codes`, or `vfpool help` and one of them.
enum Codes {
    private struct Entry {
        var code: Substring
        var lines: [Substring]
    }

    static func text(_ code: String) -> String? {
        sections.lazy.flatMap(\.entries).first { $0.code.isSame(as: code) }?.lines.joined(separator: "\n")
    }

    /// All of them.
    static var text: String {
        var lines: [String] = []
        for section in sections {
            lines.append((lines.isEmpty ? "" : "\n") + section.title)
            for entry in section.entries { lines += ["  \(entry.code)"] + entry.lines.map { "      \($0)" } }
        }
        return lines.joined(separator: "\n")
    }

    private static let sections: [(title: Substring, entries: [Entry])] = {
        var sections: [(title: Substring, entries: [Entry])] = []
        for line in String(decoding: PackageResources.codes_txt, as: UTF8.self).split(byte: "\n") {
            if line.hasPrefix(bytes: "#") { continue }
            guard let title = line.without(prefix: "[")?.dropLast() else {
                let cells = line.split(byte: "|").map(\.trimmed)
                sections[sections.count - 1].entries.append(Entry(code: cells[0], lines: Array(cells.dropFirst(2))))
                continue
            }
            sections.append((title, []))
        }
        return sections
    }()
}
