package import SRIOV
package import Text

/// What a card in switchdev mode does not do for its VFs: the PF's driver then refuses VLAN, trust and spoof check, which are
/// the switch's (Open vSwitch, tc), by the VFs' representors.
package enum SwitchMode {
    /// What to know of any pool of such a PF, with the VLANs that it would give.
    package static func warnings(_ pf: PhysicalFunction, vlans: [Int]) -> [Diagnostic] {
        guard pf.isSwitchdev == true else { return [] }
        let tags = Set(vlans).sorted().map { "VLAN \($0)" }
        let lost =
            tags.isEmpty
            ? "VLAN, trust and spoof check of its VFs can't be set through it"
            : "\(Words.list(tags)) can't be set on its VFs, and no guest with a VLAN can start"
        return [Diagnostic(.eswitchMode, "\(pf.title) is in switchdev mode: \(lost)", hints: hints(pf))]
    }

    /// That a guest on a pool of such a PF can't start.
    package static func warnings(_ guest: Name, vlan: Int?, on pool: NetworkState, _ state: State) -> [Diagnostic] {
        guard let vlan, let pf = state.pfs(of: pool).first(where: { $0.isSwitchdev == true }) else { return [] }
        return [
            Diagnostic(
                .eswitchMode,
                "guest \(guest) can't start on pool \(pool.name) with VLAN \(vlan): \(pf.title) is in switchdev mode, in which no VLAN can be set on its VFs",
                hints: hints(pf),
                fold: Fold(
                    "guest", guest,
                    "can't start on pool \(pool.name) with their VLANs: \(pf.title) is in switchdev mode, in which no VLAN can be set on its VFs",
                    hints: hints(pf)))
        ]
    }

    package static func hints(_ pf: PhysicalFunction) -> [Hint] {
        [
            "set VLANs where the VFs' representors are: in Open vSwitch, or by tc",
            "or take the card out of it, when no VF is in use: `devlink dev eswitch set pci/\(shell: pf.address) mode legacy`",
        ]
    }

    /// The VLANs that a pool gives.
    package static func vlans(_ configuration: PoolConfiguration?) -> [Int] {
        ([configuration?.vlan] + (configuration?.portgroups.map(\.vlan) ?? [])).compactMap(\.self)
    }
}
