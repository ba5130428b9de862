import Text

/// systemd's enabled services that set VF counts, themselves or by a script that they run.
struct SystemdUnits {
    let files: SystemFiles

    /// Where an administrator's units and a package's stand, the first one counting.
    private static let folders = [
        "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    ]
    /// What libvirt's daemons wait for, or are themselves.
    private static let early: Set<Name> = [
        "libvirtd.service", "virtnetworkd.service", "virtqemud.service", "network-pre.target", "network.target",
        "sysinit.target", "basic.target",
    ]

    func setup() -> BootSetup {
        var setup = BootSetup()
        for unit in enabled(&setup).sorted().map(\.string) {
            let template = Self.template(unit)
            let paths = Self.folders.lazy.map { "\($0)/\(template ?? unit)" }
            // One that is masked hides those behind it, too.
            guard let path = paths.first(where: { files.kind($0) != .absent }),
                let text = known(files.text(path), &setup), let setter = setter(unit, path, text, &setup)
            else { continue }
            setup.setters.append(setter)
        }
        return setup
    }

    /// Names of services that something wants.
    private func enabled(_ setup: inout BootSetup) -> Set<Name> {
        var units: Set<Name> = []
        for folder in Self.folders {
            for wants in known(files.names(in: folder), &setup) ?? []
            where wants.hasSuffix(bytes: ".wants") || wants.hasSuffix(bytes: ".requires") {
                let names = known(files.names(in: "\(folder)/\(wants)"), &setup) ?? []
                units.formUnion(names.filter { $0.hasSuffix(bytes: ".service") }.map { Name($0) })
            }
        }
        return units
    }

    /// The value, if there is one; that it can't be known is noted.
    private func known<Value>(_ fact: Fact<Value>, _ setup: inout BootSetup) -> Value? {
        if let reason = fact.reason { setup.unreadable.append(reason) }
        return fact.value
    }

    /// `vfpool-vfs@.service` of `vfpool-vfs@0000:03:00.0.service`.
    static func template(_ unit: String) -> String? {
        guard let (name, instance) = unit.cut(at: "@"), !instance.hasPrefix(bytes: ".service") else { return nil }
        return name + "@.service"
    }

    private func setter(_ unit: String, _ path: String, _ text: String, _ setup: inout BootSetup) -> CountSetter? {
        // A line may go on in the next one.
        let lines = ConfigurationText.lines(
            text.replacing(bytes: "\\\r\n", with: " ").replacing(bytes: "\\\n", with: " "))
        var commands = lines.filter { $0.hasPrefix(bytes: "Exec") }
        // What a script does, the unit does.
        for line in commands { commands += script(of: line, &setup) }
        guard let line = commands.first(where: { $0.contains(bytes: "sriov_numvfs") }) else { return nil }
        if path.hasSuffix(bytes: "/\(BootUnit.name)") { return own(unit, path, &setup) }
        let before = lines.compactMap { $0.without(prefix: "Before=") }.flatMap(\.words).map { Name($0) }
        // systemd waits for the end of a oneshot alone.
        let isWaitedFor = lines.contains(bytes: "Type=oneshot") && before.contains(where: Self.early.contains)
        let setsUp = commands.contains {
            $0.contains(bytes: "ip link set") || $0.contains(bytes: "ifconfig") || $0.contains(bytes: "ip l s")
        }
        return CountSetter(
            .unit, path, ([unit] + commands).joined(separator: "\n"),
            count: commands.lazy.compactMap { ConfigurationText.count($0, "sriov_numvfs") }.first
                ?? ConfigurationText.count(line, "sriov_numvfs"),
            isBeforeLibvirt: isWaitedFor, setsUp: setsUp)
    }

    /// The lines of the script that a command line starts with, or hands to a shell.
    private func script(of line: String, _ setup: inout BootSetup) -> [String] {
        guard let words = line.cut(at: "=")?.after.words.prefix(3) else { return [] }
        for word in words {
            let path = String(word.drop(bytes: { $0.isOne(of: "-@+!:") }))
            guard path.hasPrefix(bytes: "/"), !path.hasPrefix(bytes: "/bin/"), !path.hasPrefix(bytes: "/usr/bin/"),
                known(files.text(path, limit: 2), &setup) == "#!", let text = known(files.text(path), &setup)
            else { continue }
            return ConfigurationText.lines(text)
        }
        return []
    }

    /// vfpool's own unit says nothing of the count: its settings do.
    private func own(_ unit: String, _ path: String, _ setup: inout BootSetup) -> CountSetter? {
        guard let address = BootUnit.address(ofInstance: unit),
            let settings = known(files.text(BootUnit.settingsPath(address)), &setup)
        else { return nil }
        return CountSetter(
            .vfpool, BootUnit.settingsPath(address), "\(address)", count: BootUnit.settings(settings)?.count,
            isBeforeLibvirt: true, setsUp: true)
    }
}
