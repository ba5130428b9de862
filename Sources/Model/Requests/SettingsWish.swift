package import SRIOV

/// What a command wants of VFs, and how it can be told in advance whether their PF's driver takes it.
package struct SettingsWish: Sendable {
    /// Asks a PF's driver; nil where it is not to be asked, as in a plan that changes nothing.
    package typealias Trial =
        @Sendable (_ pf: PhysicalFunction, _ wanted: WantedSettings, _ state: State) throws(Failure) -> DriverAnswer

    package var change: SettingsChange
    package var trial: Trial?
    /// Whether vfpool's hook, which applies the settings, is installed; nil where that can't be seen.
    package var hookIsInstalled: Bool?

    package init(_ change: SettingsChange, hookIsInstalled: Bool? = nil, trial: Trial? = nil) {
        self.change = change
        self.hookIsInstalled = hookIsInstalled
        self.trial = trial
    }

    /// Nothing is said.
    package static let none = SettingsWish(SettingsChange())

    package var isEmpty: Bool { change.isEmpty }
}

/// What a PF's driver said to settings that were tried on one of its VFs.
package struct DriverAnswer: Sendable, Equatable {
    /// In the driver's words, by the settings that it does not take.
    package var refused: [WantedSettings.Name: String]
    /// There was no VF to try them on.
    package var isUnknown: Bool

    package init(refused: [WantedSettings.Name: String] = [:], isUnknown: Bool = false) {
        self.refused = refused
        self.isUnknown = isUnknown
    }
}
