package import Model
import SRIOV
package import Text

/// What `list` and `status` say, made from one picture in time linear in its size.
package struct Report: Sendable, Equatable {
    package var uri: String
    /// Sorted by name.
    package var pools: [PoolReport]
    /// Sorted by PCI address.
    package var pfs: [PFReport]
    /// Sorted by name.
    package var guests: [GuestReport]
    package var findings: [Diagnostic]
    private let names: DeviceNames

    package init(_ state: State) { self.init(ReportIndex(state)) }

    init(_ index: ReportIndex) {
        let state = index.state
        uri = state.uri
        names = state.deviceNames
        pools = state.pools.map { index.pool($0) }.sorted { $0.name < $1.name }
        pfs = state.pfs.map { index.pf($0) }.sorted { $0.address < $1.address }
        guests = state.guests.map { index.guest($0) }.sorted { $0.name < $1.name }
        findings =
            LostMarkFindings.all(index) + PoolFindings.all(index, pools) + FunctionFindings.all(index)
            + GuestFindings.all(guests, index)
            + PFFindings.pinned(state) + MissingFindings.all(state)
            + PFFindings.all(pfs)
            + SettingsFindings.all(pfs) + StaleSettingsFindings.all(state)
            + state.unknowns.map { Diagnostic(.unknown, .note, $0) }
    }

    /// The part that one name stands for: a pool, a PF or function by any word that `DeviceNames` knows, a guest (name or
    /// UUID), or everything that is called so.
    ///
    /// - Throws: `no-such-pool`, when nothing is called so.
    package func narrowed(to name: Name) throws(Failure) -> Report {
        var part = self
        let uuid = UUIDText.normal(name.string)
        // As virsh has it: what is called by another's UUID is not meant by it.
        let ofUUID = (pools: pools.filter { $0.uuid == uuid }, guests: guests.filter { $0.uuid == uuid })
        part.pools = ofUUID.pools.isEmpty ? pools.filter { $0.name == name } : ofUUID.pools
        let addresses = names.pfs(name).map(\.description)
        part.pfs = pfs.filter { addresses.contains(bytes: $0.address) }
        part.guests = ofUUID.guests.isEmpty ? guests.filter { $0.name == name } : ofUUID.guests
        if part.pools.isEmpty, part.pfs.isEmpty, part.guests.isEmpty { part.pfs = pfOfFunction(name) }
        guard !part.pools.isEmpty || !part.pfs.isEmpty || !part.guests.isEmpty else {
            throw Failure(
                .noSuchPool, "there is no pool, PF or guest \(name)",
                hints: [
                    pools.isEmpty
                        ? "there is no pool: make one with `vfpool create PF`"
                        : "pools: \(text: Words.list(pools.map(\.name)))",
                    pfs.isEmpty
                        ? "this host has no SR-IOV PF" : "PFs: \(text: Words.list(pfs.map(\.title)))",
                ])
        }
        let isFunction = part.pfs.contains { pf in pfs.contains { $0.address == pf.address && $0 != pf } }
        let functions = Set(part.pfs.flatMap { $0.functions.map(\.address) })
        // What is said of a PF's pools is said of the PF.
        let poolNames = Set(part.pools.map(\.name)).union(part.pfs.flatMap(\.pools))
        let guestNames = Set(part.guests.map(\.name))
        let pfAddresses = Set(part.pfs.map(\.address))
        part.findings = findings.filter { finding in
            // Of one function: not what is said of others.
            if isFunction, !finding.vfs.isEmpty, !finding.vfs.contains(where: functions.contains) {
                return false
            }
            return finding.pools.contains(where: poolNames.contains)
                || finding.guests.contains(where: guestNames.contains)
                || finding.pfs.contains(where: pfAddresses.contains)
                || (finding.pools.isEmpty && finding.guests.isEmpty && finding.pfs.isEmpty)
        }
        part.findings += PFFindings.incapable(part.pfs)
        return part
    }

    private func pfOfFunction(_ name: Name) -> [PFReport] {
        let addresses = names.functions(name).map(\.description)
        return pfs.compactMap { pf in
            let functions = pf.functions.filter { addresses.contains(bytes: $0.address) }
            guard !functions.isEmpty else { return nil }
            var part = pf
            part.functions = functions
            part.counts = FunctionCounts(functions)
            return part
        }
    }
}
