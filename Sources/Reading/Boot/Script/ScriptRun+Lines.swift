import Model
import Text

/// What a script reads by lines: `while read -r pf count; do … done < /etc/vfs`.
extension ScriptRun {
    /// The lines that a statement gets by a redirection, or else by a pipe; nil where they can't be told.
    func lines(_ redirections: [ScriptRedirection], _ pipe: ScriptValues?, _ scope: ScriptScope) -> [String]? {
        guard let redirection = redirections.last(where: { $0.kind != .output }) else {
            return pipe.map { lines(of: $0) } ?? scope.lines
        }
        let values = values(of: redirection.word, scope)
        return lines(of: redirection.kind == .text ? values : content(of: values))
    }

    /// Runs something with the lines that it gets; what reads on behind it does so where it stood, or where this ended.
    func fed(
        _ redirections: [ScriptRedirection], _ pipe: ScriptValues?, _ scope: inout ScriptScope,
        _ body: (inout ScriptScope) -> Outcome
    ) -> Outcome {
        let former = scope.lines
        let isOwn = pipe != nil || redirections.contains { $0.kind != .output }
        scope.lines = lines(redirections, pipe, scope)
        let outcome = body(&scope)
        if isOwn { scope.lines = former }
        return outcome
    }

    private func lines(of text: ScriptValues) -> [String]? {
        guard let lines = text.single?.lines, lines.count <= ScriptValues.limit else { return nil }
        return lines.map(String.init)
    }

    /// Once for each line that its condition reads, where those can be told; else once for all.
    func whileLoop(_ body: [ScriptStatement], _ scope: inout ScriptScope) {
        if scope.lines?.isEmpty == true, let first = body.first, Self.reads(first) { return }
        while true {
            let left = scope.lines?.count ?? 0
            _ = run(body, &scope)
            guard let lines = scope.lines, !lines.isEmpty, lines.count < left else { return }
        }
    }

    private static func reads(_ statement: ScriptStatement) -> Bool {
        switch statement {
        case .command(let command): command.words.first?.literal?.isSame(as: "read") ?? false
        case .chain(let first, _): reads(first)
        default: false
        }
    }

    /// `read -r NAME…`.
    func read(_ arguments: [ScriptValues], _ scope: inout ScriptScope) {
        let words = arguments.map { $0.single ?? "" }
        var names = words.filter { !$0.hasPrefix(bytes: "-") }.map { Name($0) }
        let isPlain = words.allSatisfy { !$0.hasPrefix(bytes: "-") || $0.isSame(as: "-r") }
        if names.isEmpty { names = [Name("REPLY")] }
        guard isPlain, let line = scope.lines?.first, let fields = Self.fields(of: line, names.count, scope) else {
            for name in names { scope.set(name, .unknown) }
            if !isPlain { scope.lines = nil }
            scope.lines = scope.lines.map { Array($0.dropFirst()) }
            return
        }
        for (index, name) in names.enumerated() {
            scope.set(name, ScriptValues(index < fields.count ? fields[index] : ""))
        }
        scope.lines?.removeFirst()
    }

    /// The fields of a line by IFS, the last one having all the rest.
    private static func fields(of line: String, _ count: Int, _ scope: ScriptScope) -> [String]? {
        let separators: String
        switch scope.variables[Name("IFS")] {
        case nil: separators = " \t\n"
        case .some(let values):
            guard let single = values.single else { return nil }
            separators = single
        }
        let signs = Array(separators.utf8)
        if signs.isEmpty { return [line] }
        let isBlank = signs.allSatisfy(\.isBlank)
        guard isBlank || signs.count == 1 else { return nil }
        var rest = isBlank ? line.trimmed : line[...]
        var fields: [String] = []
        while fields.count + 1 < count, !rest.isEmpty,
            let end = rest.utf8.firstIndex(where: { signs.contains($0) })
        {
            fields.append(String(rest[..<end]))
            rest = Substring(rest.utf8[end...].dropFirst())
            if isBlank { rest = rest.trimmed }
        }
        return fields + [String(rest)]
    }
}
