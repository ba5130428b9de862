package import Model
import SRIOV
import Text

/// What to say where a plan keeps VFs for the host that the host took itself, as a DHCP client does with the netdev of one
/// that a guest gave back.
package enum HostTaken {
    package static func warnings(_ plan: Plan, _ state: State) -> [Diagnostic] {
        let reserved = plan.steps.compactMap { step -> PCIAddress? in
            guard case .reserve(_, let reservation) = step, reservation.ownerUUID == Reservation.hostUUID else {
                return nil
            }
            return PCIAddress(reservation.address)
        }
        guard !reserved.isEmpty else { return [] }
        let claims = state.claims
        return reserved.compactMap { address in
            guard let claim = claims[address].first(where: \.isByNetdev), let pf = state.pf(of: address),
                let function = pf.functions.first(where: { $0.address == address })
            else { return nil }
            return Diagnostic(
                .hostDriver,
                "VF \(function.index) of \(pf.title) (\(address)) is held by \(claim.holder): no guest gets it",
                hints: [pf.netdevHint],
                fold: Fold(
                    "VF", "VF \(function.index) (\(claim.holder))",
                    "of \(pf.title) are held by the host: no guest gets them",
                    hints: [pf.netdevHint]))
        }
    }
}
