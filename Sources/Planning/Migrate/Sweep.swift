import Model
import SRIOV
import Text
import XML

/// Gathers the steps of many guests: each guest is a part of its own, with what was reserved for it given back in the
/// same part, and pools' persistent documents follow in stages.
///
/// It keeps the picture and who holds what up to date as it goes, so that a thousand guests cost a thousand times one.
struct Sweep {
    /// Guests between two updates of the pools' persistent documents.
    static let stage = 160

    private(set) var picture: State
    private(set) var items: [Plan.Item] = []
    private var claims: ClaimIndex
    private var part = 0
    private var places: [String: Int] = [:]
    /// Which managed pool covers a function.
    private var pools: [PCIAddress: Name] = [:]
    /// Functions that share an IOMMU group with another device.
    private let shared: Set<PCIAddress>
    /// Pools whose persistent document may be behind.
    private var touched: Set<Name> = []
    private var guestsInStage = 0
    private var spare: [Name: (listed: Set<PCIAddress>, left: Int)] = [:]
    /// How many more interfaces of guests that start at boot a pool's next start has functions for.
    private var room: [Name: Int] = [:]

    init(_ picture: State, after first: [Plan.Item]) {
        self.picture = picture
        items = first
        part = (first.last?.part ?? -1) + 1
        claims = picture.claims
        shared = Set(picture.functions.filter { ($0.groupMembers ?? 1) > 1 }.map(\.address))
        for (place, guest) in picture.guests.enumerated() { places[guest.uuid] = place }
        for pool in picture.pools where pool.isManaged {
            for function in picture.coverage(of: pool) { pools[function.address] = pool.name }
        }
        measureRoom()
        measureSpare()
    }

    /// What a guest gives up must do for what it then needs: a VF that the running pool does not hand out does not.
    ///
    /// - Throws: `stale-pool`.
    mutating func checkRoom(for placements: [Placement], of guest: Guest) throws(Failure) {
        var needed: [Name: Int] = [:]
        for placement in placements {
            guard let address = placement.interface.attachment.pinnedAddress,
                let spare = spare[placement.pool.name], !spare.listed.contains(address)
            else { continue }
            needed[placement.pool.name, default: 0] += 1
        }
        for (name, count) in needed {
            guard let left = spare[name]?.left, left < count else { continue }
            throw Failure(
                .stalePool,
                "the running pool \(name) does not hand out the VF that guest \(guest.name) has, and has no other to spare",
                cause: "it started without it, and can't be restarted while guests have VFs of it",
                hints: ["when no guest uses the pool, `vfpool reconcile` restarts it; then migrate this guest"])
        }
        for (name, count) in needed { spare[name]?.left -= count }
    }

    /// Running pools that can't be restarted: which functions they hand out, and how many more interfaces they have
    /// room for if all their guests ran.
    private mutating func measureSpare() {
        for pool in picture.pools where pool.isManaged && pool.isActive {
            guard let live = pool.live?.addresses, let ports = pool.ports, pool.guestPorts?.isEmpty == false else {
                continue
            }
            let taken = Set(ports.compactMap(\.address))
            let free = live.count { !taken.contains($0) && claims.outside(pool.name, $0).isEmpty }
            let waiting = picture.guests.filter { !$0.isActive }.reduce(0) { sum, guest in
                sum + guest.interfaces.count { $0.attachment.networkName == pool.name }
            }
            spare[pool.name] = (Set(live), free - waiting)
        }
    }

    /// A guest's new document. What was kept for its pins is given back with it, unless somebody still holds it.
    mutating func add(_ edited: Candidate.Edited) {
        guard let item = edited.item, case .defineGuest(let change) = item.step, let after = change.after,
            let place = places[change.uuid]
        else { return }
        let before = picture.guests[place]
        let interfaces = edited.interfaces
        // Should the host go down right after this guest, its pool has to have a function for it at the boot.
        if isTight(before, interfaces) { endStage() }
        append([item])
        picture.guests[place].inactiveXML = after
        picture.guests[place].interfaces = interfaces
        let pinned = before.interfaces.compactMap(\.attachment.pinnedAddress)
        let kept = Set(interfaces.compactMap(\.attachment.pinnedAddress))
        for address in pinned where !kept.contains(address) { giveBack(address, of: before) }
        part += 1
        count(before, interfaces)
    }

    /// A guest that is moved while it runs: a part of its own, done alone.
    mutating func add(live new: [Plan.Item]) throws(Failure) {
        endStage()
        append(new)
        part += 1
        picture = try picture.after(new)
        claims = picture.claims
        measureRoom()
    }

    /// Brings the persistent documents of the pools that changed in line.
    mutating func endStage() {
        var steps: [Plan.Item] = []
        for name in touched.sorted() {
            guard let pool = picture.network(name) else { continue }
            // A document that can't be read is found, and told, by the upkeep at the end.
            guard let item = try? PoolAlignment.persistentDocument(pool, picture, claims) else { continue }
            steps.append(item)
            if let next = try? picture.after([item]) { picture = next }
        }
        touched = []
        guestsInStage = 0
        guard !steps.isEmpty else { return }
        append(steps)
        part += 1
        measureRoom()
    }

    /// Whatever else is out of line, at the end.
    mutating func finish() throws(Failure) {
        endStage()
        let rest = try Upkeep.items(picture)
        append(rest)
        picture = try picture.after(rest)
    }

    // MARK: Details

    private mutating func append(_ new: [Plan.Item]) {
        items += new.map { item in
            var item = item
            item.part = part
            return item
        }
    }

    private mutating func giveBack(_ address: PCIAddress, of guest: Guest) {
        if shared.contains(address) {
            // Functions that go together are held together.
            claims = picture.claims
        } else {
            claims.dropConfig(of: guest.uuid, at: address)
        }
        guard let name = pools[address] else { return }
        touched.insert(name)
        guard let place = picture.networks.firstIndex(where: { $0.name == name }),
            let port = picture.networks[place].ports?.first(where: { $0.address == address }),
            Reservation.isReservation(port, of: picture.networks[place].uuid),
            claims.outside(name, address).isEmpty
        else { return }
        append([
            Plan.Item(
                .release(network: name, Reservation(port: port, address: address)), detail: "\(address) is free again",
                isUpkeep: true)
        ])
        picture.networks[place].ports?.removeAll { $0.uuid == port.uuid }
    }

    /// A stage ends when it is long, and before the next boot could find more guests than functions.
    private mutating func count(_ guest: Guest, _ interfaces: [GuestInterface]) {
        guestsInStage += 1
        let isTight = isTight(guest, interfaces)
        if guest.autostart {
            for name in interfaces.compactMap(\.attachment.networkName) { room[name]? -= 1 }
        }
        if isTight || guestsInStage >= Self.stage { endStage() }
    }

    /// Whether a guest that starts at boot needs more functions of a pool than its next start has to spare.
    private func isTight(_ guest: Guest, _ interfaces: [GuestInterface]) -> Bool {
        guard guest.autostart else { return false }
        let needed = Dictionary(grouping: interfaces.compactMap(\.attachment.networkName)) { $0 }.mapValues(\.count)
        return needed.contains { name, count in room[name].map { $0 < count } ?? false }
    }

    private mutating func measureRoom() {
        room = [:]
        for pool in picture.pools where pool.isManaged { room[pool.name] = picture.startAddresses(pool).count }
        for guest in picture.guests where guest.autostart {
            for name in guest.interfaces.compactMap(\.attachment.networkName) {
                if let left = room[name] { room[name] = left - 1 }
            }
        }
    }
}
