package import Text

extension NetworkState {
    /// The VLAN that it gives an interface now: while it runs, what it says since its start.
    package func runningVLAN(portgroup: Name?) -> Int? {
        guard isActive, let live else { return vlan(portgroup: portgroup) }
        let group = live.portgroups.first { portgroup == nil ? $0.isDefault : $0.name == portgroup }
        return group?.vlan ?? live.vlan
    }

    /// The VLAN of an interface that asks for none itself: its portgroup's, else the default one's, else the network's.
    package func vlan(portgroup: Name?) -> Int? {
        let groups = configuration?.portgroups ?? settings.portgroups
        let group = groups.first { portgroup == nil ? $0.isDefault : $0.name == portgroup }
        return group?.vlan ?? configuration?.vlan ?? settings.vlan
    }
}

extension State {
    /// The VLAN that an interface is on, as far as its function's settings decide; nil for none.
    package func effectiveVLAN(_ interface: GuestInterface) -> Int? {
        if let vlan = interface.vlan { return vlan }
        guard case .network(let name, let portgroup) = interface.attachment else { return nil }
        return network(name)?.vlan(portgroup: portgroup)
    }

    /// Whether the interface gets its VLAN from a function now, so that another one means another network.
    package func decidesVLAN(_ interface: GuestInterface) -> Bool {
        if interface.attachment.pinnedAddress != nil { return true }
        guard let network = interface.attachment.networkName.flatMap(network) else { return false }
        return network.isPool || effectiveVLAN(interface) != nil
    }
}
