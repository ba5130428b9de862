import Model
import Text

/// What a VF is on the target: its settings by pool and hook, and its make.
enum TargetFunctionChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        let pooled = migration.withFunctions.filter { interface in
            migration.targetPools.contains { $0.name == interface.network }
        }
        return pooled.map { settings($0, migration) } + hook(pooled, migration)
            + migration.targetPools.compactMap { card($0, migration) }
    }

    private static func wanted(_ interface: MovingInterface, _ state: State) -> WantedSettings {
        guard let configuration = interface.network.flatMap(state.network)?.configuration else {
            return interface.interface.wanted
        }
        return interface.interface.wanted.over(configuration.wanted(portgroup: interface.portgroup))
    }

    private static func settings(_ interface: MovingInterface, _ migration: LiveMigration) -> Diagnostic {
        let name = interface.network ?? ""
        let what = "\(interface.title) of guest \(migration.guest.name)"
        let here = wanted(interface, migration.source.state)
        let there = wanted(interface, migration.target.state)
        let differing = WantedSettings.Name.allCases.filter { here[$0] != there[$0] }
        guard !differing.isEmpty else {
            return migration.check(
                .targetVFSettings, .pass,
                there.isEmpty
                    ? "no VF settings are configured for the VF of \(what), here or there"
                    : "the same VF settings are configured for the VF of \(what) here and there: \(there.summary)",
                pools: [name])
        }
        let words = differing.map { "\($0.rawValue) \(here[$0] ?? "not set") here and \(there[$0] ?? "not set") there" }
        let change = ShellCommand(words: differing.flatMap { ["--\($0.rawValue)", here[$0] ?? "default"] })
        return migration.check(
            .targetVFSettings, .warn,
            "the VF of \(what) has other settings configured there: \(words.joined(separator: ", "))",
            hints: [
                "make the pools alike: `vfpool \(shell: migration.there) set \(shell: name) \(shell: change)`",
                "or set it in the guest: `vfpool set \(shell: migration.name) --interface \(shell: interface.name) …`",
            ], pools: [name])
    }

    /// Only the hook gives a VF what libvirt has no words for.
    private static func hook(_ interfaces: [MovingInterface], _ migration: LiveMigration) -> [Diagnostic] {
        let wanting = interfaces.filter { !wanted($0, migration.target.state).isEmpty }
        guard !wanting.isEmpty else { return [] }
        switch migration.target.hooks {
        case .unknown(let reason):
            return [migration.unknown(.targetHook, reason, subject: "whether vfpool's hook is installed on the target")]
        case .absent, .known:
            let hooks = migration.target.hooks.value ?? [:]
            guard let path = HookFile.allCases.map(\.path).first(where: { !(hooks[Name($0)] ?? false) }) else {
                return [migration.check(.targetHook, .pass, "vfpool's hook is installed on the target")]
            }
            return [
                migration.check(
                    .targetHook, .fail,
                    "\(path) is not there, or can't be run: nothing applies VF settings on the target",
                    hints: ["on the target: `vfpool hook install`"])
            ]
        }
    }

    /// The guest's driver is chosen by the VF's make.
    private static func card(_ pool: NetworkState, _ migration: LiveMigration) -> Diagnostic? {
        guard let here = migration.source.kinds[pool.name], let there = migration.target.kinds[pool.name] else {
            return nil
        }
        return here == there
            ? migration.check(
                .targetCard, .pass, "VFs of pool \(pool.name) are of one make here and there: \(there.title)",
                pools: [pool.name])
            : migration.check(
                .targetCard, .note,
                "VFs of pool \(pool.name) are \(here.title) here and \(there.title) there: the guest needs the drivers of both",
                pools: [pool.name])
    }
}
