package import SRIOV

/// Everything on the host that sets VF counts at boot, as far as it can be read.
package struct BootSetup: Sendable, Equatable {
    package var setters: [CountSetter]
    /// Files and folders that can't be read, and may set one.
    package var unreadable: [String]
    /// Why one of them could not be read, other than for its size.
    package var failure: String?

    package init(setters: [CountSetter] = [], unreadable: [String] = [], failure: String? = nil) {
        self.setters = setters
        self.unreadable = unreadable
        self.failure = failure
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
