/// What a command is asked to set of VFs.
package struct SettingsRequest: Sendable {
    package var change: SettingsChange
    /// Whether vfpool's hook, which applies the settings, is installed; nil where that can't be seen.
    package var hookIsInstalled: Bool?

    package init(_ change: SettingsChange, hookIsInstalled: Bool? = nil) {
        self.change = change
        self.hookIsInstalled = hookIsInstalled
    }

    /// Nothing is said.
    package static let none = SettingsRequest(SettingsChange())

    package var isEmpty: Bool { change.isEmpty }
}
