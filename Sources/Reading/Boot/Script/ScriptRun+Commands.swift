import Model
import Text

extension ScriptRun {
    func run(_ command: ScriptCommand, _ scope: inout ScriptScope, input: ScriptValues?) -> Outcome {
        let assigned = command.assignments.map { ($0.name, values(of: $0.value, scope)) }
        if command.words.isEmpty {
            for (name, values) in assigned { scope.set(name, values) }
        }
        var arguments: [ScriptValues] = []
        for word in command.words {
            let values = values(of: word, scope)
            if word.splits, let single = values.single, single.utf8.contains(where: \.isBlank) {
                arguments += single.words.map { ScriptValues(String($0)) }
            } else {
                arguments.append(values)
            }
        }
        let text = command.redirections.last { $0.kind == .text }.map { values(of: $0.word, scope) }
        var outcome = Outcome()
        if !arguments.isEmpty {
            // Assignments before a command are for it alone.
            var inner = scope
            for (name, values) in assigned {
                inner.set(name, values)
                inner.exported.insert(name)
            }
            outcome = fed(command.redirections, input, &inner) { inner in
                call(arguments, &inner, input: text ?? input, line: command.line)
            }
            for (name, _) in assigned {
                inner.variables[name] = scope.variables[name]
                if !scope.exported.contains(name) { inner.exported.remove(name) }
            }
            scope = inner
        }
        for redirection in command.redirections where redirection.kind == .output {
            write(
                to: values(of: redirection.word, scope), outcome.output?.count ?? .unknown, redirection.line, scope)
        }
        return outcome
    }

    /// A command by its words; as systemd and udev have them, which use no shell.
    func call(_ words: [ScriptValues], _ scope: inout ScriptScope, input: ScriptValues? = nil, line: Int) -> Outcome {
        guard let path = words.first?.single else { return unknownCommand(words, scope, line) }
        let name = String(path.split(byte: "/").last ?? "")
        let arguments = Array(words.dropFirst())
        if let body = scope.functions[Name(path)] { return function(body, arguments, &scope) }
        if let outcome = builtin(name, arguments, &scope, line) { return outcome }
        if let skipped = Self.wrappers[Name(name)] {
            let rest = Self.behindOptions(arguments, skipping: skipped)
            var outcome = rest.isEmpty ? Outcome() : call(rest, &scope, input: input, line: line)
            if name.isSame(as: "exec"), !rest.isEmpty { outcome.ends = true }
            return outcome
        }
        if BootFiles.shells.contains(Name(name)) { return shell(arguments, scope, line) }
        switch name {
        case "echo", "printf": return Outcome(output: printed(name, arguments))
        case "cat": return Outcome(output: arguments.last.map(content) ?? input)
        case "tee":
            for path in arguments { write(to: path, input?.count ?? .unknown, line, scope) }
            return Outcome(output: input)
        case "dd":
            for path in arguments.compactMap({ $0.single?.without(prefix: "of=") }) {
                write(to: ScriptValues(String(path)), input?.count ?? .unknown, line, scope)
            }
            return Outcome()
        case "ip", "ifconfig", "ifup": effects.linksUp += Self.linksUp(name, arguments)
        case "modprobe", "insmod": moduleOption(arguments, scope, line)
        case "os-net-config-sriov": namedCounts(arguments, scope, line)
        case "find": return found(arguments, scope, line)
        case "xargs": mentions(arguments, scope, line, input: input)
        case "vfpool": ownCommand(arguments, scope, line)
        case "python", "python2", "python3", "perl", "ruby", "php", "node": interpreted(arguments, scope, line)
        default:
            guard !Self.readers.contains(Name(name)) else { return Outcome() }
            guard let program = program(path) else { return unknownCommand(words, scope, line) }
            let found = effects.counts.count
            run(program: program, arguments, scope, isDirect: true)
            // A program that can't be looked into may write what it is called with.
            if effects.counts.count == found, files.script(program) == nil { return unknownCommand(words, scope, line) }
        }
        return Outcome()
    }

    /// Where a program is; udev's helpers have a folder of their own.
    private func program(_ name: String) -> String? {
        if name.contains(bytes: "/") { return name.hasPrefix(bytes: "/") && files.exists(name) ? name : nil }
        let folders = [
            "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/udev", "/lib/udev",
        ]
        return folders.lazy.map { "\($0)/\(name)" }.first(where: files.exists)
    }

    private func function(
        _ body: [ScriptStatement], _ arguments: [ScriptValues], _ scope: inout ScriptScope
    ) -> Outcome {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting < Self.limit else { return Outcome() }
        let former = scope.arguments
        scope.arguments = arguments
        _ = run(body, &scope)
        scope.arguments = former
        return Outcome()
    }

    /// Commands of the shell itself; nil for others.
    private func builtin(
        _ name: String, _ arguments: [ScriptValues], _ scope: inout ScriptScope, _ line: Int
    ) -> Outcome? {
        switch name {
        case "exit", "return": return Outcome(ends: true)
        case ".", "source":
            guard let path = arguments.first?.single else { return Outcome() }
            return run(source: path, &scope)
        case "export", "local", "declare", "typeset", "readonly":
            for argument in arguments {
                let parts = argument.values.compactMap { $0.cut(at: "=") }
                guard let variable = parts.first?.before ?? argument.single.map({ $0[...] }) else { continue }
                if !parts.isEmpty {
                    scope.set(
                        Name(variable), ScriptValues(values: parts.map { String($0.after) }, isEach: argument.isEach))
                }
                if name.isSame(as: "export") { scope.exported.insert(Name(variable)) }
            }
            return Outcome()
        case "read":
            read(arguments, &scope)
            return Outcome()
        case "mapfile", "readarray", "getopts":
            for argument in arguments.compactMap(\.single) where !argument.hasPrefix(bytes: "-") {
                scope.set(Name(argument), .unknown)
            }
            return Outcome()
        case "unset":
            for argument in arguments.compactMap(\.single) { scope.set(Name(argument), ScriptValues("")) }
            return Outcome()
        case "shift":
            scope.arguments = scope.arguments.map { Array($0.dropFirst()) }
            return Outcome()
        case "set":
            if arguments.first?.single == "--" { scope.arguments = Array(arguments.dropFirst()) }
            return Outcome()
        case "eval":
            guard let text = printed("echo", arguments).single else { return Outcome() }
            run(script: text, &scope, line: line)
            return Outcome()
        default: return nil
        }
    }

    /// `sh -c TEXT`, `sh FILE`.
    private func shell(_ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int) -> Outcome {
        var rest = arguments[...]
        while let option = rest.first?.single, option.hasPrefix(bytes: "-") || option.hasPrefix(bytes: "+") {
            rest = rest.dropFirst()
            guard option.hasPrefix(bytes: "-"), !option.hasPrefix(bytes: "--"), option.utf8.contains(UInt8(ascii: "c"))
            else { continue }
            guard let text = rest.first?.values.first else { return Outcome() }
            var inner = scope.child(scope.path, arguments: Array(rest.dropFirst(2)))
            inner.functions = [:]
            run(script: text, &inner, line: line)
            return Outcome()
        }
        if let path = rest.first?.single {
            run(program: path, Array(rest.dropFirst()), scope, isDirect: false)
        }
        return Outcome()
    }

    /// Something that is not known here is called with the file that sets a count: it may write it.
    private func unknownCommand(_ words: [ScriptValues], _ scope: ScriptScope, _ line: Int) -> Outcome {
        for word in words.dropFirst() {
            for value in word.values where PFTraits.isCountFile(value) {
                set(.file(value), .unknown, line, scope, isCertain: false)
            }
        }
        return Outcome()
    }

    /// Commands that only look.
    private static let readers: Set<Name> = [
        "test", "[", "[[", "head", "tail", "grep", "egrep", "ls", "stat", "wc", "awk", "gawk", "sed", "cut",
        "chmod", "chown", "chgrp", "basename", "dirname", "readlink", "realpath", "true", "false", ":", "sleep",
        "seq", "udevadm", "logger", "ethtool", "devlink", "sort", "uniq", "tr", "expr", "inotifywait", "cd", "mkdir",
        "rm", "systemctl", "virsh", "lspci", "setpci", "driverctl", "kill", "wait", "trap", "umask", "date", "id",
    ]
}
