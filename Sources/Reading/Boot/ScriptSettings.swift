import Model
import Text

/// Lines `KEY=value` as the shell reads them.
struct ScriptSettings {
    private var values: [Name: (value: String, line: Int)] = [:]

    init(_ text: String) {
        for (index, line) in text.lines.enumerated() {
            guard !line.trimmed.hasPrefix(bytes: "#"), let (key, value) = line.trimmed.cut(at: "=") else { continue }
            values[Name(key)] = (UnitCommand.words(String(value)).first ?? "", index + 1)
        }
    }

    subscript(key: Name) -> (value: String, line: Int)? { values[key] }
}
