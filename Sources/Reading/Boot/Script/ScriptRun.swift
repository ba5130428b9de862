import Model
import Text

/// Follows what a script would do, without doing any of it: loops once for all their values, conditions that can't be
/// told both ways, other scripts that it calls.
final class ScriptRun {
    let files: BootFiles
    var effects = BootEffects()
    private var steps = 0
    /// How many scripts, functions and substitutions deep it is.
    var nesting = 0
    static let limit = 16
    private var scripts = 0
    /// Scripts that are being followed, so that none calls itself.
    private var open: [String] = []

    init(_ files: BootFiles) { self.files = files }

    /// What became of a statement.
    struct Outcome {
        /// Whether nothing behind it is reached.
        var ends = false
        /// What it prints.
        var output: ScriptValues?
    }

    // MARK: Whole scripts

    func run(script text: String, _ scope: inout ScriptScope, line: Int = 1) {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting < Self.limit else { return }
        guard let statements = ScriptParser.statements(text, line: line) else {
            mention(text, scope, line: line)
            return
        }
        _ = run(statements, &scope)
    }

    /// A program that is run from a line, where its file is a text.
    ///
    /// - Parameter isDirect: whether it is run by its own path, and not handed to a shell.
    func run(program path: String, _ arguments: [ScriptValues]?, _ caller: ScriptScope, isDirect: Bool) {
        guard nesting < Self.limit, scripts < 400, !open.contains(bytes: path) else { return }
        var script = files.script(path)
        if script == nil, !isDirect, let size = files.size(path), size <= BootFiles.scriptLimit {
            script = files.text(path).map { .shell($0) }
        }
        guard let script else { return }
        scripts += 1
        open.append(path)
        defer { open.removeLast() }
        var scope = caller.child(path, arguments: arguments)
        if isDirect, !files.isExecutable(path) {
            scope.isRun = min(scope.isRun, .maybe)
            scope.doubt = scope.doubt ?? "\(path) is not executable"
        }
        switch script {
        case .shell(let text): run(script: text, &scope)
        case .other(let text): mention(text, scope, line: 1, arguments ?? [])
        }
    }

    /// The lines of a file that another script reads as its own.
    func run(source path: String, _ scope: inout ScriptScope) -> Outcome {
        guard nesting < Self.limit, scripts < 400, !open.contains(bytes: path), let size = files.size(path),
            size <= BootFiles.scriptLimit, let text = files.text(path)
        else { return Outcome() }
        scripts += 1
        open.append(path)
        defer { open.removeLast() }
        let former = scope.path
        scope.path = path
        run(script: text, &scope)
        scope.path = former
        return Outcome()
    }

    /// A program that is not understood, and mentions the count; what it is called with may name the PF.
    func mention(_ text: String, _ scope: ScriptScope, line first: Int, _ arguments: [ScriptValues] = []) {
        let lines = text.lines
        guard let index = lines.firstIndex(where: { line in PFTraits.countFiles.contains { line.contains(bytes: $0) } })
        else { return }
        effects.counts.append(
            CountWrite(
                target: .mention(([text] + arguments.flatMap(\.values)).joined(separator: "\n")), count: .unknown,
                place: Place(path: scope.path, line: first + index),
                isRun: scope.isRun, doubt: scope.doubt))
    }

    // MARK: Statements

    /// - Returns: whether nothing behind them is reached.
    func run(_ statements: [ScriptStatement], _ scope: inout ScriptScope) -> Bool {
        for statement in statements where run(statement, &scope).ends { return true }
        return false
    }

    func run(_ statement: ScriptStatement, _ scope: inout ScriptScope, input: ScriptValues? = nil) -> Outcome {
        steps += 1
        guard steps < 50_000 else { return Outcome(ends: true) }
        switch statement {
        case .command(let command): return run(command, &scope, input: input)
        case .pipeline(let statements):
            var input: ScriptValues?
            let former = scope.lines
            for statement in statements { input = run(statement, &scope, input: input).output }
            scope.lines = former
            return Outcome(output: input)
        case .negation(let statement): return Outcome(ends: run(statement, &scope).ends)
        case .chain(let first, let rest): return Outcome(ends: chain(first, rest, &scope))
        case .conditional(let condition, let then, let otherwise):
            if run(condition, &scope) { return Outcome(ends: true) }
            let known = condition.last.map { self.condition($0, scope) } ?? ScriptCondition(truth: .maybe)
            return Outcome(ends: branch(known, then, otherwise, &scope))
        case .loop(let variable, let words, let body):
            if let variable {
                let values = words.map { $0.flatMap { self.words(of: $0, scope) } } ?? allArguments(scope)
                let isKnown = !values.isEmpty && values.count <= ScriptValues.limit
                scope.set(variable, isKnown ? ScriptValues(values: values, isEach: true) : .unknown)
                _ = run(body, &scope)
                return Outcome()
            }
            return fed([], input, &scope) { scope in
                whileLoop(body, &scope)
                return Outcome()
            }
        case .choice(let subject, let branches): return Outcome(ends: choice(subject, branches, &scope))
        case .group(let statements):
            return fed([], input, &scope) { scope in Outcome(ends: run(statements, &scope)) }
        case .function(let name, let body):
            scope.functions[name] = body
            return Outcome()
        case .redirected(let statement, let redirections):
            let outcome = fed(redirections, input, &scope) { scope in run(statement, &scope) }
            for redirection in redirections where redirection.kind == .output {
                write(to: values(of: redirection.word, scope), .unknown, redirection.line, scope)
            }
            return outcome
        }
    }

    private func chain(
        _ first: ScriptStatement, _ rest: [(isAnd: Bool, statement: ScriptStatement)], _ scope: inout ScriptScope
    ) -> Bool {
        if run(first, &scope).ends { return true }
        var state = condition(first, scope)
        for (isAnd, statement) in rest {
            let reached = isAnd ? state.truth : !state.truth
            if reached == .no { continue }
            let (here, elsewhere) = isAnd ? (state.ifTrue, state.ifFalse) : (state.ifFalse, state.ifTrue)
            var branch = scope
            branch.narrow(here)
            let ends = run(statement, &branch).ends
            let next = condition(statement, branch)
            if reached == .yes {
                scope = branch
                if ends { return true }
                state = next
            } else if ends {
                scope.narrow(elsewhere)
                state = ScriptCondition(truth: .maybe)
            } else {
                scope.merge(branch)
                state = ScriptCondition(truth: .maybe, ifTrue: isAnd ? state.ifTrue + next.ifTrue : [])
            }
        }
        return false
    }

    private func branch(
        _ condition: ScriptCondition, _ then: [ScriptStatement], _ otherwise: [ScriptStatement],
        _ scope: inout ScriptScope
    ) -> Bool {
        var (first, second) = (scope, scope)
        first.narrow(condition.ifTrue)
        second.narrow(condition.ifFalse)
        let firstEnds = condition.truth == .no ? true : run(then, &first)
        let secondEnds = condition.truth == .yes ? true : run(otherwise, &second)
        switch (firstEnds, secondEnds) {
        case (true, true): return true
        case (false, true): scope = first
        case (true, false): scope = second
        case (false, false):
            let before = scope.variables
            scope.merge(first)
            scope.merge(second)
            // What both set is in neither what it was before.
            for (name, values) in first.variables where values != before[name] {
                if let other = second.variables[name], other != before[name] { scope.set(name, values.or(other)) }
            }
        }
        return false
    }

    private func choice(
        _ subject: ScriptWord, _ branches: [(patterns: [ScriptWord], body: [ScriptStatement])],
        _ scope: inout ScriptScope
    ) -> Bool {
        let value = values(of: subject, scope)
        let before = scope
        for (patterns, body) in branches {
            let texts = patterns.map { values(of: $0, before).values.first ?? "" }
            let known = value.single.map { text in texts.map { Glob.truth($0, text) }.max() ?? .no } ?? .maybe
            if known == .no { continue }
            if known == .yes { return run(body, &scope) }
            var branch = before
            if let name = subject.variable, !texts.contains(where: Glob.isPattern) {
                branch.narrow([.init(variable: name, values: ScriptValues(values: texts, isEach: true))])
            }
            if !run(body, &branch) { scope.merge(branch) }
        }
        return false
    }

    private func allArguments(_ scope: ScriptScope) -> [String] { (scope.arguments ?? []).flatMap(\.values) }

    // MARK: What is found

    /// Something is written to these paths.
    func write(to paths: ScriptValues, _ count: CountWrite.Count, _ line: Int, _ scope: ScriptScope) {
        for path in paths.values where PFTraits.isCountFile(path) {
            set(.file(path), count, line, scope, isCertain: paths.isCertain)
        }
    }

    func set(
        _ target: CountWrite.Target, _ count: CountWrite.Count, _ line: Int, _ scope: ScriptScope,
        isCertain: Bool = true
    ) {
        effects.counts.append(
            CountWrite(
                target: target, count: count, place: Place(path: scope.path, line: line),
                isRun: isCertain ? scope.isRun : min(scope.isRun, .maybe), doubt: scope.doubt))
    }
}
