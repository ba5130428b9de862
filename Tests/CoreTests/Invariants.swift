import SRIOV
import TestSupport
import Text

/// What must hold on a host whatever is done to it. Each answers with what is wrong, in words; none asks vfpool's own code who has what.
enum Invariants {
    static func violations(_ random: inout RandomWorld) throws -> [String] {
        let host = random.world.host
        let seen = try SeenHost(host)
        let exposed = Set(random.exposed.map(\.description))
        return macs(seen, random.macs) + ports(seen) + unclaimed(seen, exposed) + persistent(seen)
            + (try starts(host, exposed, "now", &random.random))
            + (try starts(rebooted(host), [], "after a reboot", &random.random))
    }

    /// Every interface keeps its MAC. A plain hostdev has none in its document.
    private static func macs(_ seen: SeenHost, _ macs: [Name: Set<MACAddress>]) -> [String] {
        seen.guests.flatMap { guest -> [String] in
            let own = Set((macs[guest.name] ?? []).map(\.description))
            var wrong: [String] = []
            if let next = guest.next {
                let configured = next.compactMap(\.mac)
                let plain = next.count { $0.mac == nil }
                if Set(configured).count + plain != own.count || !own.isSuperset(of: configured) {
                    wrong.append("\(guest.name) has the MACs \(configured) and \(plain) plain hostdevs, not \(own)")
                }
            }
            if let now = guest.now, !own.isSuperset(of: now.compactMap(\.mac)) || now.count != own.count {
                wrong.append("\(guest.name) runs with the MACs \(now.compactMap(\.mac)), not \(own)")
            }
            return wrong
        }
    }

    /// A function that a pool gave to a guest is nobody else's.
    private static func ports(_ seen: SeenHost) -> [String] {
        seen.pools.flatMap { pool in
            pool.guestPorts.flatMap { port in
                seen.holders(port.address).filter { $0.guest != port.owner }.map {
                    "\(pool.name) gave \(port.address) to \(port.owner): it is of \($0)"
                }
            }
        }
    }

    /// Whatever a live pool may hand out next is nobody's.
    private static func unclaimed(_ seen: SeenHost, _ exposed: Set<String>) -> [String] {
        seen.pools.flatMap { pool in
            (pool.live ?? []).filter { !pool.taken.contains($0) && !exposed.contains($0) }.flatMap { address in
                seen.holders(address).map { "\(pool.name) may hand out \(address): it is of \($0)" }
                    + (seen.functions.contains(address) ? [] : ["\(pool.name) may hand out \(address): there is none"])
            }
        }
    }

    /// Nor does a persistent document list what somebody will hold after a reboot.
    private static func persistent(_ seen: SeenHost) -> [String] {
        seen.pools.flatMap { pool in
            pool.next.flatMap { address in
                seen.holders(address).filter(\.lasts).map {
                    "\(pool.name) will hand out \(address) at its next start: it is of \($0)"
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
        _ host: PretendHost, _ exposed: Set<String>, _ when: String, _ random: inout SeededGenerator
    ) throws -> [String] {
        var host = host
        var wrong: [String] = []
        var order: [Name] = []
        for guest in host.guests.values.sorted(by: { $0.name < $1.name }).shuffled(using: &random)
        where guest.live == nil && guest.persistent != nil {
            order.append(guest.name)
            let seen = try SeenHost(host)
            let mayFail = !exposed.isEmpty || lacks(guest.uuid, seen) || shares(guest.uuid, seen)
            do {
                try host.startGuest(guest.name)
            } catch {
                if !mayFail { wrong.append("\(when), in the order \(order), \(guest.name) can't start: \(error)") }
            }
        }
        return wrong
    }

    /// Whether another guest has the same function fixed: it was said when it was made, and only one of them can run.
    private static func shares(_ uuid: String, _ seen: SeenHost) -> Bool {
        let pins = seen.guests.first { $0.uuid == uuid }?.next?.compactMap(\.pin) ?? []
        return pins.contains { pin in seen.holders(pin).contains { $0.lasts && $0.guest != uuid } }
    }

    /// Whether a pool of the guest's has not enough functions left that nobody holds.
    private static func lacks(_ uuid: String, _ seen: SeenHost) -> Bool {
        let interfaces = seen.guests.first { $0.uuid == uuid }?.next ?? []
        return Dictionary(grouping: interfaces.compactMap(\.network)) { $0 }.contains { name, wanted in
            guard let pool = seen.pools.first(where: { $0.name == name }), let live = pool.live else { return true }
            return live.count { seen.holders($0).isEmpty && !pool.taken.contains($0) } < wanted.count
        }
    }
}
