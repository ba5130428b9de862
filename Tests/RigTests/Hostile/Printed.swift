import FoundationEssentials
import TestSupport
import Text

/// What vfpool printed once, as bytes, and whether a terminal, a program and a shell can have it.
struct Printed {
    var words: [String]
    var status: Int32
    var stdout: [UInt8]
    var stderr: [UInt8]

    /// The command and the format, for a count of what was covered.
    var format: String {
        if words.contains(bytes: "json") { return "json" }
        return words.contains(bytes: "--print-xml") ? "xml" : words.contains(bytes: "-q") ? "quiet" : "table"
    }

    var about: String { words.map(\.escapedForReport).joined(separator: " ") + " (\(status))" }

    /// What is wrong with it as text.
    func faults() -> [String] {
        var faults: [String] = []
        for (name, bytes) in [("stdout", stdout), ("stderr", stderr)] {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                faults.append("\(about): \(name) is no UTF-8")
                continue
            }
            for line in text.split(byte: "\n") where line.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E }) {
                // A collector gets names as they are: two that only look alike would be one series twice.
                if words.first == "metrics", name == "stdout", format == "table" { continue }
                let plain = Self.withoutColours(String(line))
                if HostileNames.isActedOn(plain.replacing(bytes: "\t", with: "")) {
                    faults.append("\(about): \(name): \(String(line).escapedForReport)")
                }
            }
            if format == "json", words.first != "completion", !bytes.isEmpty, Self.json(bytes) == nil {
                faults.append("\(about): \(name) is no JSON: \(text.escapedForReport)")
            }
        }
        return faults
    }

    /// Only vfpool's own colours are taken away: names can't make any.
    private static func withoutColours(_ line: String) -> String {
        guard line.utf8.contains(0x1B) else { return line }
        var line = line
        for code in ["0", "1", "2", "31", "32", "33", "35", "36", "1;31"] {
            line = line.replacing(bytes: "\u{1B}[\(code)m", with: "")
        }
        return line
    }

    static func json(_ bytes: [UInt8]) -> JSONValue? { try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }

    // MARK: Commands in it

    /// What it offers to be pasted.
    var commands: [String] {
        // Nobody pastes from the source of a page.
        if words.contains(bytes: "html") || words.contains(bytes: "svg") { return [] }
        if format == "json" {
            return [stdout, stderr].compactMap(Self.json).flatMap { $0.texts(under: "hints") }.flatMap(Self.inBackticks)
        }
        let lines = [stdout, stderr].flatMap { $0.split(separator: 0x0A) }
            .filter { $0.contains(UInt8(ascii: "`")) }
            .map { Self.withoutColours(String(decoding: $0, as: UTF8.self)) }
        return lines.filter { $0.hasPrefix(bytes: "Undid ") }.flatMap(Self.inBackticks)
            + lines.filter { $0.trimmed.hasPrefix(bytes: "hint: ") }.flatMap(Self.inBackticks)
    }

    /// The command lines of `log`, a table or one change's view.
    var logged: [String] {
        guard words.first == "log", format == "table" else { return [] }
        let lines = String(decoding: stdout, as: UTF8.self).split(byte: "\n").map { Self.withoutColours(String($0)) }
        let one = lines.compactMap { $0.without(prefix: "command: ") }.map(String.init)
        guard let heading = lines.first, let column = heading.firstRange(ofBytes: "COMMAND") else { return one }
        return one + lines.dropFirst().map { String($0.dropFirst(heading[..<column.lowerBound].count)) }
    }

    private static func inBackticks(_ line: String) -> [String] {
        let parts = line.split(byte: "`", keepsEmpty: true)
        // One that is not closed would be a command as well.
        return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            + (parts.count % 2 == 0 ? ["a backtick stands alone in: \(line)"] : [])
    }
}

/// Any JSON, to look for texts in.
indirect enum JSONValue: Decodable {
    case other
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else if let object = try? container.decode([String: JSONValue].self) {
            self = .object(object)
        } else {
            self = .other
        }
    }

    /// All texts, or those below members of this name.
    func texts(under key: String? = nil) -> [String] {
        switch self {
        case .other: []
        case .text(let text): key == nil ? [text] : []
        case .list(let items): items.flatMap { $0.texts(under: key) }
        case .object(let members):
            members.flatMap { $0.key == key ? $0.value.texts() : $0.value.texts(under: key) }
        }
    }
}

extension String {
    /// In a test's report, which is XML and is read on a terminal: a name in it must do nothing there either.
    var escapedForReport: String {
        unicodeScalars.reduce(into: "\"") { text, scalar in
            text += (0x20..<0x7F).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        } + "\""
    }
}
