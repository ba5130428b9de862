import Model
import SRIOV
import TestSupport
import Text

/// What must hold on a host whatever is done to it. Each answers with what is wrong, in words.
enum Invariants {
    static func violations(_ random: inout RandomWorld) throws -> [String] {
        let host = random.world.host
        let state = try host.state()
        return macs(state, random.macs) + ports(state) + unclaimed(state, random.exposed) + persistent(state)
            + (try starts(host, random.exposed, "now", &random.random))
            + (try starts(rebooted(host), [], "after a reboot", &random.random))
    }

    /// Every interface keeps its MAC. A plain hostdev has none in its document.
    private static func macs(_ state: State, _ macs: [Name: Set<MACAddress>]) -> [String] {
        state.guests.flatMap { guest -> [String] in
            let own = macs[guest.name] ?? []
            let configured = guest.interfaces.compactMap(\.mac)
            let plain = guest.interfaces.count { $0.mac == nil }
            var wrong: [String] = []
            if guest.isPersistent, Set(configured).count + plain != own.count || !own.isSuperset(of: configured) {
                wrong.append("\(guest.name) has the MACs \(configured) and \(plain) plain hostdevs, not \(own)")
            }
            let running = guest.liveInterfaces.compactMap(\.mac)
            if guest.isActive, !own.isSuperset(of: running) || guest.liveInterfaces.count != own.count {
                wrong.append("\(guest.name) runs with the MACs \(running), not \(own)")
            }
            return wrong
        }
    }

    /// A function that a pool gave to a guest is nobody else's.
    private static func ports(_ state: State) -> [String] {
        let claims = ClaimIndex(state)
        return state.pools.flatMap { pool in
            (pool.guestPorts ?? []).flatMap { port in
                (port.address.map { claims[$0] } ?? []).filter { $0.guestUUID != port.ownerUUID }.map {
                    "\(pool.name) gave \(port.address?.description ?? "") to \(port.ownerName): it is \($0.holder)'s"
                }
            }
        }
    }

    /// Whatever a live pool may hand out next is nobody's.
    private static func unclaimed(_ state: State, _ exposed: Set<PCIAddress>) -> [String] {
        let claims = ClaimIndex(state)
        return state.pools.filter(\.isActive).flatMap { pool in
            let taken = Set(pool.ports?.compactMap(\.address) ?? [])
            return (pool.live?.addresses ?? []).filter { !taken.contains($0) && !exposed.contains($0) }.flatMap {
                address in
                claims[address].map { "\(pool.name) may hand out \(address): it is \($0.holder)'s, \($0.kind)" }
            }
        }
    }

    /// Nor does a persistent document list what somebody will hold after a reboot.
    private static func persistent(_ state: State) -> [String] {
        let claims = ClaimIndex(state)
        return state.pools.flatMap { pool in
            state.startAddresses(of: pool).flatMap { address in
                claims[address].filter(\.lastsOverReboot).map {
                    "\(pool.name) will hand out \(address) at its next start: it is \($0.holder)'s"
                }
            }
        }
    }

    private static func rebooted(_ host: PretendHost) throws -> PretendHost {
        var host = host
        for uuid in host.guests.keys { host.guests[uuid]?.autostart = false }
        for name in host.networks.keys { host.networks[name]?.autostart = true }
        try host.reboot()
        return host
    }

    /// All guests started in any order: a pin is always there for its guest, and a pool that has a function gives it.
    private static func starts(
        _ host: PretendHost, _ exposed: Set<PCIAddress>, _ when: String, _ random: inout SeededGenerator
    ) throws -> [String] {
        var host = host
        var wrong: [String] = []
        var order: [Name] = []
        for guest in host.guests.values.sorted(by: { $0.name < $1.name }).shuffled(using: &random)
        where guest.live == nil && guest.persistent != nil {
            order.append(guest.name)
            let state = try host.state()
            let mayFail = lacks(guest.name, state) || !exposed.isEmpty || shares(guest.name, state)
            do {
                try host.startGuest(guest.name)
            } catch {
                if !mayFail { wrong.append("\(when), in the order \(order), \(guest.name) can't start: \(error)") }
            }
        }
        return wrong
    }

    /// Whether another guest has the same function fixed: it was said when it was made, and only one of them can run.
    private static func shares(_ name: Name, _ state: State) -> Bool {
        let claims = ClaimIndex(state)
        let pins = state.guestMeant(by: name)?.interfaces.compactMap(\.attachment.pinnedAddress) ?? []
        return pins.contains { pin in claims[pin].contains { $0.kind == .config && $0.guestName != name } }
    }

    /// Whether a pool of the guest's has not enough functions left that nobody holds.
    private static func lacks(_ name: Name, _ state: State) -> Bool {
        guard let guest = state.guestMeant(by: name) else { return true }
        let claims = ClaimIndex(state)
        let pools = Dictionary(grouping: guest.interfaces.compactMap(\.attachment.networkName)) { $0 }
        return pools.contains { pool, interfaces in
            guard let pool = state.network(pool), let live = pool.live else { return true }
            let kept = Set(pool.reservations.compactMap(\.address))
            return live.addresses.count { claims[$0].isEmpty && !kept.contains($0) } < interfaces.count
        }
    }
}

extension State {
    /// What a pool's persistent document hands out when it is started.
    func startAddresses(of pool: NetworkState) -> [PCIAddress] {
        guard let configuration = pool.configuration else { return [] }
        guard let name = configuration.pfName else { return configuration.addresses }
        return pfs.first { $0.netdev == name }?.functions.map(\.address) ?? []
    }
}
