import Model
import SRIOV
import Text
import XML

/// Moves one interface of a running guest now: hot-unplug, wait until the guest has released it, hot-plug.
struct LiveMove {
    /// What runs now, in the order in which it goes; none where an interface is added.
    private let old: [LiveDevice]
    /// What comes, in order: the half of a pair that lasts before its VF, which names it.
    private let new: [LiveDevice]
    /// The pool that has to have a VF free by then.
    private let pool: Name?

    static func check(_ guest: Guest, _ state: State, live: Bool) throws(Failure) {
        guard live else { return }
        guard guest.isActive else {
            throw Failure(
                .guestNotRunning, "guest \(guest.name) is not running, so nothing can be moved live",
                hints: ["leave out --live"])
        }
        if state.libvirtVersion.map(VersionGate.plugFault.has) ?? false {
            throw Failure(
                .libvirtFault, "libvirt 12.1.0 crashes when an interface of a pool is attached",
                hints: ["leave out --live, or update libvirt to 12.2.0"])
        }
    }

    /// To a pool. Nil when the running interface is on it already.
    ///
    /// - Parameters:
    ///   - persistent: the other half of the pair that it becomes half of.
    ///   - anew: also one that is on it, so that it has what its document says.
    init?(
        _ interface: GuestInterface, to element: Element, with persistent: Element? = nil, of pool: NetworkState,
        _ guest: Guest, _ state: State, _ patience: Double, anew: Bool = false
    ) throws(Failure) {
        let isPaired = element.first("teaming") != nil
        guard let live = guest.live(for: interface) else {
            // Of a pair, the VF may have been unplugged; any other may have come after the guest's start.
            guard interface.mac != nil, interface.attachment.networkName == pool.name else { return nil }
            let half = try isPaired ? nil : Self.left(of: interface, guest, state, patience)
            let other = persistent.flatMap { half in
                guest.liveInterfaces.contains { $0.alias == half.first("alias")?[name: "name"] } ? nil : half
            }
            self.init(
                old: [half].compactMap(\.self),
                new: [other, element].compactMap(\.self).map { Self.planned($0, guest, patience) }, pool: pool.name)
            return
        }
        let source = Self.source(live, guest, state)
        let leadsElsewhere = persistent.flatMap { GuestReader.device($0, functions: []) }.map { half in
            guest.otherPath(of: live, than: half.attachment) != nil
        }
        let endsPair = live.isTeamed && (!isPaired || leadsElsewhere ?? false)
        if !anew, !endsPair, source == .pool(pool.name), persistent == nil || live.isTeamed { return nil }
        let comes = live.isTeamed && !endsPair ? [element] : [persistent, element].compactMap(\.self)
        self.init(
            old: try Self.leaving(interface, live, source, endsPair: endsPair, guest, state, patience),
            new: comes.map { Self.planned($0, guest, patience) }, pool: pool.name)
    }

    /// Off a pool. Nil when the running interface is not on one.
    ///
    /// - Parameter endsPair: whether the other half of its pair goes as well.
    init?(
        _ interface: GuestInterface, leavingTo element: Element, endsPair: Bool = false, _ guest: Guest, _ state: State,
        _ patience: Double
    ) throws(Failure) {
        guard let live = guest.live(for: interface) else {
            // The VF of a pair was unplugged already.
            guard endsPair, let other = try Self.left(of: interface, guest, state, patience) else { return nil }
            self.init(old: [other], new: [Self.planned(element, guest, patience)], pool: nil)
            return
        }
        guard let source = Self.source(live, guest, state), case .pool = source else { return nil }
        self.init(
            old: try Self.leaving(interface, live, source, endsPair: endsPair, guest, state, patience),
            new: [Self.planned(element, guest, patience)], pool: nil)
    }

    /// What is unplugged: the VF, then the other half of its pair where that ends.
    private static func leaving(
        _ interface: GuestInterface, _ live: GuestInterface, _ source: Claim.Kind?, endsPair: Bool, _ guest: Guest,
        _ state: State, _ patience: Double
    ) throws(Failure) -> [LiveDevice] {
        let vf = try running(interface, live, source, guest, state, patience)
        guard endsPair, let other = guest.livePersistentHalf(of: live) else { return [vf] }
        return [vf, try running(guest.persistentHalf(of: interface) ?? other, other, nil, guest, state, patience)]
    }

    /// The persistent half of a pair whose VF was unplugged; nil where there is none.
    private static func left(
        of interface: GuestInterface, _ guest: Guest, _ state: State, _ patience: Double
    ) throws(Failure) -> LiveDevice? {
        let planned = guest.persistentHalf(of: interface)
        // A document that has no pair any more tells it by its MAC only.
        let other = guest.liveInterfaces.first { live in
            live.isPersistentHalf
                && (planned.map { $0.alias == live.alias } ?? (live.mac != nil && live.mac == interface.mac))
        }
        guard let other else { return nil }
        return try running(planned ?? other, other, nil, guest, state, patience)
    }

    /// How the running interface got its function.
    private static func source(_ live: GuestInterface, _ guest: Guest, _ state: State) -> Claim.Kind? {
        let claims = live.attachment.pinnedAddress.map { state.claims[$0] } ?? []
        return claims.first { $0.guestUUID == guest.uuid && $0.kind != .config }?.kind
    }

    private static func running(
        _ interface: GuestInterface, _ live: GuestInterface, _ source: Claim.Kind?, _ guest: Guest, _ state: State,
        _ patience: Double
    ) throws(Failure) -> LiveDevice {
        let pool: Name? = if case .pool(let name) = source { name } else { nil }
        // The live document of a pooled interface names no network, so what puts it back is the inactive one, unless
        // that leads elsewhere by now, or says another VLAN.
        let running = RunningInterface(live, interface, guest, state)
        let isInactive =
            pool != nil && interface.attachment.networkName == pool && interface.isTeamed == live.isTeamed
            && running.otherLink == nil
        let text = isInactive ? guest.inactiveXML : guest.liveXML ?? guest.inactiveXML
        let path = isInactive ? interface.path : live.path
        let original = try readable("guest \(guest.name)") { () throws(XMLError) in
            let element = try Document(parsing: text).selectOne(path)
            if let pool, !isInactive { InterfaceRewrite(element).toNetwork(pool, portgroup: running.portgroup) }
            // Of an interface on a network, libvirt shows what the network gave it when it was plugged.
            if let source = element.first("source"), source[attribute: "network"] != nil {
                element[attribute: "type"] = "network"
                for name in ["portid", "bridge", "dev", "mode"] { source[attribute: name] = nil }
            }
            // Names that libvirt gave belong to the device that goes.
            for name in ["alias", "target"] {
                for child in element.all(name) where !(child[attribute: "name"]?.hasPrefix(bytes: "ua-") ?? false) {
                    child.remove()
                }
            }
            return element.canonical()
        }
        return LiveDevice(
            guestName: guest.name, guestUUID: guest.uuid, xml: original, mac: live.mac,
            address: live.mac == nil ? live.attachment.pinnedAddress : nil, isTeamed: live.isTeamed,
            isPersistentHalf: live.isPersistentHalf, patience: patience)
    }

    private static func planned(_ element: Element, _ guest: Guest, _ patience: Double) -> LiveDevice {
        let teaming = element.first("teaming")
        return LiveDevice(
            guestName: guest.name, guestUUID: guest.uuid, xml: element.canonical(),
            mac: element.first("mac")?[attribute: "address"].flatMap { MACAddress($0) },
            address: GuestReader.pinnedFunction(element), isTeamed: teaming != nil,
            isPersistentHalf: teaming?[attribute: "type"] == "persistent", patience: patience)
    }

    init(
        adding element: Element, with persistent: Element? = nil, to pool: NetworkState, _ guest: Guest,
        _ patience: Double
    ) {
        self.init(
            old: [], new: [persistent, element].compactMap(\.self).map { Self.planned($0, guest, patience) },
            pool: pool.name)
    }

    private init(old: [LiveDevice], new: [LiveDevice], pool: Name?) {
        self.old = old
        self.new = new
        self.pool = pool
    }

    /// The steps; between the two, the VF that was released is given back to the pool.
    func items(_ state: inout State) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        if !old.isEmpty {
            items = old.enumerated().map { index, device in
                Plan.Item(
                    .unplug(device), detail: index == 0 ? "the guest's link is down until the new one is plugged" : nil)
            }
            state = try state.after(items)
            let upkeep = try Upkeep.items(state)
            items += upkeep
            state = try state.after(upkeep)
        }
        if let pool { try checkRoom(pool, state) }
        for device in new { try DownPF.check(device, state, hints: ["leave out --live"]) }
        let plug = new.map { Plan.Item(.plug($0)) }
        state = try state.after(plug)
        return items + plug
    }

    /// Before anything is unplugged: the pool must have a function without a port when its turn comes.
    private func checkRoom(_ name: Name, _ state: State) throws(Failure) {
        guard let pool = state.network(name), pool.isActive else {
            throw Failure(
                .poolNotActive, "pool \(name) is not active",
                hints: ["start it: `virsh net-start \(shell: state.word(ofNetwork: name))`"])
        }
        // Which functions it has can't always be known here: libvirt will tell.
        guard let room = PoolRoom(pool, state, state.claims) else { return }
        guard !room.free().isEmpty else {
            throw Failure(
                .noVFFree, "pool \(name) has no free VF",
                hints: ["see who has them: `vfpool status \(shell: pool.word)`"])
        }
    }
}
