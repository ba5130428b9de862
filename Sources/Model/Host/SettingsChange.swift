import Text

/// What a command says about VF settings: some are set, some no longer said, the rest stays.
package struct SettingsChange: Sendable, Equatable {
    package var wanted = WantedSettings()
    package var removed: Set<WantedSettings.Name> = []

    package init() {}

    package var isEmpty: Bool { wanted.isEmpty && removed.isEmpty }

    /// Whether it is that there are to be none.
    package var isNone: Bool { wanted.isEmpty && removed.count == WantedSettings.Name.allCases.count }

    package func applied(to settings: WantedSettings) -> WantedSettings {
        var result = settings
        for name in removed { result[name] = nil }
        for name in wanted.names { result[name] = wanted[name] }
        // What was not understood is gone once its setting is said anew, or no longer said.
        let said = removed.union(wanted.names)
        result.unreadable.removeAll { text in said.contains { text.hasPrefix(bytes: $0.rawValue + "=") } }
        return result
    }

    /// `trust on, max-rate 1000, spoof-check default`.
    package var summary: String {
        WantedSettings.Name.allCases.compactMap { name in
            if let text = wanted[name] { return "\(name.rawValue) \(text)" }
            return removed.contains(name) ? "\(name.rawValue) default" : nil
        }.joined(separator: ", ")
    }
}

extension WantedSettings {
    /// `trust on, max-rate 1000`.
    package var summary: String {
        names.map { "\($0.rawValue) \(self[$0] ?? "")" }.joined(separator: ", ")
    }
}
