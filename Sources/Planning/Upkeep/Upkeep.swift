package import Model
import SRIOV
import Text
import XML

/// Brings a managed pool in line with who holds what: reservations in the live network, safe functions in the
/// persistent document (DESIGN.md §3). Pure: it looks at a picture and answers with steps.
package enum Upkeep {
    /// Steps for every managed pool of the picture; nothing when all is in line.
    package static func items(_ state: State) throws(Failure) -> [Plan.Item] {
        let claims = ClaimIndex(state)
        var items: [Plan.Item] = []
        for pool in state.pools where pool.isManaged {
            let restart = try PoolRestart.items(pool, state, claims)
            guard restart.isEmpty else {
                items += restart
                continue
            }
            items += reservations(pool, state, claims)
            if let item = try persistentDocument(pool, state, claims) { items.append(item) }
        }
        return items
    }

    /// Reservations to make for functions held elsewhere, and to drop for functions held no more.
    static func reservations(_ pool: NetworkState, _ state: State, _ claims: ClaimIndex) -> [Plan.Item] {
        guard pool.isActive, let ports = pool.ports, let live = pool.live else { return [] }
        let byAddress = Dictionary(ports.compactMap { port in port.address.map { ($0, port) } }) { first, _ in first }
        var items: [Plan.Item] = []
        for address in live.addresses {
            let holder = claims.outside(pool.name, address).first
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

    /// Splits the upkeep that follows other steps: reservations that can be made before them are, so that a running pool
    /// never hands out what a guest's document is about to fix again.
    ///
    /// - Parameter state: the picture before those steps.
    static func split(
        _ upkeep: [Plan.Item], after steps: [Plan.Item], in state: State
    ) -> (before: [Plan.Item], after: [Plan.Item]) {
        let restarted = upkeep.filter { item in
            switch item.step {
            case .startNetwork, .stopNetwork: true
            default: false
            }
        }
        let touched = Set((steps + restarted).compactMap(\.step.network))
        var before: [Plan.Item] = []
        var after: [Plan.Item] = []
        for item in upkeep {
            if case .reserve(let name, let reservation) = item.step, !touched.contains(name),
                let network = state.network(name), network.isActive, let ports = network.ports,
                !ports.contains(where: { $0.address?.description == reservation.address })
            {
                before.append(item)
            } else {
                after.append(item)
            }
        }
        return (before, after)
    }

    private static func detail(_ functions: PoolDocument.Functions) -> String {
        switch functions {
        case .pf(let name): "its next start hands out every VF of \(name)"
        case .addresses(let addresses):
            "its next start hands out the \(Words.count(addresses.count, "VF")) that nobody else holds"
        }
    }
}
