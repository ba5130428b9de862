import Model
import Text

/// udev's rules, followed for a PF and its netdevs as udev does when they appear at boot.
struct UdevRules {
    let files: BootFiles

    /// A unit that a rule starts.
    typealias Wanted = (unit: String, isStarted: Truth)

    /// Of a PF and of its netdevs; what need not happen at each boot is not certain.
    private static let pfEvents: [(action: String, happens: Truth)] = [("add", .yes), ("bind", .yes)]
    private static let netdevEvents: [(action: String, happens: Truth)] = [
        ("add", .yes), ("move", .yes), ("change", .maybe),
    ]

    func setters(_ pfs: [PFTraits]) -> (setters: [CountSetter], wanted: [Wanted]) {
        let rules = rules()
        var setters: [CountSetter] = []
        var wanted: [Wanted] = []
        for pf in pfs {
            var effects = [BootEffects](repeating: BootEffects(), count: rules.count)
            let netdevs = pf.names.isEmpty ? [Glob.unknown] : pf.names
            for netdev in [nil] + netdevs.map(Optional.some) {
                for event in netdev == nil ? Self.pfEvents : Self.netdevEvents {
                    var run = UdevRun(UdevDevice(pf, netdev: netdev, files), event.action, event.happens, files)
                    for (index, file) in rules.enumerated() {
                        effects[index].counts += run.follow(file.rules, file.path).counts
                    }
                    wanted += run.wanted
                }
            }
            for (index, effects) in effects.enumerated() {
                setters += effects.setters(.udevRule, [pf], runBy: rules[index].path)
            }
        }
        return (setters, wanted)
    }

    /// Files whose rules can set a count, and those that set what these rules look at: most are about other things.
    private func rules() -> [(path: String, rules: [UdevRule])] {
        let all = files.merged(BootFiles.folders("udev/rules.d"), ending: ".rules").compactMap { _, path in
            files.text(path).map { (path: path, rules: UdevRule.rules($0)) }
        }
        func properties(_ rules: [UdevRule], _ isMatch: Bool) -> Set<Name> {
            Set(
                rules.flatMap(\.parts).filter { $0.key == "ENV" && $0.isMatch == isMatch }.compactMap(
                    \.attribute))
        }
        let setting = all.filter { $0.rules.contains(where: \.canSet) }
        let needed = setting.reduce(into: Set<Name>()) { $0.formUnion(properties($1.rules, true)) }
        return all.filter { file in
            file.rules.contains(where: \.canSet) || !properties(file.rules, false).isDisjoint(with: needed)
        }
    }
}
