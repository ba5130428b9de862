import Model
import Text

/// systemd's units that are started at boot and set VF counts, themselves or by a script that they run.
struct SystemdUnits {
    let files: BootFiles
    private let folders = UnitFile.folders

    private static let daemons: Set<Name> = [
        "libvirtd.service", "virtnetworkd.service", "virtqemud.service", "virtnodedevd.service",
    ]
    /// What libvirt's daemons wait for, or are themselves.
    private static let early = daemons.union([
        "network-pre.target", "network.target", "sysinit.target", "basic.target", "local-fs.target",
    ])

    /// - Parameter wanted: units that udev's rules start, and for which PF.
    func setters(_ pfs: [PFTraits], wanted: [(unit: String, isStarted: Truth)] = []) -> [CountSetter] {
        let units = started(wanted.map(\.unit))
        let early = before(units)
        return units.flatMap { unit -> [CountSetter] in
            if UnitFile.template(unit.name) == BootUnit.name { return own(unit) }
            let isStarted = wanted.filter { $0.unit.isSame(as: unit.name) }.map(\.isStarted).max() ?? .yes
            return setters(unit, pfs, isEarly: early.contains(Name(unit.name)), isStarted)
        }
    }

    // MARK: Which units are started

    /// Units that start another one, of their own name or of that in this section and key.
    private static let starters: [(suffix: String, section: Name, key: Name)] = [
        (".timer", "Timer", "Unit"), (".path", "Path", "Unit"), (".socket", "Socket", "Service"),
    ]

    /// Services that something wants.
    private func started(_ others: [String]) -> [UnitFile] {
        var names = others
        for folder in folders {
            for name in files.names(in: folder)
            where [".wants", ".requires", ".upholds"].contains(where: { name.hasSuffix(bytes: $0) }) {
                names += files.names(in: "\(folder)/\(name)")
            }
        }
        var known: Set<Name> = []
        var units: [UnitFile] = []
        while let name = names.popLast() {
            guard known.insert(Name(name)).inserted, let unit = UnitFile(name, files) else { continue }
            for key in ["Wants", "Requires", "BindsTo", "Upholds"] as [Name] { names += unit.units(key) }
            for (suffix, section, key) in Self.starters {
                guard let stem = name.without(suffix: suffix) else { continue }
                names.append(unit.value(section, key) ?? "\(stem).service")
            }
            if name.hasSuffix(bytes: ".service") { units.append(unit) }
        }
        return units.sorted { Name($0.name) < Name($1.name) }
    }

    /// Names of units that libvirt's daemons wait for.
    private func before(_ units: [UnitFile]) -> Set<Name> {
        var early = Self.early
        for daemon in Self.daemons {
            early.formUnion((UnitFile(daemon.string, files)?.units("After") ?? []).map { Name($0) })
        }
        var isMore = true
        while isMore {
            isMore = false
            for unit in units
            where !early.contains(Name(unit.name)) && unit.units("Before").contains(where: { early.contains(Name($0)) })
            {
                early.insert(Name(unit.name))
                isMore = true
            }
        }
        return early
    }

    // MARK: What they do

    private func setters(
        _ unit: UnitFile, _ pfs: [PFTraits], isEarly: Bool, _ isStarted: Truth
    ) -> [CountSetter] {
        let environment = environment(unit)
        let type = unit.value("Service", "Type") ?? "simple"
        var all = BootEffects()
        // systemd waits for the end of these; of other services' main commands it waits for none.
        var awaited = BootEffects()
        for key in ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost"] as [Name] {
            let run = ScriptRun(files)
            for entry in unit.list("Service", key) {
                var scope = ScriptScope(entry.place.path, variables: environment)
                scope.isRun = isStarted
                for command in UnitCommand.commands(unit.specified(entry.value), environment) {
                    _ = run.call(command.map { ScriptValues($0) }, &scope, line: entry.place.line)
                }
            }
            all.counts += run.effects.counts
            all.linksUp += run.effects.linksUp
            guard isEarly, key != "ExecStartPost", key != "ExecStart" || ["oneshot", "forking"].contains(type) else {
                continue
            }
            awaited.counts += run.effects.counts
        }
        return all.setters(.unit, pfs, runBy: unit.path) { write, pf in
            (awaited.counts.contains { $0.place == write.place }, all.setsUp(pf))
        }
    }

    private func environment(_ unit: UnitFile) -> [Name: String] {
        var environment: [Name: String] = [:]
        for entry in unit.list("Service", "Environment") {
            for word in UnitCommand.words(unit.specified(entry.value), isCStyle: true) {
                if let (key, value) = word.cut(at: "=") { environment[Name(key)] = String(value) }
            }
        }
        for entry in unit.list("Service", "EnvironmentFile") {
            let path = unit.specified(entry.value)
            guard let text = files.text(String(path.without(prefix: "-") ?? path[...])) else { continue }
            for line in text.lines where !line.trimmed.hasPrefix(bytes: "#") {
                guard let (key, value) = line.cut(at: "=") else { continue }
                environment[Name(key.trimmed)] = UnitCommand.words(String(value)).joined(separator: " ")
            }
        }
        return environment
    }

    /// vfpool's own unit says nothing of the count: its settings do.
    private func own(_ unit: UnitFile) -> [CountSetter] {
        guard let address = BootUnit.address(ofInstance: unit.name),
            let settings = files.text(BootUnit.settingsPath(address))
        else { return [] }
        return [
            CountSetter(
                .vfpool, address, BootUnit.settingsPath(address), count: BootUnit.settings(settings)?.count,
                isBeforeLibvirt: true, setsUp: .yes)
        ]
    }
}
