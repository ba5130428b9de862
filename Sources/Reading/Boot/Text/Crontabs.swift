import Model
import Text

/// Lines of cron's tables: at boot (`@reboot`), or from time to time.
struct Crontabs {
    let files: BootFiles

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        var tables = [(path: "/etc/crontab", hasUser: true)]
        tables += files.names(in: "/etc/cron.d").map { ("/etc/cron.d/\($0)", true) }
        for folder in ["/var/spool/cron/crontabs", "/var/spool/cron", "/var/spool/cron/tabs"] {
            // Only root may write the files.
            tables += files.names(in: folder).filter { $0.isSame(as: "root") }.map { ("\(folder)/\($0)", false) }
        }
        return tables.flatMap { table -> [CountSetter] in
            guard files.size(table.path) != nil, let text = files.text(table.path) else { return [] }
            let run = ScriptRun(files)
            var variables: [Name: String] = [:]
            for (index, line) in text.lines.enumerated() {
                let line = line.trimmed
                if line.hasPrefix(bytes: "#") || line.isEmpty { continue }
                guard let command = Self.command(line, hasUser: table.hasUser) else {
                    if let (name, value) = line.cut(at: "=") {
                        variables[Name(name.trimmed)] = UnitCommand.words(String(value)).joined(separator: " ")
                    }
                    continue
                }
                var scope = ScriptScope(table.path, variables: variables)
                run.run(script: String(command), &scope, line: index + 1)
            }
            return run.effects.setters(.cron, pfs, runBy: table.path)
        }
    }

    /// What a line runs; nil where it sets a variable.
    private static func command(_ line: Substring, hasUser: Bool) -> Substring? {
        let isNamed = line.hasPrefix(bytes: "@")
        guard isNamed || (line.utf8.first.map { $0.isDigit || $0.isOne(of: "*-") } ?? false) else { return nil }
        var rest = line
        for _ in 0..<((isNamed ? 1 : 5) + (hasUser ? 1 : 0)) {
            rest = rest.drop(bytes: { !$0.isBlank }).drop(bytes: \.isBlank)
        }
        // From a `%` on, it is input.
        return rest.cut(at: "%").map { $0.before.hasSuffix(bytes: "\\") ? rest : $0.before } ?? rest
    }
}
