package import SRIOV
package import Text

/// VF settings in metadata that nothing uses: of a MAC that is at no interface on a pool, or of a portgroup that is gone.
package struct StaleSettings<Key: Sendable & Equatable>: Sendable, Equatable {
    package var key: Key
    package var wanted: WantedSettings
}

extension State {
    /// What a guest's metadata wants of VFs that its interfaces do not get: a clone has that of its original's MACs.
    package func staleSettings(of guest: Guest) -> [StaleSettings<MACAddress>] {
        guest.settings.sorted { $0.key < $1.key }.compactMap { mac, wanted in
            let own = guest.interfaces.filter { $0.mac == mac }
            let isUsed = own.contains { interface in
                guard let name = interface.attachment.networkName else { return false }
                // Of a network that is not there, something else is said.
                return network(name)?.isPool ?? true
            }
            // One that was plugged in for this run has them, too.
            let isPlugged = own.isEmpty && guest.liveInterfaces.contains { $0.mac == mac }
            return wanted.isEmpty || isUsed || isPlugged ? nil : StaleSettings(key: mac, wanted: wanted)
        }
    }
}

extension NetworkState {
    /// What its mark wants of a portgroup's VFs that it does not have any more.
    package var staleSettings: [StaleSettings<Name>] {
        guard showsPersistent, let configuration else { return [] }
        let groups = Set(configuration.portgroups.map(\.name))
        return configuration.wanted.portgroups.filter { !$0.value.isEmpty && !groups.contains($0.key) }
            .map { StaleSettings(key: $0.key, wanted: $0.value) }.sorted { $0.key < $1.key }
    }
}

extension WantedSettings {
    /// What is said, understood or not.
    var said: [Name] {
        Name.allCases.filter { name in
            self[name] != nil || unreadable.contains { $0.hasPrefix(bytes: name.rawValue + "=") }
        }
    }

    /// What is said, in words: `trust on, max-rate="much"`.
    package var saidSummary: String {
        (names.map { "\($0.rawValue) \(self[$0] ?? "")" } + unreadable).joined(separator: ", ")
    }

    /// The options of `vfpool set` that take all of it back.
    package var clearing: ShellCommand { ShellCommand(words: said.flatMap { ["--\($0.rawValue)", "default"] }) }
}
