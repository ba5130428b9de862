import Model
import SRIOV
import Text

/// NetworkManager's profiles (`[sriov] total-vfs`) and its configuration (`sriov-num-vfs` of a `[device]` section).
struct NetworkManagerFiles {
    let files: BootFiles

    func setters(_ pfs: [PFTraits]) -> [CountSetter] { profiles(pfs) + configuration(pfs) + ifcfg(pfs) }

    // MARK: Profiles

    private func profiles(_ pfs: [PFTraits]) -> [CountSetter] {
        let folders = ["/etc", "/run", "/usr/lib"].map { "\($0)/NetworkManager/system-connections" }
        return files.merged(folders, ending: "").flatMap { name, path -> [CountSetter] in
            guard
                !["~", ".rpmnew", ".rpmsave", ".rpmorig", ".bak", ".swp"].contains(where: { name.hasSuffix(bytes: $0) }
                ),
                let text = files.text(path)
            else { return [] }
            let profile = INIText(text, joins: false)
            // The section alone is enough: NetworkManager then takes VFs away.
            guard let section = profile.sections.first(where: { $0.name == "sriov" }) else { return [] }
            let entry = profile.entries.last { $0.section == "sriov" && $0.key == "total-vfs" }
            return pfs.compactMap { pf in
                let (truth, doubt) = isFor(pf, profile)
                guard truth != .no else { return nil }
                return CountSetter(
                    .networkManager, pf.address, path, line: entry?.line ?? section.line,
                    count: entry.map { Int(digits: $0.value) } ?? 0, doubt: doubt)
            }
        }
    }

    private func isFor(_ pf: PFTraits, _ profile: INIText) -> (Truth, doubt: String?) {
        let type = profile.value("connection", "type") ?? "ethernet"
        guard ["ethernet", "802-3-ethernet", "infiniband"].contains(type) else { return (.no, nil) }
        var conditions: [Truth] = []
        if let name = profile.value("connection", "interface-name"), !name.isEmpty {
            conditions.append(pf.isNamed(name))
        }
        for section in ["ethernet", "802-3-ethernet", "infiniband"] as [Name] {
            if let mac = profile.value(section, "mac-address"), !mac.isEmpty {
                conditions.append(pf.hasMAC(mac))
            }
        }
        if let names = profile.value("match", "interface-name") {
            conditions.append(Self.isMatched(names) { pf.isNamed($0) })
        }
        if let drivers = profile.value("match", "driver") {
            conditions.append(pf.driver.map { driver in Self.isMatched(drivers) { Glob.truth($0, driver) } } ?? .maybe)
        }
        if let paths = profile.value("match", "path") {
            conditions.append(
                Self.isMatched(paths) { Glob.truth($0, pf.netdevProperties?["ID_PATH"] ?? "pci-\(pf.address)") })
        }
        if profile.value("match", "kernel-command-line") != nil { conditions.append(.maybe) }
        // A profile for no device in particular is for whichever has no other.
        if conditions.isEmpty { conditions.append(.maybe) }
        let truth = conditions.min() ?? .no
        if truth == .yes, ["false", "no", "0", "off"].contains(profile.value("connection", "autoconnect")) {
            return (.maybe, "the profile is not connected at boot by itself")
        }
        return (truth, truth == .maybe ? CountSetter.whichPF : nil)
    }

    /// A list with `;` between: one of those without a sign, all of those with `&`, none of those with `!`.
    private static func isMatched(_ list: String, _ judge: (Substring) -> Truth) -> Truth {
        var (all, any, hasAny) = (Truth.yes, Truth.no, false)
        for part in list.split(bytes: { $0.isOne(of: ";,") }).map(\.trimmed) {
            let isAll = part.hasPrefix(bytes: "&")
            let word = part.drop(bytes: { $0.isOne(of: "|&") })
            let truth = word.without(prefix: "!").map { !judge($0) } ?? judge(word)
            if isAll || word.hasPrefix(bytes: "!") {
                all = all && truth
            } else {
                (any, hasAny) = (any || truth, true)
            }
        }
        return all && (hasAny ? any : .yes)
    }

    // MARK: NetworkManager.conf

    private func configuration(_ pfs: [PFTraits]) -> [CountSetter] {
        // The last one read counts most.
        let folders = ["/etc", "/run", "/usr/lib"].map {
            files.merged(["\($0)/NetworkManager/conf.d"], ending: ".conf")
        }
        let hidden = [Set(folders[0].map { Name($0.name) }), Set(folders[1].map { Name($0.name) })]
        let system = folders[2].filter { file in !hidden.contains { $0.contains(Name(file.name)) } }
        let paths =
            ["/var/lib/NetworkManager/NetworkManager-intern.conf"] + folders[0].reversed().map(\.path)
            + ["/etc/NetworkManager/NetworkManager.conf"]
            + folders[1].filter { !hidden[0].contains(Name($0.name)) }.reversed().map(\.path)
            + system.reversed().map(\.path)
        let texts = paths.compactMap { path in files.text(path).map { (path, INIText($0, joins: false)) } }
        return pfs.flatMap { pf -> [CountSetter] in
            var setters: [CountSetter] = []
            for (path, text) in texts {
                guard !["false", "no", "0"].contains(text.value(".config", "enable")) else { continue }
                for section in text.sections where section.name.string.hasPrefix(bytes: "device") {
                    let entries = text.entries.filter { $0.sectionLine == section.line }
                    guard let entry = entries.last(where: { $0.key == "sriov-num-vfs" }) else { continue }
                    let match = entries.last { $0.key == "match-device" }?.value
                    let truth = match.map { Self.isListed(pf, $0) } ?? .yes
                    guard truth != .no else { continue }
                    setters.append(
                        CountSetter(
                            .networkManager, pf.address, path, line: entry.line, count: Int(digits: entry.value),
                            doubt: truth == .yes ? nil : CountSetter.whichPF))
                    if truth == .yes { return setters }
                }
            }
            return setters
        }
    }

    /// A list of devices: names, MACs, `driver:…`, and `except:…`, which counts most.
    private static func isListed(_ pf: PFTraits, _ list: String) -> Truth {
        var (any, hasAny, except) = (Truth.no, false, Truth.no)
        for part in list.split(bytes: { $0.isOne(of: ",;") }).map(\.trimmed) where !part.isEmpty {
            if let spec = part.without(prefix: "except:") {
                except = except || isDevice(pf, spec)
            } else {
                (any, hasAny) = (any || isDevice(pf, part), true)
            }
        }
        return (hasAny ? any : .yes) && !except
    }

    private static func isDevice(_ pf: PFTraits, _ spec: Substring) -> Truth {
        if spec.isSame(as: "*") { return .yes }
        if let name = spec.without(prefix: "interface-name:") {
            return pf.isNamed(name.drop(bytes: { $0.isOne(of: "~=") }))
        }
        if let mac = spec.without(prefix: "mac:") { return pf.hasMAC(mac) }
        if let driver = spec.without(prefix: "driver:") {
            let name = driver.prefix(bytes: { $0 != UInt8(ascii: "/") })
            return pf.driver.map { Truth($0.isSame(as: name)) } ?? .maybe
        }
        if let type = spec.without(prefix: "type:") {
            return type.isSame(as: "ethernet") ? .yes : type.isSame(as: "infiniband") ? .maybe : .no
        }
        if MACAddress(String(spec)) != nil { return pf.hasMAC(spec) }
        if spec.utf8.contains(UInt8(ascii: ":")) {
            return spec.utf8.filter { $0 == UInt8(ascii: ":") }.count == 1 ? .maybe : .no
        }
        return pf.isNamed(spec)
    }

    // MARK: Red Hat's files

    private func ifcfg(_ pfs: [PFTraits]) -> [CountSetter] {
        files.merged(["/etc/sysconfig/network-scripts"], ending: "").flatMap { name, path -> [CountSetter] in
            guard let stem = name.without(prefix: "ifcfg-"), let text = files.text(path) else { return [] }
            let settings = ScriptSettings(text)
            guard let (value, line) = settings["SRIOV_TOTAL_VFS"] else { return [] }
            return pfs.compactMap { pf in
                var truth = settings["HWADDR"].map { pf.hasMAC($0.value) } ?? .yes
                if let device = settings["DEVICE"]?.value ?? (settings["HWADDR"] == nil ? String(stem) : nil) {
                    truth = truth && pf.isNamed(device)
                }
                guard truth != .no else { return nil }
                let isOff = ["no", "n", "false"].contains(settings["ONBOOT"]?.value)
                return CountSetter(
                    .networkManager, pf.address, path, line: line, count: Int(digits: value),
                    doubt: isOff
                        ? "ONBOOT=no in it: it is not connected at boot" : truth == .yes ? nil : CountSetter.whichPF)
            }
        }
    }
}
