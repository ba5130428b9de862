import Model
import SRIOV
import Text
import XML

/// Updates one managed pool, as it runs, to who holds which VF: reservations in the live network, safe functions in the
/// persistent document.
enum PoolAlignment {
    static func items(_ pool: NetworkState, _ state: State) throws(Failure) -> [Plan.Item] {
        reservations(pool, state) + [try persistentDocument(pool, state, state.claims)].compactMap(\.self)
    }

    /// Reservations to make for functions held elsewhere, and to drop for functions held no more.
    static func reservations(_ pool: NetworkState, _ state: State) -> [Plan.Item] {
        guard pool.isActive, let ports = pool.ports, let live = pool.live else { return [] }
        let byAddress = Dictionary(ports.compactMap { port in port.address.map { ($0, port) } }) { first, _ in first }
        var items: [Plan.Item] = []
        for address in live.addresses {
            let holder = state.claims.outside(pool.name, address).first
            let port = byAddress[address]
            // One that names a former holder stays for the present one: between giving it back and reserving anew, a
            // guest that starts could be given the function. Who holds it is told by the claims, not by that name.
            if let port, holder == nil, Reservation.isReservation(port, of: pool.uuid) {
                items.append(
                    Plan.Item(
                        .release(network: pool.name, Reservation(port: port, address: address)),
                        detail: "\(address) is free again", isUpkeep: true))
            } else if port == nil, let holder {
                items.append(
                    Plan.Item(
                        .reserve(network: pool.name, reservation(address, for: holder, in: pool)),
                        detail: "\(address) is held by \(holder.holder)", isUpkeep: true))
            }
        }
        return items
    }

    private static func reservation(_ address: PCIAddress, for claim: Claim, in pool: NetworkState) -> Reservation {
        Reservation(
            of: address, in: pool.uuid, ownerName: claim.guestName ?? Reservation.hostName,
            ownerUUID: claim.guestUUID ?? Reservation.hostUUID, mac: claim.mac.flatMap { $0.isMulticast ? nil : $0 })
    }

    static func persistentDocument(
        _ pool: NetworkState, _ state: State, _ claims: ClaimIndex
    ) throws(Failure) -> Plan.Item? {
        guard pool.isPersistent, pool.showsPersistent, let next = NextStart(pool, state, claims), !next.isSaid(by: pool)
        else { return nil }
        let after = try readable("network \(pool.name)") { () throws(XMLError) in
            let document = try Document(parsing: pool.inactiveXML)
            try PoolDocument.set(next.functions, in: document)
            if let element = PoolDocument.markElement(in: document.root) {
                PoolDocument.fill(element, with: next.mark)
            }
            return document.serialized()
        }
        return Plan.Item(
            .defineNetwork(
                DocumentChange(name: pool.name, uuid: pool.uuid, before: pool.inactiveXML, after: after)),
            detail: detail(next.functions), isUpkeep: true)
    }

    private static func detail(_ functions: PoolDocument.Functions) -> String {
        switch functions {
        case .pf(let name): "its next start hands out every VF of \(name)"
        case .addresses(let addresses):
            "its next start hands out the \(Words.count(addresses.count, "VF")) that are not held elsewhere"
        }
    }
}
