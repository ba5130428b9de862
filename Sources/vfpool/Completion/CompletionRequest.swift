import ArgumentParser
import Planning

/// `vfpool ---complete SHELL …`, by which a shell's completion script asks what may stand at the cursor. Internal, so
/// without help.
///
/// The answer's first line says what it is: `words`, one a line from there on; `files`, which the shell knows better;
/// anything else for nothing. bash gets the text that it has to put there, zsh and fish get words with what they are
/// about. A name that would end a line, or that a terminal acts on, is never among them.
enum CompletionRequest {
    static let command = "---complete"

    /// A word, and what it is about.
    private struct Candidate {
        var text: String
        var about: String?
    }

    private enum Answer {
        case words([Candidate])
        case files
    }

    /// - Parameter arguments: what stands behind `---complete`: the shell, then of bash the line up to the cursor and the
    ///   text that it replaces; of others the line's words, the last as far as it goes.
    static func answer(_ arguments: [String]) -> String {
        guard let shell = arguments.first.flatMap(CompletionScript.Shell.init), arguments.count > 2 else { return "" }
        let rest = arguments.dropFirst()
        switch shell {
        case .bash: return bash(line: arguments[1], replaced: arguments[2])
        case .zsh:
            let lines = rest.map(ShellLine.init)
            guard let last = lines.last, lines.allSatisfy({ !$0.isUnreadable }) else { return "" }
            return text(answer(words: lines.dropLast().map(\.current), current: last.current.text)) { candidate in
                // zsh takes the first colon for the end of the word.
                let word = candidate.text.escaping("\\:", with: "\\")
                return word + (candidate.about.map { ":" + $0 } ?? "")
            }
        case .fish:
            let words = rest.dropLast().map { ShellLine.Word(text: $0) }
            return text(answer(words: words, current: rest.last ?? "")) { candidate in
                // fish puts in a tilde as it is, and then takes it for a home folder.
                candidate.text.utf8.first == UInt8(ascii: "~")
                    ? nil : candidate.text + (candidate.about.map { "\t" + $0 } ?? "")
            }
        }
    }

    private static func bash(line text: String, replaced: String) -> String {
        let line = ShellLine(text)
        if line.isUnreadable { return "" }
        if line.isRedirection { return "files\n" }
        let answer = answer(words: line.words, current: line.current.text)
        if case .files = answer { return "files\n" }
        guard let word = BashWord(line, text: text, replaced: replaced) else { return "" }
        return Self.text(answer) { word.completed(to: $0.text) }
    }

    private static func text(_ answer: Answer, _ line: (Candidate) -> String?) -> String {
        switch answer {
        case .files: "files\n"
        case .words(let candidates): "words\n" + candidates.compactMap(line).map { $0 + "\n" }.joined()
        }
    }

    // MARK: Candidates

    /// - Parameter words: all before the cursor's, with the program's name.
    private static func answer(words: [ShellLine.Word], current: String) -> Answer {
        guard let root = try? ToolInfo.current().command else { return .words([]) }
        // Before the program's name the environment may be set.
        let words = words.drop { $0.text.utf8.contains(UInt8(ascii: "=")) }.dropFirst()
        let place = CommandLinePlace(after: Array(words), in: root)
        if place.path == ["help"] {
            let commands = (root.subcommands ?? []).filter { $0.shouldDisplay ?? true }
            let topics = Topic.names.map { Candidate(text: $0) }
            return .words(commands.map { Candidate(text: $0.commandName, about: $0.abstract) } + topics)
        }
        switch place.expectation(current) {
        case .nothing: return .words([])
        case .commands(let commands):
            return .words(commands.map { Candidate(text: $0.commandName, about: $0.abstract) })
        case .options(let options):
            // A short one is typed as soon as it is looked for.
            let candidates = options.map { Candidate(text: $0.spellings.last ?? "", about: $0.abstract) }
            return .words(candidates.filter { !$0.text.isEmpty })
        case .value(let argument, let leading):
            let kind = argument.completionKind
            if kind?.file != nil { return .files }
            var values = kind?.list?.values ?? []
            if kind?.custom != nil, place.isHostKnown { values = names(argument, place, words.map(\.text)) }
            // ArgumentParser would take it for an option.
            if leading.isEmpty, !place.hasEndedOptions { values.removeAll { $0.utf8.first == UInt8(ascii: "-") } }
            return .words(values.map { Candidate(text: leading + $0) })
        }
    }

    /// Names from the host, as the argument's declaration says.
    private static func names(
        _ argument: ToolInfo.Argument, _ place: CommandLinePlace, _ words: [String]
    ) -> [String] {
        let question = ["---completion"] + place.path + ["--", place.identifier(of: argument), "0", "0"] + words
        do {
            _ = try VFPool.parseAsRoot(question)
            return []
        } catch {
            guard VFPool.exitCode(for: error) == .success else { return [] }
            return VFPool.fullMessage(for: error).utf8.split(separator: UInt8(ascii: "\n"))
                .map { String(decoding: $0, as: UTF8.self) }
        }
    }
}

extension String {
    /// The same with a mark before each of these ASCII characters.
    fileprivate func escaping(_ characters: String, with mark: String) -> String {
        var result: [UInt8] = []
        for byte in utf8 {
            if characters.utf8.contains(byte) { result += mark.utf8 }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
