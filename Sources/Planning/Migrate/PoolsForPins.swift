import Model
import SRIOV
import Text

/// Which pool each pin goes to, and the pools that have to be made or taken over first.
struct PoolsForPins {
    /// The picture in which those pools are there.
    private(set) var picture: State
    private(set) var items: [Plan.Item] = []
    private(set) var warnings: [Diagnostic] = []
    /// Whether a network made by hand is taken over.
    private(set) var takesOver = false
    /// Why a PF has no pool, for PFs that should have got one.
    private var failures: [PCIAddress: Failure] = [:]
    private var managed: [PCIAddress: Name] = [:]
    private var byHand: [PCIAddress: Name] = [:]
    private let createsPools: Bool

    /// - Parameters:
    ///   - wanted: the pins that are to be migrated.
    ///   - uuid: a new network's.
    init(
        _ state: State, _ wanted: [Pin], drivers: [PCIAddress: [FunctionDriver]], createsPools: Bool, uuid: () -> String
    ) {
        picture = state
        self.createsPools = createsPools
        index()
        guard createsPools else { return }
        for pf in state.pfs {
            let own = wanted.filter { $0.pf?.address == pf.address }
            guard !own.isEmpty else { continue }
            do throws(Failure) {
                try provide(pf, own, drivers[pf.address] ?? [], uuid)
            } catch {
                failures[pf.address] = error
            }
        }
    }

    private mutating func index() {
        managed = [:]
        byHand = [:]
        for pool in picture.pools {
            for function in picture.coverage(of: pool) {
                if pool.isManaged {
                    managed[function.address] = pool.name
                } else {
                    byHand[function.address] = pool.name
                }
            }
        }
    }

    /// Takes over the hostdev network that somebody made by hand for the PF, and makes a pool of what is left.
    private mutating func provide(
        _ pf: PhysicalFunction, _ pins: [Pin], _ drivers: [FunctionDriver], _ uuid: () -> String
    ) throws(Failure) {
        try start(pf, pins)
        for network in picture.pools where !network.isManaged {
            let covered = picture.coverage(of: network)
            let own = Set(picture.pfs(of: network).flatMap(\.functions).map(\.address))
            let isWanted = pins.contains { pin in
                pin.kind == .network(network.name)
                    || pin.function.map { function in covered.contains { $0.address == function.address } } ?? false
            }
            guard isWanted, !covered.isEmpty, covered.allSatisfy({ own.contains($0.address) }) else { continue }
            try make(CreateRequest(pfs: [pf], name: network.name, adopt: true, uuid: uuid()))
            takesOver = true
        }
        let left = pins.compactMap(\.function).filter { managed[$0.address] == nil && byHand[$0.address] == nil }
        // A macvtap's function is not known while its guest is off: any pool of the PF will do.
        let isAnyWanted = pins.contains { $0.kind == .macvtap && $0.function == nil }
        guard !left.isEmpty || isAnyWanted && pf.functions.allSatisfy({ managed[$0.address] == nil }) else { return }
        let taken = pf.functions.filter { managed[$0.address] != nil || byHand[$0.address] != nil }
        var request = CreateRequest(
            pfs: [pf], name: freeName(pf),
            selection: VFSelection(included: nil, excluded: IndexSet(taken.map(\.index))), uuid: uuid())
        // Where they name several, no pool can have them all.
        let (models, iommufd) = (Set(drivers.compactMap(\.model)), Set(drivers.compactMap(\.iommufd)))
        if models.count == 1 { request.driverModel = models.first?.string }
        if iommufd.count == 1 { request.iommufd = iommufd.first }
        try make(request)
    }

    /// Starts the PF's pools that are there and do not run: made by hand so, or by a change that was cut short.
    private mutating func start(_ pf: PhysicalFunction, _ pins: [Pin]) throws(Failure) {
        for pool in picture.pools where pool.isManaged && pool.isPersistent && !pool.isActive {
            guard pins.contains(where: { $0.function.map { managed[$0.address] == pool.name } ?? false }) else {
                continue
            }
            var new = try PoolStart.items(pool.name, defined: nil, &picture, starts: true)
            if !pool.autostart {
                let step = [Plan.Item(.setAutostart(network: pool.name, true))]
                picture = try picture.after(step)
                new += step
            }
            append(new)
        }
        index()
    }

    private mutating func append(_ new: [Plan.Item]) {
        let part = (items.last?.part ?? -1) + 1
        items += new.map { item in
            var item = item
            item.part = part
            return item
        }
    }

    private mutating func make(_ request: CreateRequest) throws(Failure) {
        let plan = try CreatePlanner.plan(picture, request)
        append(plan.items)
        warnings += plan.warnings.filter { !warnings.contains($0) }
        picture = try picture.after(plan.items)
        index()
    }

    private func freeName(_ pf: PhysicalFunction) -> Name {
        let usual = CreatePlanner.defaultName([pf])
        guard picture.network(usual) != nil else { return usual }
        return (2...).lazy.map { Name("\(usual)-\($0)") }.first { picture.network($0) == nil } ?? usual
    }

    // MARK: Look-up

    /// The pool of a pin; nil for an interface that stays where it is, on a network that is taken over.
    ///
    /// - Throws: `no-such-pool`, `no-such-vf`, or why no pool could be made.
    func pool(for pin: Pin, of guest: Guest) throws(Failure) -> NetworkState? {
        if case .pending(let name) = pin.kind { return picture.network(name) }
        try CardLimits.checkEthernet(pin.pf)
        if case .network(let name) = pin.kind { return try pool(onNetwork: name, pin, guest) }
        if pin.kind == .macvtap, pin.function == nil, let pf = pin.pf { return try pool(of: pf, guest) }
        guard let function = pin.function, let pf = pin.pf else {
            if let address = pin.interface.attachment.pinnedAddress, picture.devices?.contains(address) == true {
                throw Failure(
                    .noSuchVF, "guest \(guest.name) is pinned to VF \(address), whose PF is not on this host",
                    cause: "a pool needs the PF: libvirt sets MAC and VLAN of its VFs through it")
            }
            let address = pin.interface.attachment.pinnedAddress?.description ?? "no address"
            throw Failure(
                .noSuchVF, "guest \(guest.name) is pinned to \(address), which is no VF of this host now",
                hints: picture.missingDevices(of: guest).first { $0.interface == pin.interface }?.hints(guest, picture)
                    ?? ["are its PF's VFs enabled? see `vfpool status`"])
        }
        if let pool = managed[function.address].flatMap(picture.network) { return pool }
        if let failure = failures[pf.address] { throw failure }
        if let name = byHand[function.address], let network = picture.network(name) {
            throw Failure(
                .notManaged,
                "VF \(function.address) of guest \(guest.name) is handed out by network \(name), which was made by hand",
                cause: "VFs held outside it are not reserved",
                hints: takeover(network, pf))
        }
        throw Failure(
            .noSuchPool, "no pool has VF \(function.address) of guest \(guest.name)",
            hints: ["make one first: `vfpool create \(shell: pf.title)`, or in the same plan: `--create-pools`"])
    }

    /// The PF's pool, for a guest that had no function of it fixed.
    private func pool(of pf: PhysicalFunction, _ guest: Guest) throws(Failure) -> NetworkState {
        let names = Set(pf.functions.compactMap { managed[$0.address] })
        if names.count == 1, let pool = names.first.flatMap(picture.network) { return pool }
        if let failure = failures[pf.address] { throw failure }
        guard names.isEmpty else {
            throw Failure(
                .ambiguousPool, "guest \(guest.name) could go to \(Words.list(names.sorted()))",
                hints: names.sorted().map { "choose one: `vfpool bind \(shell: guest.word) --pool \(shell: $0)`" })
        }
        throw Failure(
            .noSuchPool, "\(pf.title), of which guest \(guest.name) has a macvtap, has no pool",
            hints: ["make one first: `vfpool create \(shell: pf.title)`, or in the same plan: `--create-pools`"])
    }

    /// A hostdev network made by hand: taken over, its guests stay on it; else they go to the PF's own pool.
    private func pool(onNetwork name: Name, _ pin: Pin, _ guest: Guest) throws(Failure) -> NetworkState? {
        guard let network = picture.network(name), !network.isManaged else { return nil }
        let targets = Set(picture.coverage(of: network).map { managed[$0.address] })
        if targets.count == 1, let target = targets.first ?? nil { return picture.network(target) }
        guard let pf = pin.pf else {
            throw Failure(
                .noSuchVF, "guest \(guest.name) is on network \(name), which hands out no VF of this host now",
                hints: [
                    "put it on a pool: `vfpool bind \(shell: guest.word) --pool POOL --interface \(shell: pin.interface.index)`"
                ])
        }
        if let failure = failures[pf.address] { throw failure }
        throw Failure(
            .notManaged, "guest \(guest.name) is on network \(name), a pool made by hand",
            cause: "VFs held outside it are not reserved",
            hints: takeover(network, pf))
    }

    private func takeover(_ network: NetworkState, _ pf: PhysicalFunction) -> [Hint] {
        let hints = picture.takeover(network, pf)
        guard !createsPools else { return hints }
        return hints + ["or in the same plan: `--create-pools`"]
    }
}
