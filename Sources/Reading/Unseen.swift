import Model
import SRIOV

/// Functions that a pool keeps out for reasons that can't be read from here.
///
/// On another host, and without root, what the host does with a function is unknown, which is not "nothing": what keeps
/// it out of a pool was put there by somebody who could see, and stays.
enum Unseen {
    static func functions(in state: State) -> Set<PCIAddress> {
        let claims = state.claims
        var unseen: Set<PCIAddress> = []
        for pool in state.pools where pool.isManaged {
            for port in pool.reservations where port.ownerUUID == Reservation.hostUUID {
                if let address = port.address { unseen.insert(address) }
            }
            guard let configuration = pool.configuration, configuration.pfName == nil else { continue }
            let listed = Set(configuration.addresses)
            for function in state.coverage(of: pool)
            where !listed.contains(function.address) && claims[function.address].isEmpty
                && !pool.reservations.contains(where: { $0.address == function.address })
            {
                unseen.insert(function.address)
            }
        }
        return unseen
    }
}
