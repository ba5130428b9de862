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
            spec.pfs = state.pfs.filter { $0.enabledVFs > 0 || ofPools.contains($0.address) }.map(observed.spec)
            spec.pools = state.pools.compactMap(observed.spec)
            spec.guests = state.guests.compactMap(observed.spec).filter { !$0.interfaces.isEmpty }
        } else {
            for name in names.deduplicated { try add(name, observed, to: &spec) }
        }
        spec.pools.sort { $0.name < $1.name }
        spec.guests.sort { $0.name < $1.name }
        if !isFull { spec.leaveOutNothings() }
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

    /// What can't be said in a spec, in sentences.
    package static func leftOut(_ state: State) -> [Note] {
        let observed = Observation(state, boot: nil)
        var notes: [Note] = state.pools.filter { !$0.isPersistent }.map { pool in
            "pool \(pool.name) is transient, so a spec can't have it"
        }
        for guest in state.guests {
            let pools = guest.interfaces.filter(observed.isOnPool)
            let said = observed.spec(of: guest)?.interfaces.count ?? 0
            if said < pools.count {
                notes.append(
                    Note(
                        "guest \(guest.name) has \(Words.count(pools.count - said, "interface")) on pools that no MAC tells apart, or that \(guest.isPersistent ? "have" : "end with its run, so have") no place in a spec"
                    ))
            }
        }
        return notes
    }
}

extension HostSpec {
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
            if pools[index].autostart == true { pools[index].autostart = nil }
            if pools[index].portgroups.isEmpty { pools[index].saysPortgroups = false }
            for group in pools[index].portgroups.indices {
                pools[index].portgroups[group].vlan.leaveOutNone()
                if pools[index].portgroups[group].isDefault == false { pools[index].portgroups[group].isDefault = nil }
            }
        }
        for guest in guests.indices {
            for index in guests[guest].interfaces.indices {
                guests[guest].interfaces[index].portgroup.leaveOutNone()
                guests[guest].interfaces[index].vlan.leaveOutNone()
            }
        }
    }
}

extension Said {
    fileprivate mutating func leaveOutNone() { if self == .none { self = .nothing } }
}
