import Model
import SRIOV

/// VLANs: what a guest's own document says travels with it; what its pool says may be something else on the target.
enum TargetVLANChecks {
    static func all(_ migration: LiveMigration) -> [Diagnostic] {
        migration.moving.interfaces.compactMap { vlan($0, migration) } + classes(migration)
    }

    private static func vlan(_ interface: MovingInterface, _ migration: LiveMigration) -> Diagnostic? {
        guard let name = interface.network, let network = migration.target.state.network(name),
            network.isPool == (migration.source.state.network(name)?.isPool ?? network.isPool)
        else { return nil }
        let pools = network.isPool ? [name] : []
        let what = "\(interface.title) of guest \(migration.guest.name)"
        let given = network.runningVLAN(portgroup: interface.portgroup)
        let there: Int?
        switch interface.ownVLAN {
        case .known(let own): there = own
        case .absent: there = given
        case .unknown(let reason):
            guard given != interface.vlan else {
                there = given
                break
            }
            return migration.unknown(.targetVLAN, reason, subject: what, pools: pools)
        }
        // Few ordinary networks have VLANs: nothing to be said of two that have none.
        if !network.isPool, there == nil, interface.vlan == nil { return nil }
        if let there, network.isPool,
            let pf = migration.target.state.pfs(of: network).first(where: { $0.isSwitchdev == true })
        {
            return migration.check(
                .targetVLAN, .fail,
                "\(what) is on VLAN \(there), and \(pf.title) on the target is in switchdev mode, in which its VFs get none",
                hints: SwitchMode.hints(pf), pools: pools)
        }
        guard there != interface.vlan else {
            return migration.check(.targetVLAN, .pass, "\(what) is on \(words(there)) on the target, too", pools: pools)
        }
        return migration.check(
            .targetVLAN, .fail,
            "\(what) is on \(words(interface.vlan)), and on the target would be on \(words(there)) by network \(name)",
            hints: [
                interface.vlan.map {
                    "set it in the guest: `vfpool bind \(shell: migration.name) --interface \(shell: interface.name) --vlan \(shell: $0)`"
                }
                    ?? "take the VLAN out of the target's network: `virsh \(shell: migration.there) net-edit \(shell: name)`"
            ], pools: pools)
    }

    private static func words(_ vlan: Int?) -> String { vlan.map { "VLAN \($0)" } ?? "no VLAN" }

    // MARK: Classes that the guest does not use

    private static func classes(_ migration: LiveMigration) -> [Diagnostic] {
        migration.targetPools.compactMap { pool in
            guard let here = migration.source.state.network(pool.name)?.configuration, let there = pool.configuration
            else { return nil }
            let differences = differences(here, there)
            return differences.isEmpty
                ? migration.check(
                    .targetVLANClasses, .pass, "pool \(pool.name) has the same VLANs and portgroups here and there",
                    pools: [pool.name])
                : migration.check(
                    .targetVLANClasses, .note,
                    "pool \(pool.name) differs between the hosts: \(differences.joined(separator: "; "))",
                    hints: [
                        "make them alike, for the next guest: `virsh \(shell: migration.there) net-edit \(shell: pool.word)`"
                    ],
                    pools: [pool.name])
        }
    }

    private static func differences(_ here: PoolConfiguration, _ there: PoolConfiguration) -> [String] {
        var differences: [String] = []
        if here.vlan != there.vlan {
            differences.append("it is on \(words(here.vlan)) here and \(words(there.vlan)) there")
        }
        for name in Set((here.portgroups + there.portgroups).map(\.name)).sorted() {
            let (one, other) = (here.portgroups, there.portgroups)
            switch (one.first { $0.name == name }, other.first { $0.name == name }) {
            case (let one?, let other?):
                if one.vlan != other.vlan {
                    differences.append("portgroup \(name) is on \(words(one.vlan)) here and \(words(other.vlan)) there")
                }
                if one.isDefault != other.isDefault {
                    differences.append("portgroup \(name) is the default one \(one.isDefault ? "here" : "there") only")
                }
            case (nil, _): differences.append("portgroup \(name) is there only")
            case (_, nil): differences.append("portgroup \(name) is here only")
            }
        }
        return differences
    }
}
