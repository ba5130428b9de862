import Model
import SRIOV
import Text

/// Whether a VF is free to be pinned into a guest.
enum FreeVF {
    /// A pin is a claim for good: nobody else may hold the function, running or shut off.
    ///
    /// - Parameter allowsPins: guests that are shut off may have it pinned too, as when a pin that others share is put
    ///   back.
    static func check(
        _ address: PCIAddress, _ guest: Guest, _ state: State, allowsPins: Bool = false,
        moving interface: GuestInterface? = nil
    ) throws(Failure) {
        let claims = state.claims
        let others = claims[address].filter { claim in
            if claim.guestUUID == guest.uuid {
                // What the guest has there with another interface is in the way as well.
                return claim.kind != .config && claim.mac != nil && interface?.mac != nil && claim.mac != interface?.mac
            }
            return !(allowsPins && claim.kind == .config)
        }
        guard let claim = others.first else { return }
        let pf = state.pf(of: address)
        let free = (pf?.functions ?? []).filter { claims[$0.address].isEmpty }.map(\.address.description)
        throw Failure(
            .vfInUse, "VF \(address) is held by \(claim.holder)",
            hints: free.isEmpty
                ? ["no VF of \(text: pf?.title ?? "its PF") is free"]
                : ["free ones: \(text: Words.list(free)): `--to-vf ADDRESS`"])
    }
}
