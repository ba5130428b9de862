import Model
import Text

/// SUSE's `ifcfg-` files, which name scripts to run before and after.
struct Wicked {
    let files: BootFiles

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        files.merged(["/etc/sysconfig/network"], ending: "").flatMap { name, path -> [CountSetter] in
            guard let device = name.without(prefix: "ifcfg-"), let text = files.text(path) else { return [] }
            let settings = ScriptSettings(text)
            let run = ScriptRun(files)
            for key in ["PRE_UP_SCRIPT", "POST_UP_SCRIPT"] as [Name] {
                guard let (value, line) = settings[key] else { continue }
                for word in value.words {
                    // `wicked:NAME`, `systemd:NAME`, `compat:suse:NAME`: how it is called.
                    let script =
                        ["wicked:", "systemd:", "compat:suse:", "compat:"].lazy
                        .compactMap { word.without(prefix: $0) }.first ?? word
                    let full =
                        script.hasPrefix(bytes: "/") ? String(script) : "/etc/sysconfig/network/scripts/\(script)"
                    var scope = ScriptScope(path, variables: ["INTERFACE": String(device)])
                    _ = run.call(
                        [ScriptValues(full)] + [String(device), key.string].map { ScriptValues($0) }, &scope, line: line
                    )
                }
            }
            return run.effects.setters(.wicked, pfs, runBy: path)
        }
    }
}
