import Model
import Text

/// A statement of a shell script, as far as it matters to what the script sets.
indirect enum ScriptStatement {
    case command(ScriptCommand)
    case pipeline([ScriptStatement])
    /// `first && second || third`.
    case chain(ScriptStatement, [(isAnd: Bool, statement: ScriptStatement)])
    case negation(ScriptStatement)
    case conditional([ScriptStatement], then: [ScriptStatement], otherwise: [ScriptStatement])
    /// A `for` over words; without a variable a `while` or `until`, whose condition comes first in the body.
    case loop(variable: Name?, over: [ScriptWord]?, body: [ScriptStatement])
    case choice(ScriptWord, [(patterns: [ScriptWord], body: [ScriptStatement])])
    case group([ScriptStatement])
    case function(Name, [ScriptStatement])
    /// A compound statement whose output or input is redirected.
    case redirected(ScriptStatement, [ScriptRedirection])
}

/// A simple command: assignments, words, redirections.
struct ScriptCommand {
    var assignments: [(name: Name, value: ScriptWord)] = []
    var words: [ScriptWord] = []
    var redirections: [ScriptRedirection] = []
    var line: Int
}

struct ScriptRedirection {
    enum Kind { case input, output, text }

    var kind: Kind
    var word: ScriptWord
    var line: Int
}

/// A word whose parts are yet to be replaced by what they stand for.
struct ScriptWord {
    enum Part {
        case text(String)
        case variable(ScriptVariable)
        /// `$(…)`: a script.
        case substitution(String)
        case unknown
    }

    var parts: [Part] = []
    /// Whether blanks in the values of its variables make several words of it.
    var splits = false

    /// Its text, where it is nothing else.
    var literal: String? {
        var text = ""
        for part in parts {
            guard case .text(let more) = part else { return nil }
            text += more
        }
        return text
    }

    /// Its variable, where it is nothing else.
    var variable: Name? {
        guard parts.count == 1, case .variable(let variable) = parts[0], variable.change == .none else { return nil }
        return variable.name
    }
}

/// `$NAME` or `${NAME…}`.
struct ScriptVariable {
    enum Change: Equatable {
        case none
        /// `:-` and its like.
        case fallback(String)
        /// `##*/`.
        case lastPart
        /// `%/*`.
        case withoutLastPart
        case unknown
    }

    var name: Name
    /// Whether it stands for a list, each part of which is a word.
    var isList = false
    var change = Change.none
}
