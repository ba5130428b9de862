import Model
import Text

/// Counts that a driver's module takes as an option when it is loaded.
struct ModuleOptions {
    let files: BootFiles

    /// What drivers call it: Intel's, Mellanox's and Broadcom's, Chelsio's.
    private static let names: Set<Name> = ["max_vfs", "num_vfs", "num_vf"]

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        let folders = BootFiles.folders("modprobe.d")
        let paths = files.merged(folders, ending: ".conf").map(\.path) + ["/etc/modprobe.conf"]
        return paths.flatMap { setters($0, pfs) } + commandLine(pfs)
    }

    private func setters(_ path: String, _ pfs: [PFTraits]) -> [CountSetter] {
        guard let text = files.text(path) else { return [] }
        let run = ScriptRun(files)
        var begun = ""
        for (index, line) in text.lines.enumerated() {
            let whole = begun + line
            if let rest = whole.without(suffix: "\\") {
                begun = rest + " "
                continue
            }
            begun = ""
            let words = whole.words
            guard words.count > 2 else { continue }
            var scope = ScriptScope(path)
            switch words[0] {
            case "options":
                for target in Self.counts(module: String(words[1]), words.dropFirst(2).map { $0 }) {
                    run.set(target, .unknown, index + 1, scope)
                }
            case "install":
                // A command of the shell's in place of the loading.
                let command = whole.trimmed.dropFirstBytes("install".utf8.count).trimmed.dropFirstBytes(
                    words[1].utf8.count)
                run.run(script: String(command), &scope, line: index + 1)
            default: continue
            }
        }
        return run.effects.setters(.moduleOption, pfs, runBy: path)
    }

    /// `ixgbe.max_vfs=4`.
    private func commandLine(_ pfs: [PFTraits]) -> [CountSetter] {
        let path = "/proc/cmdline"
        guard let text = files.text(path) else { return [] }
        let run = ScriptRun(files)
        for word in text.words {
            guard let (module, option) = word.cut(at: ".") else { continue }
            for target in Self.counts(module: String(module), [option]) {
                run.set(target, .unknown, 1, ScriptScope(path))
            }
        }
        return run.effects.setters(.moduleOption, pfs, runBy: path).map { setter in
            var setter = setter
            setter.line = nil
            return setter
        }
    }

    /// Options of a module that set counts: one for all of its PFs, or one for each, in order.
    static func counts(module: String, _ options: [Substring]) -> [CountWrite.Target] {
        options.compactMap { option in
            guard let (name, value) = option.cut(at: "="), names.contains(Name(name)) else { return nil }
            return .driver(module, values: value.split(byte: ",", keepsEmpty: true).map(String.init))
        }
    }
}
