import Model
import SRIOV
import Text

/// What the checks look at: one picture, the report that `status` makes of it, the host's facts, and the part of all
/// that was asked for.
struct Examination {
    let state: State
    let index: ReportIndex
    let report: Report
    let facts: HostFacts
    /// What was asked for; everything where nothing was named.
    let pools: [NetworkState]
    let guests: [Guest]
    let pfs: [PhysicalFunction]
    let isWhole: Bool
    /// Of all pools.
    let capacities: [Name: PoolCapacity]

    /// - Throws: `no-such-pool`, when nothing is called so.
    init(_ state: State, _ facts: HostFacts, named name: Name?) throws(Failure) {
        let index = ReportIndex(state)
        try self.init(index, Report(index), facts, named: name)
    }

    /// - Parameters:
    ///   - index: the host's.
    ///   - whole: the report that `index` gives.
    init(_ index: ReportIndex, _ whole: Report, _ facts: HostFacts, named name: Name?) throws(Failure) {
        let state = index.state
        self.state = state
        self.facts = facts
        self.index = index
        report = whole
        capacities = PoolCapacity.all(index.coverage, state, index.claims)
        guard let name else {
            (pools, guests, pfs) = (state.pools, state.guests, state.pfs)
            isWhole = true
            return
        }
        isWhole = false
        let part = try whole.narrowed(to: name)
        var poolNames = Set(part.pools.map(\.name)).union(part.pfs.flatMap(\.pools))
        var pfAddresses = Set(part.pfs.map(\.address))
        let guestNames = Set(part.guests.map(\.name))
        for guest in state.guests where guestNames.contains(guest.name) {
            poolNames.formUnion(Self.pools(of: guest, index))
            pfAddresses.formUnion(Self.pins(of: guest).compactMap { index.place($0)?.pf.address.description })
        }
        pfAddresses.formUnion(poolNames.flatMap { index.pfs(of: $0).map(\.address.description) })
        pools = state.pools.filter { poolNames.contains($0.name) }
        pfs = state.pfs.filter { pfAddresses.contains($0.address.description) }
        let asked = Set(part.pools.flatMap(\.guests) + part.pfs.flatMap { $0.functions.compactMap(\.guest) })
        guests = state.guests.filter { guest in
            guestNames.contains(guest.name) || (guestNames.isEmpty && asked.contains(guest.name))
                || (guestNames.isEmpty && !Self.pools(of: guest, index).isDisjoint(with: poolNames))
        }
    }

    /// Names of pools that a guest points at.
    static func pools(of guest: Guest, _ index: ReportIndex) -> Set<Name> {
        Set(guest.interfaces.compactMap(\.attachment.networkName).filter { index.coverage[$0] != nil })
    }

    /// Functions that a guest's documents fix.
    static func pins(of guest: Guest) -> Set<PCIAddress> {
        Set((guest.interfaces + guest.liveInterfaces).compactMap(\.attachment.pinnedAddress))
    }

    /// Whether the guest's next start needs functions.
    func needsFunctions(_ guest: Guest) -> Bool {
        !Self.pools(of: guest, index).isEmpty
            || guest.interfaces.contains { $0.attachment.pinnedAddress.map { index.place($0) != nil } ?? false }
    }

    /// The findings of these kinds that are about what was asked for.
    func findings(_ codes: [Diagnostic.Code]) -> [Diagnostic] {
        let poolNames = Set(pools.map(\.name))
        let guestNames = Set(guests.map(\.name))
        let addresses = Set(pfs.map(\.address.description))
        return report.findings.filter { finding in
            codes.contains(finding.code)
                && (isWhole || finding.pools.contains(where: poolNames.contains)
                    || finding.guests.contains(where: guestNames.contains)
                    || finding.pfs.contains(where: addresses.contains))
        }
    }
}
