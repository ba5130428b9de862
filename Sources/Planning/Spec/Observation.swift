package import Model
package import SRIOV
package import Spec
package import Text

/// A host as a spec says it: what `export` prints, and what a spec is compared with.
package struct Observation {
    let state: State
    private let boot: BootSetup?

    /// - Parameter boot: what sets VF counts at boot; nil where that is not known.
    package init(_ state: State, boot: BootSetup?) {
        self.state = state
        self.boot = boot
    }

    // MARK: PFs

    package func spec(of pf: PhysicalFunction) -> PFSpec {
        PFSpec(
            word(pf), title: pf.title, vfs: isSetOtherwise(pf) ? nil : pf.enabledVFs,
            boot: isSetAtBoot(pf, pf.enabledVFs), hostDriver: pf.probesDrivers)
    }

    /// Whether vfpool gives it another number at boot than it has, where a spec has one number for both.
    func isSetOtherwise(_ pf: PhysicalFunction) -> Bool {
        guard let boot, BootPlanner.isSet(pf, boot) else { return false }
        return isSetAtBoot(pf, pf.enabledVFs) != true
    }

    /// What stays when netdevs are renamed and slots numbered anew, where there is something.
    private func word(_ pf: PhysicalFunction) -> Name {
        if let mac = pf.permanentMAC.map({ Name($0.description) }), state.deviceNames.pfs(mac) == [pf.address] {
            return mac
        }
        return Name(pf.address.description)
    }

    /// Whether a PF gets that many VFs at boot; nil where it gets another number, or that can't be told.
    func isSetAtBoot(_ pf: PhysicalFunction, _ count: Int) -> Bool? {
        guard let boot else { return nil }
        let setters = boot.setters(of: pf)
        guard setters.isEmpty else { return setters.allSatisfy { $0.count == count } ? true : nil }
        return boot.possibleSetters(of: pf).isEmpty && boot.unreadable.isEmpty ? false : nil
    }

    /// The pfs that a word means.
    func pfs(_ word: Name) -> [PhysicalFunction] {
        let found = state.deviceNames.pfs(word)
        return state.pfs.filter { found.contains($0.address) }
    }

    // MARK: Pools

    /// Everything that a spec can say of it; nil for a network that is no pool, or ends when it is stopped.
    package func spec(of network: NetworkState) -> PoolSpec? {
        guard let configuration = network.configuration, network.isPersistent else { return nil }
        var pool = PoolSpec(network.word)
        pool.isManaged = network.isManaged
        let members = members(of: network)
        pool.pfs = members.map { PoolSpec.PF($0.word, title: $0.pf?.title) }
        let selections = members.map(\.selection)
        if let first = selections.first, selections.allSatisfy({ $0 == first }) {
            pool.selection = first
        } else {
            for (index, selection) in selections.enumerated() { pool.pfs[index].selection = selection }
        }
        if configuration.mark?.isOfSeveral ?? false { pool.order = configuration.mark?.order }
        pool.vlan = Said(of: SpecVLAN(configuration.vlan, configuration.trunk))
        pool.autostart = network.autostart
        pool.active = network.isActive
        pool.driverModel = Said(of: configuration.driver.model)
        pool.iommufd = Said(of: configuration.driver.iommufd)
        pool.settings = configuration.wanted.general.whole
        pool.saysPortgroups = true
        // A name that several have can't tell them apart.
        for group in configuration.portgroups
        where !group.name.isEmpty && configuration.portgroups.count(where: { $0.name == group.name }) == 1 {
            var said = PoolSpec.Group(group.name)
            said.vlan = Said(of: SpecVLAN(group.vlan, group.trunk))
            said.isDefault = group.isDefault
            said.settings = (configuration.wanted.portgroups[group.name] ?? WantedSettings()).whole
            pool.portgroups.append(said)
        }
        return pool
    }

    /// A PF of a pool, on this host or not.
    struct Member {
        var word: Name
        var pf: PhysicalFunction?
        var mark: PFMark?
        var selection: VFSelection

        /// Whether a spec's word means it.
        func isMeant(by word: Name, _ found: [PhysicalFunction]) -> Bool {
            if let pf { return found.contains { $0.address == pf.address } }
            guard let mark else { return self.word == word }
            return mark.device == word || mark.mac.map { MACAddress(word: word.string) == $0 } ?? false
                || mark.address.map { PCIAddress(word.string) == $0 } ?? false
        }
    }

    func members(of network: NetworkState) -> [Member] {
        if let mark = network.configuration?.mark {
            return PoolPFs(mark, in: state.pfs).members.map { member in
                let pf = member.verdict.allowsUpkeep ? member.pf : nil
                let known = member.mark.mac?.description ?? member.mark.address?.description
                return Member(
                    word: pf.map(word) ?? known.map { Name($0) } ?? member.mark.device ?? "unknown", pf: pf,
                    mark: member.mark, selection: member.mark.selection.plain)
            }
        }
        let covered = Set(state.coverage(of: network).map(\.address))
        let isWhole = network.configuration?.pfName != nil
        let own = state.pfs(of: network).map { pf in
            let part = pf.functions.filter { covered.contains($0.address) }
            let isAll = isWhole || part.count == pf.functions.count
            return Member(
                word: word(pf), pf: pf,
                selection: isAll ? .all : VFSelection(included: IndexSet(part.map(\.index)), excluded: IndexSet()))
        }
        guard own.isEmpty, let name = network.configuration?.pfName else { return own }
        return [Member(word: name, selection: .all)]
    }

    // MARK: Guests

    /// A guest's interfaces on pools that a MAC tells apart; nil for one whose document does not last.
    package func spec(of guest: Guest) -> GuestSpec? {
        guard guest.isPersistent else { return nil }
        let pools = guest.interfaces.filter(isOnPool)
        return GuestSpec(
            guest.specName,
            pools.compactMap { interface in
                pools.count { $0.mac == interface.mac } == 1 ? spec(of: interface, guest) : nil
            })
    }

    func isOnPool(_ interface: GuestInterface) -> Bool {
        interface.attachment.networkName.flatMap(state.network)?.isPool ?? false
    }

    private func spec(of interface: GuestInterface, _ guest: Guest) -> GuestSpec.Interface? {
        guard case .network(let name, let portgroup) = interface.attachment, let mac = interface.mac, !mac.isZero,
            !mac.isMulticast
        else { return nil }
        var said = GuestSpec.Interface(mac, pool: state.word(ofNetwork: name))
        said.portgroup = Said(of: portgroup)
        said.vlan = Said(of: SpecVLAN(interface.vlan, interface.trunk))
        said.settings = interface.wanted.whole
        said.failover = Said(of: failover(of: interface, guest))
        return said
    }

    func failover(of interface: GuestInterface, _ guest: Guest) -> Name? {
        switch guest.persistentHalf(of: interface)?.attachment {
        case .network(let name, _)?, .bridge(let name)?: name
        default: nil
        }
    }
}

extension WantedSettings {
    /// What there is and what there is not, without what could not be understood.
    fileprivate var whole: SettingsChange {
        var change = SettingsChange()
        change.wanted = self
        change.wanted.unreadable = []
        change.removed = Set(
            Name.allCases.filter { name in
                self[name] == nil && !unreadable.contains { $0.hasPrefix(bytes: name.rawValue + "=") }
            })
        return change
    }
}

extension Guest {
    /// What names it in a spec: its UUID where its name would be taken for one.
    package var specName: Name { UUIDText.normal(name.string) == nil ? name : Name(uuid) }
}
