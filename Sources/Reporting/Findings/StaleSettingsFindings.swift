import Model
import SRIOV
import Text

/// What to say of VF settings in metadata that nothing uses, with the command that takes them out.
enum StaleSettingsFindings {
    static func all(_ state: State) -> [Diagnostic] {
        state.pools.sorted { $0.name < $1.name }.flatMap(pool)
            + state.guests.sorted { $0.name < $1.name }.flatMap { guest($0, state) }
    }

    private static func pool(_ pool: NetworkState) -> [Diagnostic] {
        guard pool.isManaged else { return [] }
        return pool.staleSettings.map { stale in
            let target = ShellWord(Name("\(pool.name):\(stale.key)"))
            return Diagnostic(
                .staleSettings,
                "pool \(pool.name) has VF settings (\(stale.wanted.saidSummary)) for portgroup \(stale.key), which it does not have",
                hints: ["remove them: `vfpool set \(shell: target) \(shell: stale.wanted.clearing)`"],
                pools: [pool.name],
                fold: Fold(
                    "portgroup", "\(pool.name):\(stale.key)", "have VF settings in their pools, which do not have them",
                    hints: [each]))
        }
    }

    private static func guest(_ guest: Guest, _ state: State) -> [Diagnostic] {
        state.staleSettings(of: guest).map { stale in
            Diagnostic(
                .staleSettings,
                "guest \(guest.name) has VF settings (\(stale.wanted.saidSummary)) for \(whose(stale.key, guest, state)): they have no effect",
                hints: [
                    "remove them: `vfpool set \(shell: guest.word) --interface \(shell: stale.key) \(shell: stale.wanted.clearing)`"
                ], guests: [guest.name],
                fold: Fold(
                    "guest", guest.name, "have VF settings for MACs that none of their interfaces on pools has",
                    hints: [each]))
        }
    }

    private static let each: Hint = "see the command that removes each: `vfpool status --verbose`"

    private static func whose(_ mac: MACAddress, _ guest: Guest, _ state: State) -> String {
        if let own = guest.interfaces.first(where: { $0.mac == mac }) {
            return "interface \(own.index), \(mac), which is on no pool"
        }
        let other = state.guests.first { $0.uuid != guest.uuid && $0.interfaces.contains { $0.mac == mac } }
        return "MAC \(mac), which is \(other.map { "guest \($0.name)'s" } ?? "at none of its interfaces")"
    }
}
