import Model
package import SRIOV

/// The VF tables of this machine's PFs, behind a seam that tests can make refuse.
package protocol FunctionTables: Sendable {
    func place(of function: PCIAddress) throws(HostError) -> FunctionPlace?
    func settings(_ place: FunctionPlace) throws(VFTableError) -> VFSettings
    func apply(_ change: VFChange, _ place: FunctionPlace) throws(VFTableError)
}

/// The kernel's.
package struct KernelTables: FunctionTables {
    private let sysfs: Sysfs

    package init(_ sysfs: Sysfs = Sysfs()) { self.sysfs = sysfs }

    package func place(of function: PCIAddress) throws(HostError) -> FunctionPlace? {
        try sysfs.place(of: function)
    }

    package func settings(_ place: FunctionPlace) throws(VFTableError) -> VFSettings {
        try VFTable(pf: place.pf).settings(of: place.index)
    }

    package func apply(_ change: VFChange, _ place: FunctionPlace) throws(VFTableError) {
        try VFTable(pf: place.pf).apply(change, to: place.index)
    }
}
