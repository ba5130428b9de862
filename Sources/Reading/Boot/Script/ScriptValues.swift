import Model
import Text

/// What a word of a script may be when the script runs.
struct ScriptValues: Equatable {
    /// With `Glob.unknown` for parts that can't be told.
    var values: [String]
    /// Whether it is each of them in turn, as in a loop; else it is one of them.
    var isEach = false

    static let unknown = ScriptValues(values: [Glob.unknown])
    /// What stands for as many VFs as there can be.
    static let possible = "\u{2}"
    /// More than scripts have; what has more is not followed.
    static let limit = 64

    init(values: [String], isEach: Bool = false) {
        self.values = values
        self.isEach = isEach
    }

    init(_ value: String) { values = [value] }

    /// Its only value, where that is known.
    var single: String? { values.count == 1 && Glob.isKnown(values[0]) ? values[0] : nil }

    /// Whether what is done with each of these values is done.
    var isCertain: Bool { values.count == 1 || isEach }

    func map(_ body: (String) -> String) -> ScriptValues { ScriptValues(values: values.map(body), isEach: isEach) }

    static func + (left: Self, right: Self) -> Self {
        guard left.values.count * right.values.count <= limit else { return unknown }
        let values = left.values.flatMap { first in right.values.map { first + $0 } }
        guard values.allSatisfy({ $0.utf8.count <= 16_384 }) else { return unknown }
        return ScriptValues(
            values: values,
            isEach: (left.values.count == 1 || left.isEach) && (right.values.count == 1 || right.isEach))
    }

    /// One or the other.
    func or(_ other: Self) -> Self {
        if self == other { return self }
        return ScriptValues(values: values + other.values.filter { !values.contains(bytes: $0) })
    }

    /// A count, as it is written to the kernel's file.
    var count: CountWrite.Count {
        guard let single else { return .unknown }
        let text = single.replacing(bytes: "\\n", with: "").trimmed
        if text.isSame(as: Self.possible) { return .possible }
        return Int(digits: text).map { .number($0) } ?? .unknown
    }
}

/// Where a statement of a script is: what its variables are, and what its caller handed over.
struct ScriptScope {
    var path: String
    var variables: [Name: ScriptValues] = [:]
    /// Variables that programs which it runs get, too.
    var exported: Set<Name> = []
    /// What it was called with; nil where that is not known.
    var arguments: [ScriptValues]?
    var functions: [Name: [ScriptStatement]] = [:]
    /// What is left to read on its standard input; nil where that is not known.
    var lines: [String]?
    var isRun = Truth.yes
    var doubt: String?
    /// Variables of which a condition says what they are here.
    private var narrowed: [Name: ScriptValues] = [:]

    init(_ path: String, variables: [Name: String] = [:], arguments: [String]? = nil) {
        self.path = path
        self.variables = variables.mapValues { ScriptValues($0) }
        exported = Set(variables.keys)
        self.arguments = arguments?.map { ScriptValues($0) }
    }

    mutating func set(_ name: Name, _ values: ScriptValues) { variables[name] = values }

    mutating func narrow(_ facts: [ScriptCondition.Fact]) {
        for fact in facts {
            if let place = Int(digits: fact.variable.string) {
                // An argument.
                guard place > 0, place <= 9 else { continue }
                var list = arguments ?? []
                while list.count < 9 { list.append(arguments == nil ? .unknown : ScriptValues("")) }
                list[place - 1] = fact.values
                arguments = list
            } else {
                variables[fact.variable] = fact.values
                narrowed[fact.variable] = fact.values
            }
        }
    }

    /// Takes over what a branch did that may have been taken.
    mutating func merge(_ branch: ScriptScope) {
        for (name, values) in branch.variables where branch.narrowed[name] != values {
            variables[name] = variables[name].map { $0.or(values) } ?? values
        }
        if lines != branch.lines { lines = nil }
        exported.formUnion(branch.exported)
        functions.merge(branch.functions) { $1 }
    }

    /// That of a program which is run from here.
    func child(_ path: String, arguments: [ScriptValues]?) -> ScriptScope {
        var scope = ScriptScope(path)
        scope.variables = variables.filter { exported.contains($0.key) }
        scope.exported = exported
        scope.arguments = arguments
        (scope.isRun, scope.doubt, scope.lines) = (isRun, doubt, lines)
        return scope
    }
}

/// What is known of a condition, and what it says of variables.
struct ScriptCondition {
    struct Fact {
        var variable: Name
        var values: ScriptValues
    }

    var truth: Truth
    var ifTrue: [Fact] = []
    var ifFalse: [Fact] = []

    static prefix func ! (condition: Self) -> Self {
        Self(truth: !condition.truth, ifTrue: condition.ifFalse, ifFalse: condition.ifTrue)
    }
}
