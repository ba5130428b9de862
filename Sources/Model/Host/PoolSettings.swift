package import Text

/// What a network's metadata wants of its VFs: of all, and of those of a portgroup.
package struct PoolSettings: Sendable, Equatable {
    package var general = WantedSettings()
    /// By the portgroup's name.
    package var portgroups: [Name: WantedSettings] = [:]

    package init() {}

    package var isEmpty: Bool { general.isEmpty && portgroups.values.allSatisfy(\.isEmpty) }
}

extension PoolConfiguration {
    /// Whether any interface gets a VLAN from it.
    package var hasVLAN: Bool { vlan != nil || portgroups.contains { $0.vlan != nil } }

    /// What an interface gets that asks for this portgroup, or for none and so gets the default one.
    package func wanted(portgroup: Name?) -> WantedSettings {
        let name = portgroup ?? portgroups.first(where: \.isDefault)?.name
        return (name.flatMap { wanted.portgroups[$0] } ?? WantedSettings()).over(wanted.general)
    }
}

extension State {
    /// What is wanted of an interface's VF: what it says itself, else its portgroup, else its pool.
    package func wanted(_ interface: GuestInterface) -> WantedSettings {
        guard case .network(let name, let portgroup) = interface.attachment,
            let configuration = network(name)?.configuration
        else { return WantedSettings() }
        return interface.wanted.over(configuration.wanted(portgroup: portgroup))
    }
}
