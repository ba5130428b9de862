package import Model
package import Text

/// What should be of a pool.
package struct PoolSpec: Sendable, Equatable {
    /// One of its PFs.
    package struct PF: Sendable, Equatable {
        /// Its netdev, PCI address or permanent MAC.
        package var word: Name
        package var title: Name?
        /// The part of it that the pool covers; nil: as the pool says of all its PFs.
        package var selection: VFSelection?

        package init(_ word: Name, title: Name? = nil, selection: VFSelection? = nil) {
            self.word = word
            self.title = title
            self.selection = selection
        }
    }

    package struct Group: Sendable, Equatable {
        package var name: Name
        /// Said to be none: it is to go.
        package var isRemoved = false
        package var vlan: Said<SpecVLAN> = .nothing
        package var isDefault: Bool?
        package var settings = SettingsChange()

        package init(_ name: Name) { self.name = name }
    }

    package var name: Name
    /// Whether it is vfpool's to look after; false for a network made by hand that stays so.
    package var isManaged = true
    /// In the order in which their VFs take turns; none: nothing is said.
    package var pfs: [PF] = []
    /// The part of each PF that it covers.
    package var selection: VFSelection?
    package var order: FunctionOrder?
    package var vlan: Said<SpecVLAN> = .nothing
    package var autostart: Bool?
    /// Whether it runs; nil: it does, if it is said to be vfpool's and to start at boot.
    package var active: Bool?
    package var driverModel: Said<Name> = .nothing
    package var iommufd: Said<Bool> = .nothing
    package var portgroups: [Group] = []
    /// Whether portgroups are spoken of, if only to say that there are none.
    package var saysPortgroups = false
    /// Whether it is said that there are no others: they are to go.
    package var hasNoOtherPortgroups = false
    package var settings = SettingsChange()
    package var origin: Origin?

    package init(_ name: Name) { self.name = name }

    /// Whether it is to run; nil: that is not looked at.
    package var isToRun: Bool? { active ?? (isManaged && autostart != false ? true : nil) }

    /// The part of one of its PFs that it covers; nil: nothing is said.
    package func selection(of pf: PF) -> VFSelection? { pf.selection ?? selection }
}

extension VFSelection {
    /// The same VFs in one way of saying it.
    package var plain: VFSelection {
        guard let included, !excluded.isEmpty else { return self }
        return VFSelection(included: IndexSet(included.indices.subtracting(excluded.indices)), excluded: IndexSet())
    }

    /// `0-5`, `all but 3`, `all`.
    package var words: String {
        if let included = plain.included { return included.description }
        return excluded.isEmpty ? "all" : "all but \(excluded)"
    }
}
