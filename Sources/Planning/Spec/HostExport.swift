package import Model
import SRIOV
package import Spec
package import Text

/// What `vfpool export` prints: a host, or the PFs, pools and guests that are named.
package enum HostExport {
    /// - Parameters:
    ///   - names: of PFs, pools and guests; none means all.
    ///   - isFull: also says what there is not, so that a diff finds it when it comes.
    /// - Throws: `no-such-pool`.
    package static func spec(
        _ state: State, boot: BootSetup?, names: [Name], isFull: Bool
    ) throws(Failure) -> HostSpec {
        let observed = Observation(state, boot: boot)
        var spec = HostSpec()
        if names.isEmpty {
            let ofPools = Set(state.pools.flatMap { state.pfs(of: $0).map(\.address) })
            spec.pfs = state.pfs.filter { isFull || $0.enabledVFs > 0 || ofPools.contains($0.address) }
                .map(observed.spec)
            spec.pools = state.pools.compactMap(observed.spec)
            spec.guests = state.guests.compactMap(observed.spec).filter { !$0.interfaces.isEmpty }
        } else {
            for name in names.deduplicated { try add(name, observed, to: &spec) }
        }
        spec.pools.sort { $0.name < $1.name }
        spec.guests.sort { $0.name < $1.name }
        spec.leaveOutUnsayable()
        if !isFull { spec.leaveOutNothings() }
        spec.notes = (leftOut(of: spec.pfs, observed) + leftOut(state, names: names)).map { Name($0.text) }
        return spec
    }

    private static func add(_ name: Name, _ observed: Observation, to spec: inout HostSpec) throws(Failure) {
        let state = observed.state
        if let network = state.networkMeant(by: name), let pool = observed.spec(of: network) {
            if !spec.pools.contains(where: { $0.name == pool.name }) { spec.pools.append(pool) }
        } else if let found = state.guestMeant(by: name) {
            guard let guest = observed.spec(of: found) else {
                throw Failure(
                    .transientGuest, "guest \(found.name) is transient: it has no configuration that lasts",
                    hints: ["define it first, from a file: `virsh define FILE`"])
            }
            if !spec.guests.contains(where: { $0.name == guest.name }) { spec.guests.append(guest) }
        } else {
            let pfs = observed.pfs(name)
            guard !pfs.isEmpty else {
                throw Failure(
                    .noSuchPool, "there is no PF, no pool and no guest \(name)",
                    hints: ["see them all: `vfpool export`"])
            }
            for pf in pfs {
                let pf = observed.spec(of: pf)
                if !spec.pfs.contains(where: { $0.word == pf.word }) { spec.pfs.append(pf) }
            }
        }
    }

    private static func leftOut(of pfs: [PFSpec], _ observed: Observation) -> [Note] {
        pfs.flatMap { observed.pfs($0.word) }.filter(observed.isSetOtherwise).map { pf in
            Note(
                "\(pf.title) has \(Words.count(pf.enabledVFs, "VF")), and gets another number at boot: a spec has one number for both, so this one has none"
            )
        }
    }

    /// What of pools and guests, or of those that are named, can't be said in a spec, in sentences.
    package static func leftOut(_ state: State, names: [Name] = []) -> [Note] {
        let observed = Observation(state, boot: nil)
        let pools =
            names.isEmpty
            ? state.pools
            : state.pools.filter { pool in names.contains { state.networkMeant(by: $0)?.name == pool.name } }
        let guests =
            names.isEmpty
            ? state.guests
            : state.guests.filter { guest in names.contains { state.guestMeant(by: $0)?.uuid == guest.uuid } }
        return pools.flatMap { leftOut(of: $0, observed) } + guests.flatMap { leftOut(of: $0, observed) }
    }

    private static func leftOut(of pool: NetworkState, _ observed: Observation) -> [Note] {
        guard pool.isPersistent, let configuration = pool.configuration else {
            return ["pool \(pool.name) is transient, so a spec can't have it"]
        }
        var notes: [Note] = []
        if let vlan = SpecVLAN(configuration.vlan, configuration.trunk), !vlan.isSayable {
            notes.append(unsayable("pool \(pool.name)", vlan))
        }
        let names = configuration.portgroups.map(\.name)
        for (index, group) in configuration.portgroups.enumerated() {
            if group.name.isEmpty || names.firstIndex(of: group.name) != index {
                notes.append(
                    "pool \(pool.name) has a portgroup \(group.name.isEmpty ? "without a name" : "\(group.name) twice"), so a spec can't have it"
                )
            } else if let vlan = SpecVLAN(group.vlan, group.trunk), !vlan.isSayable {
                notes.append(unsayable("portgroup \(group.name) of pool \(pool.name)", vlan))
            }
        }
        return notes + unreadable("pool \(pool.name)", configuration.wanted.general)
            + names.deduplicated.flatMap { name in
                unreadable(
                    "portgroup \(name) of pool \(pool.name)", configuration.wanted.portgroups[name] ?? WantedSettings())
            }
    }

    private static func leftOut(of guest: Guest, _ observed: Observation) -> [Note] {
        var notes: [Note] = []
        let pools = guest.interfaces.filter(observed.isOnPool)
        let said = observed.spec(of: guest)?.interfaces.count ?? 0
        if said < pools.count {
            notes.append(
                Note(
                    "guest \(guest.name) has \(Words.count(pools.count - said, "interface")) on pools that no MAC tells apart, or that \(guest.isPersistent ? "have" : "end with its run, so have") no place in a spec"
                ))
        }
        for interface in pools {
            let subject = "interface \(interface.index) of guest \(guest.name)"
            if let vlan = SpecVLAN(interface.vlan, interface.trunk), !vlan.isSayable {
                notes.append(unsayable(subject, vlan))
            }
            notes += unreadable(subject, interface.wanted)
        }
        return notes
    }

    private static func unsayable(_ subject: String, _ vlan: SpecVLAN) -> Note {
        Note(
            "\(subject) has VLAN \(vlan.words), which a spec can't have: it has \(SpecVLAN.ids.lowerBound)-\(SpecVLAN.ids.upperBound)"
        )
    }

    private static func unreadable(_ subject: String, _ wanted: WantedSettings) -> [Note] {
        wanted.unreadable.isEmpty
            ? [] : [Note("\(subject) has VF settings that this vfpool does not know, so they are not in the spec")]
    }
}

extension HostSpec {
    /// Leaves out VLANs that no spec may have.
    fileprivate mutating func leaveOutUnsayable() {
        for index in pools.indices {
            pools[index].vlan.leaveOutUnsayable()
            for group in pools[index].portgroups.indices { pools[index].portgroups[group].vlan.leaveOutUnsayable() }
        }
        for guest in guests.indices {
            for index in guests[guest].interfaces.indices { guests[guest].interfaces[index].vlan.leaveOutUnsayable() }
        }
    }

    /// Leaves out what is not there, and what is so by default.
    fileprivate mutating func leaveOutNothings() {
        for index in pools.indices {
            if pools[index].selection?.isAll ?? false { pools[index].selection = nil }
            for place in pools[index].pfs.indices where pools[index].pfs[place].selection?.isAll ?? false {
                pools[index].pfs[place].selection = nil
            }
            if pools[index].order == .interleaved { pools[index].order = nil }
            pools[index].vlan.leaveOutNone()
            pools[index].driverModel.leaveOutNone()
            pools[index].iommufd.leaveOutNone()
            pools[index].settings.removed = []
            if pools[index].autostart == true { pools[index].autostart = nil }
            var unsaid = pools[index]
            unsaid.active = nil
            if unsaid.isToRun ?? true == pools[index].active { pools[index] = unsaid }
            if pools[index].portgroups.isEmpty { pools[index].saysPortgroups = false }
            for group in pools[index].portgroups.indices {
                pools[index].portgroups[group].vlan.leaveOutNone()
                pools[index].portgroups[group].settings.removed = []
                if pools[index].portgroups[group].isDefault == false { pools[index].portgroups[group].isDefault = nil }
            }
        }
        for guest in guests.indices {
            for index in guests[guest].interfaces.indices {
                guests[guest].interfaces[index].portgroup.leaveOutNone()
                guests[guest].interfaces[index].vlan.leaveOutNone()
                guests[guest].interfaces[index].failover.leaveOutNone()
                guests[guest].interfaces[index].settings.removed = []
            }
        }
    }
}

extension Said {
    fileprivate mutating func leaveOutNone() { if self == .none { self = .nothing } }
}

extension Said<SpecVLAN> {
    fileprivate mutating func leaveOutUnsayable() {
        if case .value(let vlan) = self, !vlan.isSayable { self = .nothing }
    }
}
