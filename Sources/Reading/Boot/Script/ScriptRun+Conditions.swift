import Model
import Text

extension ScriptRun {
    /// Whether a statement succeeds, as far as its words tell.
    func condition(_ statement: ScriptStatement, _ scope: ScriptScope) -> ScriptCondition {
        switch statement {
        case .command(let command):
            switch command.words.first?.literal {
            case "true", ":": return ScriptCondition(truth: .yes)
            case "false": return ScriptCondition(truth: .no)
            case "test": return test(command.words.dropFirst(), scope)
            case "[", "[[": return test(command.words.dropFirst().dropLast(), scope)
            default: return ScriptCondition(truth: .maybe)
            }
        case .negation(let statement): return !condition(statement, scope)
        case .group(let statements) where statements.count == 1: return condition(statements[0], scope)
        case .chain(let first, let rest) where rest.allSatisfy(\.isAnd):
            return all([first] + rest.map(\.statement), scope) { condition($0, $1) }
        default: return ScriptCondition(truth: .maybe)
        }
    }

    private func all<Part>(
        _ parts: [Part], _ scope: ScriptScope, _ judge: (Part, ScriptScope) -> ScriptCondition
    ) -> ScriptCondition {
        parts.reduce(ScriptCondition(truth: .yes)) { sum, part in
            let next = judge(part, scope)
            return ScriptCondition(truth: sum.truth && next.truth, ifTrue: sum.ifTrue + next.ifTrue)
        }
    }

    private func test(_ words: ArraySlice<ScriptWord>, _ scope: ScriptScope) -> ScriptCondition {
        if words.contains(where: { ["-o", "||"].contains($0.literal) }) { return ScriptCondition(truth: .maybe) }
        let parts = words.reduce(into: [[]] as [ArraySlice<ScriptWord>]) { parts, word in
            if ["-a", "&&"].contains(word.literal) { parts.append([]) } else { parts[parts.count - 1].append(word) }
        }
        if parts.count > 1 { return all(parts, scope) { test($0, $1) } }
        if words.first?.literal == "!" { return !test(words.dropFirst(), scope) }
        let words = Array(words)
        switch words.count {
        case 2:
            guard let text = values(of: words[1], scope).single else { return ScriptCondition(truth: .maybe) }
            switch words[0].literal {
            case "-n": return ScriptCondition(truth: Truth(!text.isEmpty))
            case "-z": return ScriptCondition(truth: Truth(text.isEmpty))
            default: return ScriptCondition(truth: .maybe)
            }
        case 3:
            switch words[1].literal {
            case "=", "==": return equality(words[0], words[2], scope)
            case "!=": return !equality(words[0], words[2], scope)
            case "-eq": return numbers(words, scope) { $0 == $1 }
            case "-ne": return numbers(words, scope) { $0 != $1 }
            case "-gt": return numbers(words, scope) { $0 > $1 }
            case "-ge": return numbers(words, scope) { $0 >= $1 }
            case "-lt": return numbers(words, scope) { $0 < $1 }
            case "-le": return numbers(words, scope) { $0 <= $1 }
            default: return ScriptCondition(truth: .maybe)
            }
        default: return ScriptCondition(truth: .maybe)
        }
    }

    private func equality(_ left: ScriptWord, _ right: ScriptWord, _ scope: ScriptScope) -> ScriptCondition {
        let (first, second) = (values(of: left, scope), values(of: right, scope))
        if let text = first.single, let pattern = second.single {
            // `[[` takes a pattern here; in `[`, none has one.
            return ScriptCondition(truth: Glob.truth(pattern, text))
        }
        if let name = left.variable, let text = second.single { return narrowing(name, first, to: text) }
        if let name = right.variable, let text = first.single { return narrowing(name, second, to: text) }
        return ScriptCondition(truth: .maybe)
    }

    private func narrowing(_ name: Name, _ values: ScriptValues, to text: String) -> ScriptCondition {
        let isPossible = values.values.contains { $0.isSame(as: text) || Glob.truth($0, text) != .no }
        guard isPossible else { return ScriptCondition(truth: Glob.isPattern(text) ? .maybe : .no) }
        let others = values.values.filter { !$0.isSame(as: text) }
        return ScriptCondition(
            truth: .maybe, ifTrue: [.init(variable: name, values: ScriptValues(text))],
            ifFalse: others.isEmpty || others.count == values.values.count
                ? [] : [.init(variable: name, values: ScriptValues(values: others, isEach: values.isEach))])
    }

    private func numbers(_ words: [ScriptWord], _ scope: ScriptScope, _ body: (Int, Int) -> Bool) -> ScriptCondition {
        guard let left = values(of: words[0], scope).single.flatMap({ Int(digits: $0) }),
            let right = values(of: words[2], scope).single.flatMap({ Int(digits: $0) })
        else { return ScriptCondition(truth: .maybe) }
        return ScriptCondition(truth: Truth(body(left, right)))
    }
}
