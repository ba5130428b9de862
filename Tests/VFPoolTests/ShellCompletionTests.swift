import FoundationEssentials
import TestSupport
import Testing

@testable import vfpool

/// TAB in real shells: a name becomes itself, byte for byte, and nothing of it is run.
@Suite struct ShellCompletionTests {
    private static func bytes(_ words: [[String]?]) -> [[[UInt8]]?] { words.map { $0?.map { Array($0.utf8) } } }

    /// Types one line for each name, on a host where a guest has it.
    private func complete(
        _ shell: String, _ names: [String], _ typed: String, leading: [String],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let lines = names.map { TypedLines.Line(host: HostFile.text(guests: [$0]), typed: typed) }
        let result = try TypedLines.run(shell, lines)
        #expect(result.made == [], sourceLocation: location)
        for (name, words) in zip(names, result.lines) {
            #expect(
                Self.bytes([words]) == Self.bytes([leading + [name]]), "\(name.debugDescription): \(words ?? [])",
                sourceLocation: location)
        }
    }

    @Test(.enabled(if: TypedLines.has("bash"))) func bash() throws {
        try complete("bash", HostileNames.printable, "vfpool bind -- ", leading: ["bind", "--"])
    }

    @Test(.enabled(if: TypedLines.has("zsh"))) func zsh() throws {
        try complete("zsh", HostileNames.printable, "vfpool bind -- ", leading: ["bind", "--"])
    }

    @Test(.enabled(if: TypedLines.has("fish"))) func fish() throws {
        // fish itself offers no `.`; a tilde it would not quote, so such names are left out.
        let names = HostileNames.printable.filter { $0 != "." && $0 != ".." && $0.utf8.first != UInt8(ascii: "~") }
        try complete("fish", names, "vfpool bind -- ", leading: ["bind", "--"])
    }

    // MARK: Every place

    /// One that holds most of what a shell acts on, and that of a netdev. (libvirt writes portgroups' names into its documents
    /// as they are, so that none can have a `'`.)
    private static let everywhere = ["\"\u{301}$(>P)`>P`\"; >P #!x*\\", "x;>P;a"]

    /// Every argument that is asked of the host, as the program itself tells of them: where a guest, a pool, a network, a
    /// portgroup and a PF have one name, each completes to it. (Interfaces and changes are called by MACs and numbers.)
    @Test(arguments: ["bash", "zsh", "fish"].filter(TypedLines.has)) func everyArgumentOfTheHost(shell: String) throws {
        var places: [(typed: String, words: [String])] = []
        for command in try ToolInfo.current().command.commands {
            for argument in command.arguments ?? [] where argument.completionKind?.custom != nil {
                let option = argument.names?.last?.spelling ?? "--"
                if ["--interface"].contains(option) || argument.valueName == "id" { continue }
                let path = command.commandName.split(separator: " ").map(String.init)
                places.append(("vfpool \(command.commandName) \(option) ", path + [option]))
            }
        }
        #expect(places.count > 15)
        let lines = Self.everywhere.flatMap { name in
            places.map { TypedLines.Line(host: HostFile.text(all: name), typed: $0.typed) }
        }
        let wanted = Self.everywhere.flatMap { name in places.map { $0.words + [name] } }
        let result = try TypedLines.run(shell, lines)
        #expect(result.made == [])
        for (line, (words, right)) in zip(lines, zip(result.lines, wanted)) {
            #expect(Self.bytes([words]) == Self.bytes([right]), "\(line.typed): \(words ?? [])")
        }
    }

    /// Those whose quotes matter there.
    private static let quotable = HostileNames.printable.filter { name in
        name.utf8.contains { "'\"\\$`! ".utf8.contains($0) }
    }

    @Test(.enabled(if: TypedLines.has("bash"))) func bashWithinSingleQuotes() throws {
        try complete("bash", Self.quotable, "vfpool bind -- '", leading: ["bind", "--"])
    }

    @Test(.enabled(if: TypedLines.has("bash"))) func bashWithinDoubleQuotes() throws {
        try complete("bash", Self.quotable, "vfpool bind -- \"", leading: ["bind", "--"])
    }

    @Test(arguments: ["bash", "zsh", "fish"].filter(TypedLines.has)) func someAreLeftOut(shell: String) throws {
        let options = HostileNames.options.filter { $0.utf8.first == UInt8(ascii: "-") }
        // The line is run as it was typed.
        let result = try TypedLines.run(
            shell,
            [HostileNames.unprintable, options].map {
                TypedLines.Line(host: HostFile.text(guests: $0), typed: "vfpool bind ")
            })
        #expect(result.made == [])
        for words in result.lines { #expect(words == ["bind"]) }
    }

    /// What stands on the line already is not run by TAB. Before Enter each line becomes a comment.
    @Test(arguments: ["bash", "zsh", "fish"].filter(TypedLines.has)) func typedWordsAreNotRun(shell: String) throws {
        var lines = [
            "vfpool -c $(touch P) bind ", "vfpool --connect=\"$(touch P)\" bind ", "vfpool bind $(touch P) ",
            "vfpool bind --pool $(touch P", "vfpool bind '$(touch P)' ",
            "vfpool -c 'test+ext:///default?command=/bin/touch' bind ",
            "vfpool bind --pool=\"$(touch P)\" --interface ",
            "../own/vfpool bind ",
        ]
        if shell != "fish" {
            lines += ["vfpool -c `touch P` bind ", "vfpool bind `touch P` --pool ", "X=`touch P` vfpool bind "]
        }
        // zsh itself runs a command within the word that TAB is pressed at.
        if shell != "zsh" { lines.append("vfpool bind \"$(touch P)") }
        let host = HostFile.text(guests: ["vm1"])
        let result = try TypedLines.run(
            shell,
            // Ctrl-A, and what makes a comment of the line.
            lines.map { TypedLines.Line(host: host, typed: $0, keys: "\t\u{1}vfpool given-up #") } + [
                TypedLines.Line(host: host, typed: "vfpool bind v")
            ]
        ) { folder in
            // Not the program on the PATH: whoever only completes has not run it yet.
            try FileManager.default.createDirectory(atPath: folder + "/own", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder + "/work", withIntermediateDirectories: true)
            let own = folder + "/own/vfpool"
            try Data("#!/bin/sh\ntouch \(folder)/work/P\n".utf8).write(to: URL(filePath: own))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: own)
        }
        #expect(result.made == [])
        for words in result.lines.dropLast() { #expect(words == ["given-up"]) }
        #expect(result.lines.last == ["bind", "vm1"])
    }

    /// bash breaks words at more than blanks, and vfpool's function may be called by another.
    @Test(.enabled(if: TypedLines.has("bash"))) func bashBreaksWords() throws {
        func host(_ names: String...) -> String { HostFile.text(guests: names) }
        let cases: [(line: TypedLines.Line, words: [String])] = [
            (.init(host: host("52:54:00", "52:55"), typed: "vfpool bind 52:54"), ["bind", "52:54:00"]),
            (.init(host: host("a@b=c:d e"), typed: "vfpool bind a@"), ["bind", "a@b=c:d e"]),
            (.init(typed: "vfpool bind 'a@b=c:"), ["bind", "a@b=c:d e"]),
            (.init(typed: "vfpool bind a'@b='c"), ["bind", "a@b=c:d e"]),
            (.init(typed: "vfpool migrate --except=a@b=c:d\\ "), ["migrate", "--except=a@b=c:d e"]),
            (.init(typed: "vfpool migrate --except='"), ["migrate", "--except=a@b=c:d e"]),
            (.init(typed: "X=1 vfpool -c $LIBVIRT_DEFAULT_URI bind --"), ["-c", "bind", "--"]),
            // What two have in common may end between a backslash and what it quotes.
            (.init(host: host("a b", "a$b"), typed: "vfpool bind a", keys: "\t$\t"), ["bind", "a$b"]),
            (.init(host: host("a b", "a$b"), typed: "vfpool bind \"a", keys: "\t\\$\t"), ["bind", "a$b"]),
            (.init(host: host("a'", "a'b"), typed: "vfpool bind 'a", keys: "\tb\t"), ["bind", "a'b"]),
            (.init(host: host("a!b", "a!c"), typed: "vfpool bind \"a", keys: "\tc\t"), ["bind", "a!c"]),
            (.init(host: host("--yes"), typed: "vfpool bind ", keys: "\t-- \t"), ["bind", "--", "--yes"]),
            (.init(host: host("vm1"), typed: "true; vfpool bi", keys: "\t\t"), ["bind", "vm1"]),
            (.init(typed: "vfpool de", keys: "\t\t"), ["delete"]),
            (
                .init(typed: "vfpool create x --template ../hos", keys: "\t"),
                ["create", "x", "--template", "../host.xml"]
            ),
            (.init(typed: "vfpool list >../hos", keys: "\t"), ["list"]),
        ]
        for rc in ["", "set -o posix -o nounset; COMP_WORDBREAKS=${COMP_WORDBREAKS//:}"] {
            let result = try TypedLines.run("bash", rc: rc, cases.map(\.line))
            for (example, words) in zip(cases, result.lines) {
                let words = words?.filter { !$0.hasPrefix("test://") }
                #expect(words == example.words, "\(example.line.typed), with \(rc.debugDescription)")
            }
        }
    }

    private static let bashCompletion = "/usr/share/bash-completion/bash_completion"

    @Test(.enabled(if: TypedLines.has("bash") && FileManager.default.fileExists(atPath: bashCompletion)))
    func bashBehindSudo() throws {
        let name = "$(touch P) it's"
        let lines = [
            "sudo vfpool bind ", "sudo vfpool bind '", "sudo vfpool bind \"$(", "sudo -u root vfpool bind \\$",
        ]
        let result = try TypedLines.run(
            "bash", rc: ". \(Self.bashCompletion)",
            lines.map {
                TypedLines.Line(host: HostFile.text(guests: [name]), typed: $0.replacing("\"$(", with: "\"\\$("))
            }
        ) { folder in
            try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
            try Data("#!/bin/sh\n[ \"$1\" = -u ] && shift 2\nexec \"$@\"\n".utf8).write(
                to: URL(filePath: folder + "/bin/sudo"))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/bin/sudo")
        }
        #expect(result.made == [])
        for words in result.lines { #expect(words == ["bind", name]) }
    }
}
