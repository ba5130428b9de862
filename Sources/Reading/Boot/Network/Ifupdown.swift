import Model
import Text

/// `/etc/network/interfaces`: commands that are run before or after an interface is set up.
struct Ifupdown {
    let files: BootFiles

    private struct Line {
        var words: [Substring]
        var text: Substring
        var place: Place
    }

    /// Commands of one interface.
    private struct Stanza {
        var name: String
        var lines: [Line] = []
    }

    func setters(_ pfs: [PFTraits]) -> [CountSetter] {
        var read: Set<Name> = []
        let lines = lines("/etc/network/interfaces", &read)
        let atBoot = lines.filter { ["auto", "allow-auto", "allow-boot", "allow-hotplug"].contains($0.words.first) }
            .flatMap { $0.words.dropFirst() }
        return stanzas(lines).flatMap { stanza -> [CountSetter] in
            // `/eth*` in these lines is a pattern.
            let isUp = atBoot.contains { Glob.truth($0.without(prefix: "/") ?? $0, stanza.name) == .yes }
            let run = ScriptRun(files)
            for line in stanza.lines {
                var scope = ScriptScope(
                    line.place.path, variables: ["IFACE": stanza.name, "LOGICAL": stanza.name, "MODE": "start"])
                if !isUp { (scope.isRun, scope.doubt) = (.maybe, "\(stanza.name) is not set up at boot by itself") }
                let command = line.text.dropFirstBytes(line.words[0].utf8.count)
                run.run(script: String(command.trimmed), &scope, line: line.place.line)
            }
            return run.effects.setters(.ifupdown, pfs, runBy: "/etc/network/interfaces") { _, pf in
                // `networking.service` is waited for, and sets up what is `auto`.
                (isUp, pf.isNamed(stanza.name) || run.effects.setsUp(pf))
            }.map(Self.withoutCaller)
        }
    }

    /// The files that `source` names are its own.
    private static func withoutCaller(_ setter: CountSetter) -> CountSetter {
        var setter = setter
        if setter.path.hasPrefix(bytes: "/etc/network/") { setter.caller = nil }
        return setter
    }

    private func stanzas(_ lines: [Line]) -> [Stanza] {
        var stanzas: [Stanza] = []
        var isOpen = false
        for line in lines {
            switch line.words.first.map(String.init) {
            case "iface":
                isOpen = line.words.count > 1
                if isOpen { stanzas.append(Stanza(name: String(line.words[1]))) }
            case "mapping", "auto", "rename": isOpen = false
            case "up", "pre-up", "post-up":
                guard isOpen else { continue }
                stanzas[stanzas.count - 1].lines.append(line)
            default:
                if line.words.first?.hasPrefix(bytes: "allow-") ?? false { isOpen = false }
            }
        }
        return stanzas
    }

    /// A file's lines, with those of the files that it names in place of their names.
    private func lines(_ path: String, _ read: inout Set<Name>) -> [Line] {
        guard read.count < 256, read.insert(Name(path)).inserted, let text = files.text(path) else { return [] }
        var lines: [Line] = []
        var begun: (text: String, line: Int)?
        for (index, full) in text.lines.enumerated() {
            let trimmed = full.trimmed
            if begun == nil, trimmed.isEmpty || trimmed.hasPrefix(bytes: "#") { continue }
            var line = (text: String(trimmed), line: index + 1)
            if let before = begun { line = (before.text + " " + trimmed, before.line) }
            begun = nil
            if let rest = line.text.without(suffix: "\\") {
                begun = (String(rest), line.line)
                continue
            }
            let words = line.text.words
            guard let first = words.first else { continue }
            if ["source", "source-directory", "source-dir"].contains(first) {
                for pattern in words.dropFirst() {
                    for path in included(String(pattern), from: path, isFolder: !first.isSame(as: "source")) {
                        lines += self.lines(path, &read)
                    }
                }
            } else {
                lines.append(Line(words: words, text: line.text[...], place: Place(path: path, line: line.line)))
            }
        }
        return lines
    }

    private func included(_ pattern: String, from path: String, isFolder: Bool) -> [String] {
        let full = pattern.hasPrefix(bytes: "/") ? pattern : ScriptRun.folder(of: path) + "/" + pattern
        if isFolder || files.isFolder(full) {
            return files.names(in: full).map { "\(full)/\($0)" }.filter { !files.isFolder($0) }
        }
        let folder = ScriptRun.folder(of: full)
        return files.names(in: folder).map { "\(folder)/\($0)" }.filter { Glob.truth(full, $0, inPath: true) == .yes }
    }
}
