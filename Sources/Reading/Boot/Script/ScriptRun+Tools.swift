import Model
import Text

/// Programs that set counts, set netdevs up, or run other programs.
extension ScriptRun {
    /// Programs that run another one, with how many of their own words come before it.
    static let wrappers: [Name: Int] = [
        "sudo": 0, "exec": 0, "nohup": 0, "command": 0, "builtin": 0, "env": 0, "setsid": 0, "stdbuf": 0, "time": 0,
        "nice": 0, "ionice": 0, "timeout": 1, "chrt": 1, "taskset": 1, "flock": 1, "run-one": 0, "eatmydata": 0,
        "systemd-cat": 0, "unbuffer": 0, "chronic": 0,
    ]

    static func behindOptions(_ words: [ScriptValues], skipping own: Int) -> [ScriptValues] {
        var rest = words[...]
        while let word = rest.first?.values.first,
            word.hasPrefix(bytes: "-") || word.cut(at: "=").map({ !$0.before.contains(bytes: "/") }) ?? false
                || Int(digits: word) != nil && own == 0
        { rest = rest.dropFirst() }
        return Array(rest.dropFirst(own))
    }

    /// Netdevs that a command sets up.
    static func linksUp(_ name: String, _ arguments: [ScriptValues]) -> [String] {
        let words = arguments.map(\.values)
        let texts = arguments.map { $0.single ?? "" }
        switch name {
        case "ifup": return words.flatMap(\.self).filter { !$0.hasPrefix(bytes: "-") }
        case "ifconfig": return Array(texts.dropFirst()).contains(bytes: "up") ? words.first ?? [] : []
        default:
            let rest = texts.enumerated().filter { !$0.element.hasPrefix(bytes: "-") }
            guard rest.count > 3, !rest[0].element.isEmpty, "link".hasPrefix(bytes: rest[0].element),
                ["s", "se", "set"].contains(rest[1].element), texts.contains(bytes: "up")
            else { return [] }
            let named = ["dev", "d", "de"].contains(rest[2].element) ? rest[3] : rest[2]
            return words[named.offset]
        }
    }

    /// `python3 FILE`, `perl -e TEXT`.
    func interpreted(_ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int) {
        let words = arguments.map { $0.values.first ?? "" }
        if let option = words.firstIndex(where: { ["-c", "-e"].contains($0) }), option + 1 < words.count {
            mention(words[option + 1], scope, line: line, Array(arguments.dropFirst(option + 2)))
        } else if let index = words.firstIndex(where: { $0.hasPrefix(bytes: "/") }),
            let size = files.size(words[index]), size <= BootFiles.scriptLimit, let text = files.text(words[index])
        {
            let rest = Array(arguments.dropFirst(index + 1))
            mention(text, scope.child(words[index], arguments: rest), line: 1, rest)
        }
    }

    /// `find /sys -name sriov_numvfs`: whose files it finds can't be told, and what it runs on them is not followed.
    func found(_ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int) -> Outcome {
        let words = arguments.compactMap(\.single)
        guard let file = PFTraits.countFiles.first(where: { words.contains(bytes: $0) }) else { return Outcome() }
        if words.contains(where: { $0.hasPrefix(bytes: "-exec") || $0.hasPrefix(bytes: "-ok") }) {
            mentions(arguments, scope, line)
        }
        return Outcome(output: ScriptValues("/sys/bus/pci/devices/\(Glob.unknown)/\(file)"))
    }

    /// A command that runs another one with words of its own, which is not followed: whether they are of a count.
    func mentions(
        _ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int, input: ScriptValues? = nil
    ) {
        let words = arguments.flatMap(\.values) + (input?.values ?? [])
        mention(words.joined(separator: " "), scope, line: line)
    }

    /// `modprobe ixgbe max_vfs=4`.
    func moduleOption(_ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int) {
        let words = arguments.compactMap(\.single).filter { !$0.hasPrefix(bytes: "-") }
        guard let module = words.first?.split(byte: "/").last?.split(byte: ".").first else { return }
        for target in ModuleOptions.counts(module: String(module), words.dropFirst().map { $0[...] }) {
            set(target, .unknown, line, scope)
        }
    }

    /// `os-net-config-sriov -n NAME:COUNT …`.
    func namedCounts(_ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int) {
        for word in arguments {
            for value in word.values {
                guard let (name, count) = value.cut(at: ":") else { continue }
                set(
                    .pf(String(name)), ScriptValues(String(count)).count, line, scope, isCertain: word.isCertain)
            }
        }
    }

    /// `vfpool resize PF COUNT`, `vfpool create PF --vfs-count COUNT`.
    func ownCommand(_ arguments: [ScriptValues], _ scope: ScriptScope, _ line: Int) {
        let options: Set<Name> = ["-c", "--connect", "--format", "--color"]
        var words: [ScriptValues] = []
        var isValue = false
        for argument in arguments {
            let text = argument.single ?? ""
            if !isValue, !text.hasPrefix(bytes: "-") { words.append(argument) }
            isValue = options.contains(Name(text))
        }
        guard words.count > 1, let pf = words[1].values.first else { return }
        switch words[0].single {
        case "resize" where words.count > 2: set(.pf(pf), words[2].count, line, scope)
        case "create":
            let texts = arguments.map { $0.single ?? "" }
            guard let index = texts.firstIndex(where: { $0.isSame(as: "--vfs-count") }), index + 1 < texts.count else {
                return
            }
            set(.pf(pf), arguments[index + 1].count, line, scope)
        default: return
        }
    }
}
