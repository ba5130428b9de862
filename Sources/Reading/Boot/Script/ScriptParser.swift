import Model
import Text

/// Reads shell scripts as POSIX has them, with what bash adds and scripts use. It runs nothing.
struct ScriptParser {
    var reader: ScriptReader
    private var depth = 0
    /// Deeper than scripts are, and less than a thread's stack.
    private static let limit = 96

    private init(_ text: String, line: Int) { reader = ScriptReader(text, line: line) }

    /// - Returns: nil where the script is not understood.
    static func statements(_ text: String, line: Int = 1) -> [ScriptStatement]? {
        var parser = ScriptParser(text, line: line)
        guard let statements = parser.list(until: []), parser.reader.isAtEnd else { return nil }
        return statements
    }

    /// Statements up to one of these words, which is not taken.
    private mutating func list(until ends: Set<Name>) -> [ScriptStatement]? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.limit else { return nil }
        var statements: [ScriptStatement] = []
        while true {
            reader.skipSeparators()
            if reader.isAtEnd || reader.peek == UInt8(ascii: ")") || reader.startsWith(";;") { return statements }
            if let word = reader.peekWord(), ends.contains(Name(word)) { return statements }
            guard let statement = chain() else { return nil }
            statements.append(statement)
        }
    }

    private mutating func chain() -> ScriptStatement? {
        guard let first = pipeline() else { return nil }
        var rest: [(isAnd: Bool, statement: ScriptStatement)] = []
        while true {
            reader.skipBlanks()
            let isAnd = reader.startsWith("&&")
            guard isAnd || reader.startsWith("||") else { break }
            reader.advance(2)
            reader.skipLineEnds()
            guard let next = pipeline() else { return nil }
            rest.append((isAnd, next))
        }
        return rest.isEmpty ? first : .chain(first, rest)
    }

    private mutating func pipeline() -> ScriptStatement? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.limit else { return nil }
        if reader.takeWord("!") { return pipeline().map { .negation($0) } }
        if reader.takeWord("time") { return pipeline() }
        guard let first = compound() else { return nil }
        var statements = [first]
        while true {
            reader.skipBlanks()
            guard reader.peek == UInt8(ascii: "|"), !reader.startsWith("||") else { break }
            reader.advance(reader.startsWith("|&") ? 2 : 1)
            reader.skipLineEnds()
            guard let next = compound() else { return nil }
            statements.append(next)
        }
        return statements.count == 1 ? first : .pipeline(statements)
    }

    // MARK: Compound statements

    private mutating func compound() -> ScriptStatement? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.limit else { return nil }
        reader.skipBlanks()
        let statement: ScriptStatement?
        if reader.peek == UInt8(ascii: "("), !reader.startsWith("((") {
            reader.advance(1)
            statement = body(endedBy: nil).map { .group($0) }
            guard reader.peek == UInt8(ascii: ")") else { return nil }
            reader.advance(1)
        } else if reader.startsWith("((") {
            guard reader.skipArithmetic() else { return nil }
            statement = .group([])
        } else {
            switch reader.peekWord() {
            case "{": statement = braced()
            case "if": statement = conditional()
            case "for", "select": statement = loop()
            case "while", "until": statement = conditionLoop()
            case "case": statement = choice()
            case "function": statement = function()
            default: return simple()
            }
        }
        guard let statement else { return nil }
        var redirections: [ScriptRedirection] = []
        while let redirection = reader.redirection() { redirections.append(redirection) }
        return redirections.isEmpty ? statement : .redirected(statement, redirections)
    }

    /// Statements up to a word, which is taken; nil: up to a parenthesis, which is not.
    private mutating func body(endedBy end: String?) -> [ScriptStatement]? {
        guard let statements = list(until: end.map { [Name($0)] } ?? []) else { return nil }
        if let end { guard reader.takeWord(end) else { return nil } }
        return statements
    }

    private mutating func braced() -> ScriptStatement? {
        guard reader.takeWord("{") else { return nil }
        return body(endedBy: "}").map { .group($0) }
    }

    private mutating func conditional() -> ScriptStatement? {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.limit else { return nil }
        reader.takeAnyWord()
        guard let condition = body(endedBy: "then"), let then = list(until: ["elif", "else", "fi"]) else { return nil }
        switch reader.peekWord() {
        case "elif":
            guard let rest = conditional() else { return nil }
            return .conditional(condition, then: then, otherwise: [rest])
        case "else":
            reader.takeAnyWord()
            guard let otherwise = body(endedBy: "fi") else { return nil }
            return .conditional(condition, then: then, otherwise: otherwise)
        default:
            return reader.takeWord("fi") ? .conditional(condition, then: then, otherwise: []) : nil
        }
    }

    private mutating func loop() -> ScriptStatement? {
        reader.takeAnyWord()
        reader.skipBlanks()
        if reader.startsWith("((") {
            guard reader.skipArithmetic() else { return nil }
            return doBody().map { .loop(variable: nil, over: nil, body: $0) }
        }
        guard let variable = reader.peekWord() else { return nil }
        reader.takeAnyWord()
        reader.skipSeparators()
        var words: [ScriptWord]?
        if reader.takeWord("in") {
            words = []
            while let word = reader.word() { words?.append(word) }
        }
        return doBody().map { .loop(variable: Name(variable), over: words, body: $0) }
    }

    private mutating func conditionLoop() -> ScriptStatement? {
        reader.takeAnyWord()
        guard let condition = list(until: ["do"]), let body = doBody() else { return nil }
        return .loop(variable: nil, over: nil, body: condition + body)
    }

    private mutating func doBody() -> [ScriptStatement]? {
        reader.skipSeparators()
        guard reader.takeWord("do") else { return nil }
        return body(endedBy: "done")
    }

    private mutating func choice() -> ScriptStatement? {
        reader.takeAnyWord()
        guard let subject = reader.word() else { return nil }
        reader.skipLineEnds()
        guard reader.takeWord("in") else { return nil }
        var branches: [(patterns: [ScriptWord], body: [ScriptStatement])] = []
        while true {
            reader.skipSeparators()
            if reader.takeWord("esac") { return .choice(subject, branches) }
            if reader.peek == UInt8(ascii: "(") { reader.advance(1) }
            var patterns: [ScriptWord] = []
            while let pattern = reader.word() {
                patterns.append(pattern)
                reader.skipBlanks()
                guard reader.peek == UInt8(ascii: "|") else { break }
                reader.advance(1)
            }
            guard !patterns.isEmpty, reader.peek == UInt8(ascii: ")") else { return nil }
            reader.advance(1)
            guard let body = list(until: ["esac"]) else { return nil }
            branches.append((patterns, body))
            if reader.startsWith(";;") { reader.advance(reader.startsWith(";;&") ? 3 : 2) }
        }
    }

    private mutating func function() -> ScriptStatement? {
        reader.takeAnyWord()
        guard let name = reader.peekWord() else { return nil }
        reader.takeAnyWord()
        reader.skipBlanks()
        if reader.startsWith("()") { reader.advance(2) }
        reader.skipLineEnds()
        guard let body = compound() else { return nil }
        return .function(Name(name), [body])
    }

    // MARK: Simple commands

    private mutating func simple() -> ScriptStatement? {
        var command = ScriptCommand(line: reader.line)
        if reader.peekWord() == "[[" {
            while let word = reader.testWord() {
                command.words.append(word)
                if word.literal == "]]" { return .command(command) }
            }
            return nil
        }
        while true {
            reader.skipBlanks()
            if let redirection = reader.redirection() {
                command.redirections.append(redirection)
                continue
            }
            if command.words.isEmpty, let (name, value) = reader.assignment() {
                command.assignments.append((name, value))
                continue
            }
            guard let word = reader.word() else { break }
            command.words.append(word)
            if command.words.count == 1, command.assignments.isEmpty, let name = word.literal, reader.startsWith("()") {
                reader.advance(2)
                reader.skipLineEnds()
                guard let body = compound() else { return nil }
                return .function(Name(name), [body])
            }
        }
        let isEmpty = command.words.isEmpty && command.assignments.isEmpty && command.redirections.isEmpty
        // Something stands here that begins no command.
        return isEmpty ? nil : .command(command)
    }
}
