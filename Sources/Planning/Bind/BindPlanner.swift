package import Model
import SRIOV

/// Plans to point a guest's interfaces at a pool, each keeping its MAC.
package enum BindPlanner {
    /// - Throws: see `Failure.Code`, "Guests"; `no-such-pool`, `ambiguous-pool`, `vlan-out-of-range`.
    package static func plan(_ state: State, _ request: BindRequest) throws(Failure) -> Plan {
        try plan(state, [request])
    }

    /// Several guests in one plan, in order; reservations and persistent documents follow at the end.
    package static func plan(_ state: State, _ requests: [BindRequest]) throws(Failure) -> Plan {
        try GuestPlan.combined(state, requests.map(\.guest)) { (index, picture) throws(Failure) in
            try GuestBinding.plan(picture, requests[index])
        }
    }

    /// The running guest, where it has a fixed function whose MAC nobody but its agent can tell, by UUID.
    package static func guestsToAsk(_ state: State, _ request: BindRequest) -> [String] {
        guard !request.adds, request.mac == nil, let guest = state.guestMeant(by: request.guest), guest.isActive else {
            return []
        }
        let isUnknown = guest.interfaces.contains { interface in
            guard interface.mac == nil, interface.attachment.pinnedAddress != nil else { return false }
            return (try? MACSource.find(interface, guest, state, given: nil, hints: [])) == nil
        }
        return isUnknown ? [guest.uuid] : []
    }
}
