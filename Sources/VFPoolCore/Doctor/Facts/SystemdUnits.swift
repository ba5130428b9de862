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

    func setters() -> [CountSetter] {
        enabled().sorted().map(\.string).flatMap { unit -> [CountSetter] in
            let template = Self.template(unit)
            guard let path = Self.folders.lazy.map({ "\($0)/\(template ?? unit)" }).first(where: files.exists),
                let text = files.text(path).value
            else { return [] }
            return [setter(unit, path, text)].compactMap(\.self)
        }
    }

    /// Names of services that something wants.
    private func enabled() -> Set<Name> {
        var units: Set<Name> = []
        for folder in Self.folders {
            for wants in files.names(in: folder)
            where wants.hasSuffix(bytes: ".wants") || wants.hasSuffix(bytes: ".requires") {
                units.formUnion(
                    files.names(in: "\(folder)/\(wants)").filter { $0.hasSuffix(bytes: ".service") }.map { Name($0) })
            }
        }
        return units
    }

    /// `vfpool-vfs@.service` of `vfpool-vfs@0000:03:00.0.service`.
    static func template(_ unit: String) -> String? {
        guard let (name, instance) = unit.cut(at: "@"), !instance.hasPrefix(bytes: ".service") else { return nil }
        return name + "@.service"
    }

    private func setter(_ unit: String, _ path: String, _ text: String) -> CountSetter? {
        // A line may go on in the next one.
        let lines = ConfigurationText.lines(
            text.replacing(bytes: "\\\r\n", with: " ").replacing(bytes: "\\\n", with: " "))
        var commands = lines.filter { $0.hasPrefix(bytes: "Exec") }
        // What a script does, the unit does.
        for line in commands { commands += script(of: line) }
        guard let line = commands.first(where: { $0.contains(bytes: "sriov_numvfs") }) else { return nil }
        if path.hasSuffix(bytes: "/\(BootUnit.name)") { return own(unit, path) }
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
    private func script(of line: String) -> [String] {
        guard let words = line.cut(at: "=")?.after.words.prefix(3) else { return [] }
        for word in words {
            let path = String(word.drop(bytes: { $0.isOne(of: "-@+!:") }))
            guard path.hasPrefix(bytes: "/"), !path.hasPrefix(bytes: "/bin/"), !path.hasPrefix(bytes: "/usr/bin/"),
                let text = files.text(path).value, text.hasPrefix(bytes: "#!")
            else { continue }
            return ConfigurationText.lines(text)
        }
        return []
    }

    /// vfpool's own unit says nothing of the count: its settings do.
    private func own(_ unit: String, _ path: String) -> CountSetter? {
        guard let address = BootUnit.address(ofInstance: unit),
            let settings = files.text(BootUnit.settingsPath(address)).value
        else { return nil }
        return CountSetter(
            .vfpool, BootUnit.settingsPath(address), "\(address)", count: BootUnit.settings(settings)?.count,
            isBeforeLibvirt: true, setsUp: true)
    }
}
