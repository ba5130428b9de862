import Model
import SRIOV
import Text

/// A picture with what a report asks for again and again looked up once.
struct ReportIndex {
    let state: State
    let claims: ClaimIndex
    private let guestsByUUID: [Name: Guest]
    /// Pools that hand a function out.
    private let poolsOfFunction: [PCIAddress: [Name]]
    private let poolsOfPF: [PCIAddress: [Name]]
    private let guestsOfPool: [Name: Set<Name>]
    /// Of all pools.
    let coverage: [Name: [VirtualFunction]]
    let pfsOfPool: [Name: [PhysicalFunction]]
    /// vfpool's reservations by function.
    let reservations: [PCIAddress: NetworkPortState]

    init(_ state: State) {
        self.state = state
        claims = state.claims
        guestsByUUID = Dictionary(state.guests.map { (Name($0.uuid), $0) }) { first, _ in first }
        var coverage: [Name: [VirtualFunction]] = [:]
        var pfsOfPool: [Name: [PhysicalFunction]] = [:]
        var poolsOfFunction: [PCIAddress: [Name]] = [:]
        var poolsOfPF: [PCIAddress: [Name]] = [:]
        var reservations: [PCIAddress: NetworkPortState] = [:]
        for pool in state.pools {
            let covered = state.coverage(of: pool)
            coverage[pool.name] = covered
            for function in covered { poolsOfFunction[function.address, default: []].append(pool.name) }
            let own = state.pfs(of: pool)
            pfsOfPool[pool.name] = own
            let owners = Set(covered.compactMap { state.pf(of: $0.address)?.address } + own.map(\.address))
            for owner in owners { poolsOfPF[owner, default: []].append(pool.name) }
            for port in pool.reservations { if let address = port.address { reservations[address] = port } }
        }
        self.coverage = coverage
        self.pfsOfPool = pfsOfPool
        self.poolsOfFunction = poolsOfFunction
        self.poolsOfPF = poolsOfPF
        self.reservations = reservations
        var guestsOfPool: [Name: Set<Name>] = [:]
        for guest in state.guests {
            for interface in guest.interfaces {
                if let name = interface.attachment.networkName { guestsOfPool[name, default: []].insert(guest.name) }
            }
        }
        self.guestsOfPool = guestsOfPool
    }

    func guest(uuid: String?) -> Guest? { uuid.flatMap { guestsByUUID[Name($0)] } }

    func place(_ address: PCIAddress) -> (pf: PhysicalFunction, function: VirtualFunction)? { state.place(of: address) }

    /// The PFs of a pool that are on the host.
    func pfs(of pool: Name) -> [PhysicalFunction] { pfsOfPool[pool] ?? [] }

    func poolNames(of address: PCIAddress) -> [Name] { poolsOfFunction[address] ?? [] }

    // MARK: Pools and PFs

    func pool(_ network: NetworkState) -> PoolReport {
        let configuration = network.configuration
        let covered = coverage[network.name] ?? []
        let known = Set(covered.map(\.address))
        let listed = (network.live?.addresses ?? []) + (configuration?.addresses ?? [])
        var seen = known
        let others = listed.filter { seen.insert($0).inserted }.sorted()
        let functions = covered.map { function($0.address, in: network) } + others.map { function($0, in: network) }
        let holders = functions.filter { $0.use == .taken }.compactMap(\.guest)
        return PoolReport(
            name: network.name, uuid: network.uuid, isManaged: network.isManaged, isActive: network.isActive,
            isPersistent: network.isPersistent, autostart: network.autostart, titles: network.settings.titles,
            driver: configuration?.driver ?? FunctionDriver(), vlan: configuration?.vlan,
            portgroups: (configuration?.portgroups ?? []).sorted { $0.name < $1.name },
            wanted: configuration?.wanted ?? PoolSettings(),
            pfs: pfs(network),
            isCoverageKnown: !pfs(of: network.name).isEmpty || !functions.isEmpty,
            functions: functions, counts: FunctionCounts(functions),
            guests: (guestsOfPool[network.name] ?? []).union(holders).sorted())
    }

    /// By the mark, where there is one: what is gone has its name there.
    private func pfs(_ network: NetworkState) -> [PoolPFReport] {
        let configuration = network.configuration
        let present = pfs(of: network.name)
        guard let mark = configuration?.mark, mark.isOfSeveral else {
            let name = configuration?.mark?.pfs.first?.device ?? configuration?.pfName
            let isPart = configuration?.mark.map { mark in !mark.pfs.allSatisfy(\.selection.isAll) } ?? false
            let selection = isPart ? IndexSet((coverage[network.name] ?? []).map(\.index)).description : nil
            guard !present.isEmpty else { return [PoolPFReport(documentName: name, selection: selection)] }
            return present.map { pf in
                PoolPFReport(
                    title: pf.title, address: pf.address.description, documentName: name, selection: selection)
            }
        }
        let pfs = PoolPFs(mark, in: state.pfs)
        let own = Set(pfs.pfs.map(\.address))
        return pfs.members.map { member in
            let pf = member.pf.flatMap { own.contains($0.address) ? $0 : nil }
            return PoolPFReport(
                title: pf?.title, address: pf?.address.description, documentName: Name(member.mark.title),
                selection: member.mark.selection.isAll ? nil : IndexSet(member.functions.map(\.index)).description)
        }
    }

    func pf(_ pf: PhysicalFunction) -> PFReport {
        let functions = pf.functions.map { function($0.address, in: nil) }
        return PFReport(
            title: pf.title, netdev: pf.netdev, otherNetdevs: pf.otherNetdevs,
            address: pf.address.description, permanentMAC: fact(pf.permanentMAC?.description),
            mac: Fact(pf.mac?.description), driver: fact(pf.driver), isInfiniBand: pf.isInfiniBand,
            enabledVFs: pf.enabledVFs,
            possibleVFs: fact(pf.possibleVFs), isUp: fact(pf.isUp),
            hasCarrier: pf.isUp == false ? .absent : fact(pf.hasCarrier), iommuGroup: Fact(pf.iommuGroup),
            numaNode: Fact(pf.numaNode), pools: (poolsOfPF[pf.address] ?? []).sorted(), functions: functions,
            counts: FunctionCounts(functions))
    }

    /// Nil means "none" where the kernel was asked, else "unknown".
    private func fact<Value>(_ value: Value?) -> Fact<Value> {
        if let value { return .known(value) }
        return state.isLocal ? .absent : .unknown(Self.remote)
    }

    static let remote = "the host's kernel can't be asked from here"

    // MARK: Functions

    /// - Parameter pool: the pool in whose table it stands: what another pool handed out counts as outside there.
    func function(_ address: PCIAddress, in pool: NetworkState?) -> FunctionReport {
        let place = place(address)
        let all = claims[address]
        let main = all.min { Self.rank($0, in: pool) < Self.rank($1, in: pool) }
        let reservation = reservations[address]
        let isLeftOut = main == nil && reservation == nil && !isHandedOut(address, by: pool)
        var (use, reason) = Self.use(main, reservation, in: pool, exists: place != nil, isLeftOut: isLeftOut)
        if main?.kind == .unseen, let error = place?.function.unreadUse {
            (use, reason) = (.unknown, "who has it could not be read: \(error.words)")
        }
        let guest = guest(uuid: main?.guestUUID)
        let interface = main.flatMap { claim in guest.flatMap { Self.interface(claim, of: $0) } }
        let orphan = main == nil && reservation?.ownerUUID != Reservation.hostUUID ? reservation : nil
        let others = all.filter { $0 != main && ($0.guestUUID == nil || $0.guestUUID != main?.guestUUID) }
        return FunctionReport(
            index: place?.function.index, address: address.description, pf: place?.pf.title, use: use,
            isHostUseKnown: state.isLocal, reason: reason, pools: (poolsOfFunction[address] ?? []).sorted(),
            guest: main?.guestName ?? orphan?.ownerName, guestUUID: main?.guestUUID ?? orphan?.ownerUUID,
            interfaceIndex: interface?.index, interfaceAlias: interface?.alias,
            mac: Self.mac(main), actualMAC: Self.actualMAC(place?.function, isLocal: state.isLocal),
            vlan: vlan(interface?.vlan, place?.function), driver: place.map { Fact($0.function.driver) } ?? gone(),
            iommuGroup: place.map { Fact($0.function.iommuGroup) } ?? gone(),
            numaNode: place.map { Fact($0.function.numaNode) } ?? gone(),
            wantedSettings: wanted(main), actualSettings: actual(address),
            otherHolders: others.map(\.holder))
    }

    /// Whose claim counts most: who has it now, before who will want it.
    private static func rank(_ claim: Claim, in pool: NetworkState?) -> Int {
        switch claim.kind {
        case .pool(let name): pool == nil || name == pool?.name ? 0 : 1
        case .live: 1
        case .host, .network, .unseen, .missing: 2
        case .config: 3
        }
    }

    private static func use(
        _ claim: Claim?, _ reservation: NetworkPortState?, in pool: NetworkState?, exists: Bool, isLeftOut: Bool
    ) -> (VFUse, String?) {
        switch claim?.kind {
        case .pool(let name): (pool == nil || name == pool?.name ? .taken : .outside, nil)
        case .live: (.outside, nil)
        case .host(let use): (.host, use.summary)
        case .network(let name): (.host, "network \(name)")
        case .missing: (.unknown, "the host has no such VF now")
        case .unseen where reservation != nil: (.reserved, "reserved for the host")
        case .unseen: (.unknown, "kept out of the pool, for a reason that can't be seen from here")
        case .config: (.reserved, nil)
        case nil where reservation != nil: (.reserved, "reserved, but its holder is gone")
        case nil where !exists: (.unknown, "the host has no such VF now")
        case nil where isLeftOut: (.later, "the running pool does not hand it out until it starts again")
        case nil: (.free, nil)
        }
    }

    /// libvirt looks for a pool's functions only when it starts: one that was held then is none of the running pool's.
    private func isHandedOut(_ address: PCIAddress, by pool: NetworkState?) -> Bool {
        let names = poolNames(of: address)
        let pools = pool.map { [$0] } ?? state.pools.filter { names.contains($0.name) }
        return pools.isEmpty
            || pools.contains { pool in
                // Where ports can't be had, as with the test driver, a list without anything says nothing.
                guard pool.isActive, let live = pool.live, state.supportsPorts || !live.addresses.isEmpty else {
                    return true
                }
                return live.addresses.contains(address)
            }
    }

    /// The MAC in the holder's document; a plain hostdev has none there, which is not "no MAC".
    private static func mac(_ claim: Claim?) -> Fact<String> {
        if let mac = claim?.mac { return .known(mac.description) }
        guard claim?.guestUUID != nil else { return .absent }
        return .unknown(GuestReport.noMAC)
    }

    private static func interface(_ claim: Claim, of guest: Guest) -> (index: Int, alias: Name?, vlan: Int?)? {
        guard let index = claim.interfaceIndex else { return nil }
        if claim.kind == .config {
            guard guest.interfaces.indices.contains(index) else { return nil }
            let interface = guest.interfaces[index]
            return (index, interface.alias, interface.vlan)
        }
        guard guest.liveInterfaces.indices.contains(index) else { return nil }
        let live = guest.liveInterfaces[index]
        // People name interfaces as the inactive document counts them.
        let configured = guest.interfaces.first { guest.live(for: $0)?.index == live.index }
        return (configured?.index ?? index, live.alias ?? configured?.alias, live.vlan ?? configured?.vlan)
    }

    private static func actualMAC(_ function: VirtualFunction?, isLocal: Bool) -> Fact<String> {
        guard let function else { return .unknown("the host has no such VF now") }
        if let mac = function.actualMAC { return .known(mac.description) }
        if !isLocal { return .unknown(remote) }
        // Every VF has one.
        return .unknown(
            function.settings == nil
                ? "the PF's VF table can't be read" : "the PF's VF table has none, and the VF no netdev to be seen")
    }

    private func vlan(_ configured: Int?, _ function: VirtualFunction?) -> Fact<Int> {
        if let vlan = configured ?? function?.settings?.vlan { return .known(vlan) }
        return function == nil ? gone() : .absent
    }

    private func gone<Value>() -> Fact<Value> { .unknown("the host has no such VF now") }
}
