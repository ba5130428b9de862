import Model
import SRIOV
import Text
import XML

/// One guest's binding while it is planned: its document, what moves now, and what to say of it.
struct GuestBinding {
    /// An interface that is bound, before anything is edited.
    private struct Chosen {
        let interface: GuestInterface
        let element: Element
        let pairing: Pairing?
        /// The persistent half of the pair that it is half of already.
        let persistent: Element?
    }

    private let state: State
    private let guest: Guest
    private let pool: NetworkState?
    private let path: FailoverPath?
    private var request: BindRequest
    private var edit: GuestEdit
    private var moves: [LiveMove] = []
    private var pools: [NetworkState] = []
    private var notes: [Note] = []
    private var warnings: [Diagnostic] = []

    static func plan(_ state: State, _ request: BindRequest) throws(Failure) -> GuestPlan {
        var binding = try GuestBinding(state, request)
        if request.adds { try binding.add() } else { try binding.bind() }
        return try GuestPlan(
            binding.edit, binding.moves, pools: binding.pools, warnings: binding.warnings, notes: binding.notes, state)
    }

    private init(_ state: State, _ request: BindRequest) throws(Failure) {
        guest = try state.guest(named: request.guest)
        pool = if let name = request.pool { try state.pool(named: name) } else { nil }
        if let vlan = request.vlan { try CreateChecks.checkVLAN(vlan) }
        try LiveMove.check(guest, state, live: request.live)
        path = if let failover = request.failover { try FailoverPath(failover, state) } else { nil }
        if request.adds, !request.interfaces.isEmpty {
            throw Failure(.usage, "--add makes a new interface, so --interface names none")
        }
        edit = try GuestEdit(guest)
        self.state = state
        self.request = request
    }

    // MARK: Interfaces that there are

    private mutating func bind() throws(Failure) {
        for chosen in try chosen() { try bind(chosen) }
        if !edit.isUnchanged { warnings += SettingsChecks.warnings(request.settings, of: pools, state) }
    }

    private func chosen() throws(Failure) -> [Chosen] {
        let interfaces =
            request.interfaces.isEmpty
            ? try InterfaceChoice.bindable(guest, state, pool: pool, command: request.command)
            : try InterfaceChoice.named(request.interfaces, of: guest, in: state, command: request.command)
        return try interfaces.map { (interface) throws(Failure) in
            let element = try edit.element(interface)
            return Chosen(
                interface: interface, element: element,
                pairing: try path.map { (path) throws(Failure) in
                    try Pairing(interface, element, path, edit, state)
                }, persistent: try persistentHalf(of: interface))
        }
    }

    private func persistentHalf(of interface: GuestInterface) throws(Failure) -> Element? {
        try guest.persistentHalf(of: interface).map { (half) throws(Failure) in try edit.element(half) }
    }

    private mutating func bind(_ chosen: Chosen) throws(Failure) {
        let (interface, pairing) = (chosen.interface, chosen.pairing)
        let target = if let pool { pool } else { try InterfaceChoice.pool(for: interface, guest, state) }
        for pf in state.pfs(of: target) { try CardLimits.checkEthernet(pf) }
        if !pools.contains(target) { pools.append(target) }
        let new = try point(
            interface, pairing?.half() ?? chosen.element, at: target, isJoined: pairing?.isJoined ?? false)
        let persistent = try pairing?.join(new, in: &edit, state, &notes, &warnings) ?? chosen.persistent
        if request.endsPair, let half = chosen.persistent { end(pair: half, of: interface, new) }
        if pairing == nil, !request.endsPair, let persistent { warnings += otherVLAN(interface, new, persistent) }
        if request.live, !request.endsPair, let persistent { try place([persistent, new]) }
        try set(interface, as: new)
        // A MAC that was given or made up is for one interface; the next without one has to be named.
        if interface.mac == nil { (request.mac, request.newMAC) = (nil, nil) }
        guard request.live else { return }
        let move = try LiveMove(
            interface, to: new, with: request.endsPair ? nil : persistent, of: target, guest, state, request.patience,
            anew: request.replugs)
        moves += [move].compactMap(\.self)
    }

    /// Leaves the VF as the one interface.
    private mutating func end(pair persistent: Element, of interface: GuestInterface, _ half: Element) {
        let words = guest.persistentHalf(of: interface)?.attachment.summary ?? "its other half"
        half.first("teaming")?.remove()
        persistent.remove()
        edit.changed(half, "interface \(interface.index): without the other half of its pair, \(words)")
    }

    /// Points an interface at the pool.
    ///
    /// - Returns: its element as it is now.
    private mutating func point(
        _ interface: GuestInterface, _ element: Element, at pool: NetworkState, isJoined: Bool
    ) throws(Failure) -> Element {
        let portgroup = try portgroup(interface, of: pool)
        let wanted = Attachment.network(name: pool.name, portgroup: portgroup)
        let keepsVLAN =
            request.leavesVLAN
            ? interface.vlan == nil && !interface.hasTrunk : request.vlan == nil || request.vlan == interface.vlan
        if interface.attachment == wanted, keepsVLAN {
            try MACSource.check(request.mac, against: interface.mac, interface, guest)
            return element
        }
        try Placement.check(element, interface, of: guest)
        let command: ShellCommand = "\(shell: request.command) --interface \(shell: interface.index)"
        let mac = try MACSource.find(
            interface, guest, state, given: request.mac, new: request.newMAC,
            hints: [
                ("give its MAC: `\(shell: command) --mac MAC`" as Hint).inRewrite(
                    "give its MAC: `--interface \(shell: interface.index) --mac MAC`"),
                ("or generate a new one: `\(shell: command) --new-mac`" as Hint).inSpec(nil),
            ])
        var placement = try Placement(interface, of: guest, to: pool, mac, drop: request.drop, state)
        placement.portgroup = portgroup
        placement.isJoined = isJoined
        placement.vlan = request.vlan
        placement.leavesVLAN = request.leavesVLAN
        warnings += vlanAdvice(interface, placement, pool)
        warnings += BindAdvice.snapshots(guest, [interface], state).filter { [warnings] in !warnings.contains($0) }
        return try placement.put(element, in: &edit, state, &notes, &warnings)
    }

    /// That its VLAN changes, or is not the portgroup's.
    private func vlanAdvice(
        _ interface: GuestInterface, _ placement: Placement, _ pool: NetworkState
    ) -> [Diagnostic] {
        guard request.vlan == nil else { return [] }
        var warnings: [Diagnostic] = []
        if let group = request.portgroup, let own = placement.ownVLAN(state) ?? interface.vlan,
            let other = pool.vlan(portgroup: group), other != own
        {
            warnings.append(
                Diagnostic(
                    .vlanChanges,
                    "\(placement.subject(guest)) stays on its own VLAN \(own), which overrides portgroup \(group)'s \(other)",
                    hints: [
                        ("put it on the portgroup's: `--vlan \(shell: other)`" as Hint)
                            .inSpec("put it on the portgroup's: vlan: null")
                    ],
                    fold: Fold(
                        "guest", guest.name,
                        "stay on their own VLANs, which override portgroup \(group)'s \(other)",
                        hints: [
                            ("put them on the portgroup's: `--vlan \(shell: other)`" as Hint)
                                .inSpec("put them on the portgroup's: vlan: null")
                        ])))
        }
        let (vlan, present) = (placement.vlan(state), placement.presentVLAN(state))
        if placement.decidesVLAN(state) || request.leavesVLAN, present != vlan {
            warnings.append(VLANChange.warning(placement.subject(guest), from: present, to: vlan))
        }
        return warnings
    }

    /// That the other half of the interface's pair is not on the VLAN that the interface gets.
    private func otherVLAN(_ interface: GuestInterface, _ half: Element, _ persistent: Element) -> [Diagnostic] {
        guard GuestReader.device(half, functions: []).flatMap(state.effectiveVLAN) != state.effectiveVLAN(interface)
        else { return [] }
        let words = guest.persistentHalf(of: interface)?.attachment.summary ?? "its other half"
        return PairAdvice.vlan(guest, half, persistent, words, state)
    }

    /// Sets options of the VF of an interface as it will be.
    private mutating func set(_ interface: GuestInterface, as element: Element) throws(Failure) {
        guard !request.settings.isEmpty, var bound = GuestReader.device(element, functions: []) else { return }
        bound.index = interface.index
        bound.wanted = interface.wanted
        notes += try edit.want(request.settings, of: bound, state).filter { [notes] in !notes.contains($0) }
    }

    /// The portgroup that an interface gets; nil for one that is new.
    private func portgroup(_ interface: GuestInterface?, of pool: NetworkState) throws(Failure) -> Name? {
        guard let name = request.portgroup else {
            guard !request.leavesPortgroup else { return nil }
            // An interface that stays on its pool keeps its portgroup.
            if case .network(pool.name, let kept)? = interface?.attachment { return kept }
            return nil
        }
        let known = pool.configuration?.portgroups.map(\.name) ?? []
        guard known.contains(name) else {
            throw Failure(
                .noSuchPortgroup, "pool \(pool.name) has no portgroup \(name)",
                hints: [known.isEmpty ? "the pool has no portgroups" : "it has \(text: Words.list(known))"])
        }
        return name
    }

    /// Gives the halves of a pair that are to be plugged now their places.
    private func place(_ halves: [Element]) throws(Failure) {
        var places = try FreePlaces(edit)
        let running = Set(guest.liveInterfaces.compactMap(\.alias))
        for half in halves {
            if let alias = half.first("alias")?[name: "name"], running.contains(alias) { continue }
            try places.place(half)
        }
    }

    // MARK: A new interface

    private mutating func add() throws(Failure) {
        let target = try targetOfNew()
        for pf in state.pfs(of: target) { try CardLimits.checkEthernet(pf) }
        pools = [target]
        let mac = try MACSource.forNew(guest, state, request)
        warnings = SettingsChecks.warnings(request.settings, of: pools, state)
        if let existing = guest.interfaces.first(where: { $0.mac == mac.mac }) {
            try addAgain(existing, mac.mac, target)
        } else {
            try add(mac, target)
        }
    }

    private func targetOfNew() throws(Failure) -> NetworkState {
        if let pool { return pool }
        if let only = state.pools.first, state.pools.count == 1 { return only }
        throw Failure(
            state.pools.isEmpty ? .noSuchPool : .ambiguousPool, "say which pool the new interface is for",
            hints: state.pools.map { "`\(shell: request.command) --add --pool \(shell: $0.name)`" })
    }

    /// The interface that was to be added is there: it is plugged now where that was asked for.
    private mutating func addAgain(_ existing: GuestInterface, _ mac: MACAddress, _ target: NetworkState)
        throws(Failure)
    {
        let wanted = Attachment.network(name: target.name, portgroup: try portgroup(existing, of: target))
        guard existing.attachment == wanted, request.vlan == nil || request.vlan == existing.vlan,
            path.map({ path in guest.persistentHalf(of: existing).map { path.isThat(of: $0.attachment) } ?? false })
                ?? true
        else { throw MACSource.duplicate(mac, guest.name, guest.name) }
        if request.live, guest.live(for: existing) == nil {
            moves.append(
                LiveMove(
                    adding: try edit.element(existing), with: try persistentHalf(of: existing), to: target, guest,
                    request.patience))
        }
        notes += try edit.want(request.settings, of: existing, state)
    }

    private mutating func add(_ mac: MACSource, _ target: NetworkState) throws(Failure) {
        let portgroup = try portgroup(nil, of: target)
        let fragment = try Templates.interface(mac: mac.mac, pool: target.name, portgroup: portgroup)
        if let vlan = request.vlan { PoolDocument.setVLAN(vlan, in: fragment.root) }
        let devices = try edit.devices
        let last = devices.all("interface").last ?? devices.all("controller").last
        let new = last.map { devices.insert(fragment.root, after: $0) } ?? devices.append(fragment.root)
        edit.changed(new, "new interface → \(target.name); \(mac.isNew ? "new " : "")MAC \(mac.mac)")
        var added = GuestInterface(
            index: guest.interfaces.count { !$0.attachment.isPlainHostdev }, path: "", mac: mac.mac,
            attachment: .network(name: target.name, portgroup: portgroup))
        added.vlan = request.vlan
        let pairing = try path.map { (path) throws(Failure) in try Pairing(added, new, path, edit, state) }
        let persistent = try pairing?.join(new, in: &edit, state, &notes, &warnings)
        if request.live {
            if let persistent { try place([persistent, new]) }
            moves.append(LiveMove(adding: new, with: persistent, to: target, guest, request.patience))
        }
        notes += try edit.want(request.settings, of: added, state)
    }
}

extension Attachment {
    fileprivate var isPlainHostdev: Bool { if case .hostdev = self { true } else { false } }
}
