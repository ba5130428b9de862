package import Libvirt
package import SRIOV
package import Text

/// One consistent picture of a host: its networks, guests and PFs. All rules look at it; none calls libvirt.
package struct State: Sendable {
    package var uri: String
    /// True when the kernel of this machine is the host's: what sysfs and netlink say then counts.
    package var isLocal: Bool
    package var networks: [NetworkState] { didSet { claimIndex = Once() } }
    package var guests: [Guest] {
        didSet {
            claimIndex = Once()
            guestsByMAC = Once()
        }
    }
    package var pfs: [PhysicalFunction] {
        didSet {
            claimIndex = Once()
            pfIndex = PFIndex()
        }
    }
    /// Every PCI device of the host; nil where that can't be told.
    package var devices: Set<PCIAddress>?
    /// The host's Linux bridges; nil where that can't be told.
    package var bridges: Set<Name>?
    /// Functions that somebody unseen holds: the host's uses can't be read from here, and the pool keeps them out.
    package var unseen: Set<PCIAddress> = [] { didSet { claimIndex = Once() } }
    /// Documents that could not be read, and may hold functions; see `checkReadable`.
    package var unread: [Unread] = []
    /// Guests with a managed save image: it carries the old document, and their next start uses it.
    package var savedGuests: Set<String>
    /// UUIDs of guests with snapshots, which carry the document of then; read on request only.
    package var snapshotGuests: Set<String> = []
    /// MACs that running guests' own agents tell, by the guest's UUID; only of guests that were asked.
    package var agentMACs: [String: [MACAddress]] = [:]
    /// Whether the IOMMU is on; nil where it can't be known.
    package var iommuEnabled: Bool?
    /// The daemon's version; some faults of some versions are worked around.
    package var libvirtVersion: LibvirtVersion?
    /// Whether networks have ports here: libvirt 5.5.0 and later, but not the test driver.
    package var supportsPorts: Bool
    /// The systemd unit of the daemon that runs networks, or that daemon's name; nil where that can't be told.
    package var networkDaemon: Name?
    /// Whether the host has the VFIO drivers that pools and guests name; only of those where that can be told.
    package var vfioDrivers: [Name: Bool] = [:]
    /// Whether Linux bridges of the host tell VLANs apart; only of those that were asked for.
    package var bridgeFilters: [Name: Bool] = [:]
    /// What could not be read, in sentences.
    package var unknowns: [String]
    /// Of this picture: a change of it makes it another one.
    private(set) var claimIndex = Once<ClaimIndex>()
    private(set) var pfIndex = PFIndex()
    private(set) var guestsByMAC = Once<[MACAddress: [Int]]>()
    /// Where guests stood when one was first looked up: each look-up makes sure of it.
    private let guestPlaces = Once<[Name: Int]>()

    package init(
        uri: String, isLocal: Bool, networks: [NetworkState], guests: [Guest], pfs: [PhysicalFunction],
        savedGuests: Set<String> = [], iommuEnabled: Bool? = nil, libvirtVersion: LibvirtVersion? = nil,
        supportsPorts: Bool = true, unknowns: [String] = []
    ) {
        self.uri = uri
        self.isLocal = isLocal
        self.networks = networks
        self.guests = guests
        self.pfs = pfs
        self.savedGuests = savedGuests
        self.iommuEnabled = iommuEnabled
        self.libvirtVersion = libvirtVersion
        self.supportsPorts = supportsPorts
        self.unknowns = unknowns
    }

    /// Forgets the VFIO devices that guests have open by their own documents: that is the guest's use, not the host's.
    package mutating func forgetGuestsPrograms() {
        let names = functionNames
        var held: [PCIAddress: Set<String>] = [:]
        for guest in guests {
            let pinned = guest.liveInterfaces.compactMap(\.attachment.pinnedAddress)
            for address in pinned + guest.liveHeld.compactMap({ names.function($0.target) }) {
                held[address, default: []].insert(guest.uuid)
            }
        }
        for pf in pfs.indices {
            for index in pfs[pf].functions.indices {
                let function = pfs[pf].functions[index]
                pfs[pf].functions[index].hostUses.removeAll { use in
                    guard case .program(let pid, _) = use else { return false }
                    let guest = function.holders.first { $0.pid == pid }?.guestUUID
                    return guest.map { held[function.address]?.contains($0) ?? false } ?? false
                }
            }
        }
    }

    package var functions: [VirtualFunction] { pfs.flatMap(\.functions) }

    package var pools: [NetworkState] { networks.filter(\.isPool) }

    /// The network of that name, as documents name it.
    package func network(_ name: Name) -> NetworkState? { networks.first { $0.name == name } }

    /// The guest with that UUID, as libvirt spells it.
    package func guest(uuid: String) -> Guest? { place(ofGuest: uuid).map { guests[$0] } }

    private func place(ofGuest uuid: String) -> Int? {
        let places = guestPlaces.get {
            Dictionary(guests.enumerated().map { (Name($1.uuid), $0) }) { first, _ in first }
        }
        if let place = places[Name(uuid)], place < guests.count, guests[place].uuid == uuid { return place }
        return guests.firstIndex { $0.uuid == uuid }
    }

    /// The PF with that netdev, by any of its names.
    package func pf(ofNetdev name: Name) -> PhysicalFunction? {
        pfs.first { $0.netdev == name || $0.alternativeNames.contains(name) }
    }

    /// The PFs of a pool: by the mark's PCI addresses and MACs, else by name, else those whose functions it lists or hands
    /// out, in that order.
    package func pfs(of network: NetworkState) -> [PhysicalFunction] {
        guard let configuration = network.configuration else { return [] }
        if let mark = configuration.mark {
            let own = PoolPFs(mark, in: pfs).pfs
            if !own.isEmpty { return own }
        }
        if let name = configuration.pfName {
            // A name that it had before, which libvirt looks for in vain at the network's next start.
            let named =
                pfs.first { $0.netdev == name } ?? pfs.first { $0.otherNetdevs.contains(name) }
                ?? pfs.first { $0.alternativeNames.contains(name) }
                ?? network.live?.addresses.lazy.compactMap { pf(of: $0) }.first
            return [named].compactMap(\.self)
        }
        let places = Dictionary(configuration.addresses.enumerated().map { ($1, $0) }) { first, _ in first }
        let first = pfs.map { pf in pf.functions.lazy.compactMap { places[$0.address] }.min() }
        return zip(pfs, first).compactMap { pf, place in place.map { (pf, $0) } }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// The functions that a pool covers, in index order, PF by PF: its selection of its PFs, or the addresses it lists.
    package func coverage(of network: NetworkState) -> [VirtualFunction] {
        guard let configuration = network.configuration else { return [] }
        if let mark = configuration.mark {
            let known = PoolPFs(mark, in: pfs)
            if !known.own.isEmpty { return known.functions }
            let selection = mark.pfs.first?.selection ?? .all
            return pfs(of: network).flatMap(\.functions).filter { selection.contains($0.index) }
        }
        if configuration.pfName != nil { return pfs(of: network).flatMap(\.functions) }
        let listed = Set(configuration.addresses)
        return functions.filter { listed.contains($0.address) }
    }

    /// Pools of one PF, whoever made them.
    package func pools(of pf: PhysicalFunction) -> [NetworkState] {
        pools.filter { self.pfs(of: $0).contains { $0.address == pf.address } }
    }

    /// Puts a guest as it will be in the place of what it is; one that is not there is not added.
    package mutating func replace(_ guest: Guest) {
        if let place = place(ofGuest: guest.uuid) { guests[place] = guest }
    }

    /// Puts a network as it will be in the place of what it is, or adds it.
    package mutating func replace(_ network: NetworkState) {
        networks.removeAll { $0.name == network.name }
        networks.append(network)
    }
}
