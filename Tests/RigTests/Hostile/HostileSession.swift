import TestSupport
import Testing
import Text

/// vfpool run again and again on one host, with all that it printed.
final class HostileSession {
    let rig: Rig
    /// An empty folder that it is run in, and stays so.
    let folder = "/var/scratch"
    private(set) var printed: [Printed] = []

    /// What can be asked for of every command, and of those that change something.
    static let formats: [[String]] = [[], ["--format", "json"], ["-q"]]
    /// The table with all that can be said beside it.
    static let talkative = ["-v", "--color", "always"]

    init(_ rig: Rig) throws {
        self.rig = rig
        _ = try rig.run("mkdir", "-p", folder)
    }

    func add(_ one: Printed) { printed.append(one) }

    @discardableResult
    func run(
        _ words: [String], environment: [String: String] = [:], input: String = "", program: String = Rig.vfpool
    ) throws -> Printed {
        let command = try rig.start([program] + words, environment: environment, input: input, folder: folder)
        let result = try command.wait()
        let (stdout, stderr) = command.bytes
        let one = Printed(words: words, status: result.status, stdout: stdout, stderr: stderr)
        printed.append(one)
        return one
    }

    /// The same in every format. Operands come behind `--`, since a name may begin with a hyphen.
    func show(
        _ path: String, _ options: [String] = [], _ operands: [String] = [], environment: [String: String] = [:]
    ) throws {
        for format in Self.formats {
            try run(Self.words(path, options + format, operands), environment: environment)
        }
    }

    /// What a change would do, in every format, and its document.
    func plan(_ path: String, _ options: [String] = [], _ operands: [String] = []) throws {
        try show(path, options + ["-n"], operands)
        try run(Self.words(path, options + ["--print-xml"], operands))
    }

    /// A change that succeeds.
    @discardableResult
    func change(
        _ path: String, _ options: [String] = [], _ operands: [String] = [], environment: [String: String] = [:],
        program: String = Rig.vfpool, _ location: SourceLocation = #_sourceLocation
    ) throws -> Printed {
        let done = try run(Self.words(path, options + ["-y"], operands), environment: environment, program: program)
        #expect(
            done.status == 0, "\(done.about): \(String(decoding: done.stderr, as: UTF8.self).escapedForReport)",
            sourceLocation: location
        )
        return done
    }

    private static func words(_ path: String, _ options: [String], _ operands: [String]) -> [String] {
        path.split(byte: " ").map(String.init) + options + (operands.isEmpty ? [] : ["--"] + operands)
    }

    // MARK: Judgement

    /// That every command was run in every format, with success and without.
    func checkCoverage(_ leaves: [CommandTree.Leaf]) {
        for leaf in leaves {
            let own = printed.filter { $0.words.starts(with: leaf.path, by: { $0.isSame(as: $1) }) }
            // A picture is drawn as text, SVG or HTML.
            for format in leaf.name == "picture" ? ["table"] : ["table", "json", "quiet"] {
                let done = own.filter { $0.format == format }
                // 2: it found what it looks for.
                #expect(done.contains { [0, 2].contains($0.status) }, "nothing succeeds: \(leaf.name), \(format)")
                #expect(done.contains { ![0, 2].contains($0.status) }, "nothing fails: \(leaf.name), \(format)")
            }
            if leaf.has("--print-xml") {
                #expect(own.contains { $0.format == "xml" }, "no document: \(leaf.name)")
            }
        }
    }

    func checkText() {
        let faults = printed.flatMap { $0.faults() }
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(12).joined(separator: "\n"))")
    }

    /// That every command offered, pasted into a shell, runs what it names with words of the host's, and nothing else.
    ///
    /// - Parameters:
    ///   - names: all that may be a word besides plain ones.
    ///   - damage: a word of command lines in a journal that was damaged.
    /// - Returns: the names that were words.
    func checkCommands(_ names: [String], damage: String) throws -> Set<Name> {
        let known = Set(names.map { Name($0) })
        var offered = Set(printed.flatMap(\.commands).map { Name($0) }).filter {
            !PastedCommands.isNoCommand($0.string)
        }
        // They write to where they say.
        for command in offered where command.string.contains(bytes: " > /") {
            #expect(
                Self.isPlain(
                    command.string.replacing(bytes: " > ", with: "")
                        .replacing(bytes: " ", with: "")), "\(command.string.escapedForReport)")
            offered.remove(command)
        }
        let commands = offered.sorted().map(\.string)
        let logged = Set(printed.flatMap(\.logged).map { Name($0) }).sorted().map(\.string)
        let given = Set(printed.map { Name(($0.words).joined(separator: "\u{1E}")) })
        var seen: Set<Name> = []
        for shell in ["sh", "bash"] {
            let runs = try PastedCommands.run(commands, by: shell, on: rig, folder: folder)
            try #require(runs.count == commands.count)
            for (command, calls) in zip(commands, runs) {
                #expect(!calls.isEmpty, "\(shell): runs nothing: \(command.escapedForReport)")
                for word in calls.flatMap({ $0.dropFirst() }) where !Self.isPlain(word) {
                    let value = word.hasPrefix(bytes: "--") ? word.cut(at: "=").map { String($0.after) } : nil
                    let name = [word, value].compactMap(\.self).map { Name($0) }.first { known.contains($0) }
                    #expect(name != nil, "\(shell): \(word.escapedForReport) in \(command.escapedForReport)")
                    if let name { seen.insert(name) }
                }
            }
            let lines = try PastedCommands.run(logged, by: shell, on: rig, folder: folder)
            try #require(lines.count == logged.count)
            for (line, calls) in zip(logged, lines) {
                let words = Array(calls.first?.dropFirst() ?? [])
                let isKnown = given.contains(Name(words.joined(separator: "\u{1E}"))) || words.contains(bytes: damage)
                #expect(calls.count == 1 && isKnown, "\(shell): \(line.escapedForReport)")
            }
        }
        #expect(!logged.isEmpty && !commands.isEmpty)
        return seen
    }

    private static func isPlain(_ word: String) -> Bool {
        word.utf8.allSatisfy { $0.isLetter || $0.isDigit || $0.isOne(of: "-_.:/=,@+") }
    }

    /// That nothing was run that leaves a file.
    func checkFolders(_ location: SourceLocation = #_sourceLocation) throws {
        let made = try rig.sh(
            "ls -A \(folder); ls -d /P /a /b /h /i /t /x* /q /etc/libvirt/hooks/*.d/P 2>/dev/null; true"
        ).stdout
        #expect(made == "", "\(made.escapedForReport)", sourceLocation: location)
    }
}
