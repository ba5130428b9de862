import Text

/// The place of the next word on the command line: found by walking the words before it down the command tree.
struct CommandLinePlace {
    /// What may stand there.
    enum Expectation {
        case commands([ToolInfo.Command])
        case options([ToolInfo.Argument])
        /// - Parameter leading: what stands before the value in its word: `--pool=`.
        case value(ToolInfo.Argument, leading: String)
        case nothing
    }

    /// The names of the command and of those around it, without the program's.
    private(set) var path: [String] = []
    /// Whether the words say which host is meant.
    private(set) var isHostKnown = true
    /// Whether `--` stood before: nothing is an option any more.
    private(set) var hasEndedOptions = false
    private var command: ToolInfo.Command
    private var positionals = 0
    private var used: Set<Name> = []
    private var awaited: ToolInfo.Argument?

    init(after words: [ShellLine.Word], in root: ToolInfo.Command) {
        command = root
        for word in words { pass(word) }
    }

    private mutating func pass(_ word: ShellLine.Word) {
        if let option = awaited {
            awaited = nil
            if option.isConnection, !word.isKnown { isHostKnown = false }
        } else if !hasEndedOptions, word.text == "--" {
            hasEndedOptions = true
        } else if !hasEndedOptions, word.text.utf8.first == UInt8(ascii: "-"), word.text != "-" {
            let name = Self.optionName(word.text)
            guard let option = option(name) else { return }
            used.formUnion(option.spellings.map { Name($0) })
            guard option.kind == "option" else { return }
            if name == word.text {
                awaited = option
            } else if option.isConnection, !word.isKnown {
                isHostKnown = false
            }
        } else if positionals == 0, word.isKnown, let next = command.subcommand(word.text) {
            command = next
            path.append(next.commandName)
        } else {
            positionals += 1
        }
    }

    /// What may stand next, where so much of it is there.
    func expectation(_ current: String) -> Expectation {
        if let awaited { return .value(awaited, leading: "") }
        if !hasEndedOptions, current.utf8.first == UInt8(ascii: "-") {
            let name = Self.optionName(current)
            if name != current, let option = option(name), option.kind == "option" {
                return .value(option, leading: name + "=")
            }
            return .options(unused)
        }
        if let commands = command.subcommands?.filter({ $0.shouldDisplay ?? true }), !commands.isEmpty {
            return positionals == 0 ? .commands(commands) : .nothing
        }
        let arguments = (command.arguments ?? []).filter { $0.kind == "positional" }
        if positionals < arguments.count { return .value(arguments[positionals], leading: "") }
        if let last = arguments.last, last.isRepeating { return .value(last, leading: "") }
        return hasEndedOptions ? .nothing : .options(unused)
    }

    /// How ArgumentParser is asked for this argument's completion.
    func identifier(of argument: ToolInfo.Argument) -> String {
        guard argument.kind == "positional" else { return argument.spellings.last ?? "" }
        let arguments = (command.arguments ?? []).filter { $0.kind == "positional" }
        return "positional@\(min(positionals, arguments.count - 1))"
    }

    private var unused: [ToolInfo.Argument] {
        (command.arguments ?? []).filter { argument in
            argument.kind != "positional" && argument.shouldDisplay ?? true
                && (argument.isRepeating || argument.spellings.allSatisfy { !used.contains(Name($0)) })
        }
    }

    /// An option of this command; before there is one, of any, since options may stand before their command.
    private func option(_ name: String) -> ToolInfo.Argument? {
        command.allArguments.first { $0.spellings.contains(name) }
    }

    private static func optionName(_ word: String) -> String {
        String(decoding: word.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }
}

extension ToolInfo.Command {
    fileprivate func subcommand(_ name: String) -> Self? {
        subcommands?.first { $0.commandName == name || $0.aliases?.contains(name) ?? false }
    }

    /// Its own, and those of the commands below.
    fileprivate var allArguments: [ToolInfo.Argument] {
        (arguments ?? []) + (subcommands ?? []).flatMap(\.allArguments)
    }
}

extension ToolInfo.Argument {
    /// Its names as they are typed, the long one last.
    var spellings: [String] { (names ?? []).map(\.spelling).sorted { $0.utf8.count < $1.utf8.count } }

    /// Whether it says on which host names are looked for.
    fileprivate var isConnection: Bool { spellings.contains(bytes: "--connect") }
}
