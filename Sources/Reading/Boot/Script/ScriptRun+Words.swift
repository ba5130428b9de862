import Model
import Text

extension ScriptRun {
    /// What a word stands for.
    func values(of word: ScriptWord, _ scope: ScriptScope) -> ScriptValues {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting < Self.limit + 8 else { return .unknown }
        var result = ScriptValues("")
        for part in word.parts {
            switch part {
            case .text(let text): result = result + ScriptValues(text)
            case .variable(let variable): result = result + value(of: variable, scope)
            case .substitution(let script): result = result + output(of: script, scope)
            case .unknown: result = result + .unknown
            }
        }
        return result
    }

    /// The words that one word becomes: by blanks in its variables, by braces.
    func words(of word: ScriptWord, _ scope: ScriptScope) -> [String] {
        let values = values(of: word, scope).values
        let split = word.splits ? values.flatMap { $0.words.map(String.init) } : values
        return split.flatMap { Self.braces($0) }
    }

    private func value(of variable: ScriptVariable, _ scope: ScriptScope) -> ScriptValues {
        let value: ScriptValues?
        if variable.isList, variable.name == "@" {
            value = scope.arguments.map { arguments in
                arguments.enumerated().reduce(ScriptValues("")) { sum, next in
                    sum + ScriptValues(next.offset == 0 ? "" : " ") + next.element
                }
            }
        } else if let place = Int(digits: variable.name.string) {
            value = scope.arguments.map { place > 0 && place <= $0.count ? $0[place - 1] : ScriptValues("") }
        } else {
            value = scope.variables[variable.name]
        }
        switch variable.change {
        case .none: return value ?? .unknown
        case .unknown: return .unknown
        case .lastPart: return value?.map { String($0.split(byte: "/").last ?? "") } ?? .unknown
        case .withoutLastPart: return value?.map { Self.folder(of: $0) } ?? .unknown
        case .fallback(let text):
            if let value, value.values != [""] { return value }
            var reader = ScriptReader("\"" + text + "\"", line: 1)
            return reader.word().map { values(of: $0, scope) } ?? ScriptValues("")
        }
    }

    static func folder(of path: String) -> String {
        path.cut(atLast: "/").map { String($0.before) } ?? path
    }

    /// What a script in a script prints, where that is a path or a card's own limit.
    private func output(of script: String, _ scope: ScriptScope) -> ScriptValues {
        if let path = script.trimmed.without(prefix: "<") { return content(of: ScriptValues(String(path.trimmed))) }
        guard let statements = ScriptParser.statements(script), statements.count == 1,
            case .command(let command) = statements[0]
        else { return .unknown }
        let words = command.words.map { values(of: $0, scope) }
        guard let name = words.first?.single, let last = words.last, words.count > 1 else { return .unknown }
        switch name.split(byte: "/").last.map(String.init) {
        case "readlink", "realpath": return last
        case "basename": return words.count == 2 ? last.map { String($0.split(byte: "/").last ?? "") } : .unknown
        case "dirname": return last.map { Self.folder(of: $0) }
        case "cat": return content(of: last)
        case "echo", "printf": return printed(name, Array(words.dropFirst()))
        case "find": return found(Array(words.dropFirst()), scope, command.line).output ?? .unknown
        case "ls": return last.values.contains { PFTraits.isCountFile($0) } ? last : .unknown
        default: return .unknown
        }
    }

    func content(of path: ScriptValues) -> ScriptValues {
        if path.values.allSatisfy({ $0.hasSuffix(bytes: "/sriov_totalvfs") }) {
            return ScriptValues(ScriptValues.possible)
        }
        // What the kernel has in its files now says nothing of the next boot.
        guard let path = path.single,
            !["/sys/", "/proc/", "/dev/", "/run/"].contains(where: { path.hasPrefix(bytes: $0) }),
            let size = files.size(path), size <= 8192, let text = files.text(path)
        else { return .unknown }
        let end = text.utf8.lastIndex { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        return ScriptValues(end.map { String(text[...$0]) } ?? "")
    }

    /// What `echo` and `printf` print.
    func printed(_ name: String, _ arguments: [ScriptValues]) -> ScriptValues {
        var words = arguments[...]
        let isEcho = name.hasSuffix(bytes: "echo")
        while isEcho, let option = words.first?.single, ["-n", "-e", "-ne", "-en", "-E"].contains(option) {
            words = words.dropFirst()
        }
        if !isEcho, let format = words.first?.single, format.contains(bytes: "%") {
            words = words.dropFirst()
            if words.count != 1 { return .unknown }
        }
        guard let first = words.first else { return ScriptValues("") }
        return words.dropFirst().reduce(first) { $0 + ScriptValues(" ") + $1 }
    }

    // MARK: Braces

    /// `eth{3,4}` and `eth{3..5}`, as bash has them.
    static func braces(_ text: String, depth: Int = 0) -> [String] {
        guard depth < 4, let open = text.utf8.firstIndex(of: UInt8(ascii: "{")),
            let close = text[open...].utf8.firstIndex(of: UInt8(ascii: "}"))
        else { return [text] }
        let inside = text[text.utf8.index(after: open)..<close]
        let (start, end) = (text[..<open], text[text.utf8.index(after: close)...])
        var parts = inside.split(byte: ",", keepsEmpty: true).map(String.init)
        if parts.count == 1 {
            let ends = inside.split(byte: ".").compactMap { Int(digits: $0) }
            guard ends.count == 2, inside.contains(bytes: ".."), ends[0] <= ends[1],
                ends[1] - ends[0] < ScriptValues.limit
            else { return [text] }
            parts = (ends[0]...ends[1]).map { "\($0)" }
        }
        return parts.flatMap { part in braces(String(end), depth: depth + 1).map { "\(start)\(part)\($0)" } }
    }
}
