package import SRIOV

/// What a running pool hands out next: its functions that have no PF, in the order in which libvirt takes them.
///
/// libvirt takes the first of them, whoever holds it, and never tries the next.
package struct PoolRoom {
    /// Functions of the running pool without a PF.
    package let next: [PCIAddress]
    private let claims: ClaimIndex

    /// Nil where the pool does not run, or which functions it has can't be known.
    package init?(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) {
        guard pool.isActive else { return nil }
        let listed = pool.live?.addresses ?? []
        if listed.isEmpty, state.pfs(of: pool).isEmpty { return nil }
        let ported = Set((pool.ports ?? []).compactMap(\.address))
        next = listed.filter { !ported.contains($0) }
        self.claims = claims
    }

    /// Those of them that nobody holds, but for this guest.
    package func free(for guest: String? = nil) -> [PCIAddress] { next.filter { holders($0, but: guest).isEmpty } }

    /// Who else holds a function that libvirt takes for free.
    package func holders(_ address: PCIAddress, but guest: String? = nil) -> [Claim] {
        claims[address].filter { guest == nil || $0.guestUUID != guest }
    }
}
