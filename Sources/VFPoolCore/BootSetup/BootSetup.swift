package import SRIOV

/// Everything on the host that sets VF counts at boot, as far as it can be read.
package struct BootSetup: Sendable, Equatable {
    package var setters: [CountSetter]
    /// Files and folders that can't be read, and may set one.
    package var unreadable: [String]

    package init(setters: [CountSetter] = [], unreadable: [String] = []) {
        self.setters = setters
        self.unreadable = unreadable
    }

    /// What sets the count of this PF.
    package func setters(of pf: PhysicalFunction) -> [CountSetter] {
        setters.filter { $0.pf == pf.address && $0.doubt == nil }
    }

    /// What may set it, or not.
    package func possibleSetters(of pf: PhysicalFunction) -> [CountSetter] {
        setters.filter { $0.pf == pf.address && $0.doubt != nil }
    }
}
