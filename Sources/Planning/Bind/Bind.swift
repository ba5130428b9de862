package import Model
import SRIOV
import Text
import XML

/// Plans to point a guest's interfaces at a pool, each keeping its MAC.
package enum Bind {
    /// - Throws: see `Failure.Code`, "Guests"; `no-such-pool`, `ambiguous-pool`, `vlan-out-of-range`.
    package static func plan(_ state: State, _ request: BindRequest) throws(Failure) -> Plan {
        try plan(state, [request])
    }

    /// Several guests in one plan, in order; reservations and persistent documents follow at the end.
    package static func plan(_ state: State, _ requests: [BindRequest]) throws(Failure) -> Plan {
        try GuestPlan.combined(state, requests.map(\.guest)) { (index, picture) throws(Failure) in
            try one(picture, requests[index])
        }
    }

    /// The running guest, where it has a fixed function whose MAC nobody but its agent can tell, by UUID.
    package static func guestsToAsk(_ state: State, _ request: BindRequest) -> [String] {
        guard !request.adds, request.mac == nil, let guest = state.guestMeant(by: request.guest), guest.isActive else {
            return []
        }
        let isUnknown = guest.interfaces.contains { interface in
            guard interface.mac == nil, interface.attachment.pinnedAddress != nil else { return false }
            return (try? MACSource.find(interface, guest, state, given: nil, hints: [])) == nil
        }
        return isUnknown ? [guest.uuid] : []
    }

    private static func one(_ state: State, _ request: BindRequest) throws(Failure) -> GuestPlan {
        let guest = try state.guest(named: request.guest)
        let pool: NetworkState? = if let name = request.pool { try state.pool(named: name) } else { nil }
        if let vlan = request.vlan { try CreateChecks.checkVLAN(vlan) }
        try LiveMove.check(guest, state, live: request.live)
        let path: FailoverPath? =
            if let failover = request.failover { try FailoverPath(failover, state) } else { nil }
        if request.adds { return try add(guest, pool, path, state, request) }

        var edit = try GuestEdit(guest)
        let command = request.command
        let chosen =
            request.interfaces.isEmpty
            ? try InterfaceChoice.bindable(guest, state, pool: pool, command: command)
            : try InterfaceChoice.named(request.interfaces, of: guest, in: state, command: command)
        var moves: [LiveMove] = []
        var pools: [NetworkState] = []
        var notes: [Note] = []
        var warnings: [Warning] = []
        let elements = try chosen.map { (interface) throws(Failure) in
            let element = try edit.element(interface)
            let pairing = try path.map { (path) throws(Failure) in
                try Pairing(interface, element, path, edit, state)
            }
            let persistent = try guest.persistentHalf(of: interface).map { (half) throws(Failure) in
                try edit.element(half)
            }
            return (interface, element, pairing, persistent)
        }
        var request = request
        for (interface, element, pairing, known) in elements {
            let target = if let pool { pool } else { try InterfaceChoice.pool(for: interface, guest, state) }
            for pf in state.pfs(of: target) { try CardLimits.checkEthernet(pf) }
            if !pools.contains(target) { pools.append(target) }
            let new = try point(
                interface, pairing?.half() ?? element, at: target, &edit, state, request,
                isJoined: pairing?.isJoined ?? false, &notes, &warnings)
            let persistent = try pairing?.join(new, in: &edit, state, &notes, &warnings) ?? known
            if pairing == nil, let persistent { warnings += otherVLAN(interface, new, persistent, guest, state) }
            if request.live, let persistent { try place([persistent, new], edit) }
            notes += try want(request, new, interface, &edit, state, notes)
            // A MAC that was given or made up is for one interface; the next without one has to be named.
            if interface.mac == nil { (request.mac, request.newMAC) = (nil, nil) }
            if request.live,
                let move = try LiveMove(
                    interface, to: new, with: persistent, of: target, guest, state, request.patience)
            {
                moves.append(move)
            }
        }
        if !edit.isUnchanged { warnings += SettingsChecks.warnings(request.settings, of: pools, state) }
        return try GuestPlan(edit, moves, pools: pools, warnings: warnings, notes: notes, state)
    }

    /// Gives the halves of a pair that are to be plugged now their places.
    private static func place(_ halves: [Element], _ edit: GuestEdit) throws(Failure) {
        var places = try FreePlaces(edit)
        let running = Set(edit.guest.liveInterfaces.compactMap(\.alias))
        for half in halves {
            if let alias = half.first("alias")?[name: "name"], running.contains(alias) { continue }
            try places.place(half)
        }
    }

    /// That the other half of the interface's pair is not on the VLAN that the interface gets.
    private static func otherVLAN(
        _ interface: GuestInterface, _ half: Element, _ persistent: Element, _ guest: Guest, _ state: State
    ) -> [Warning] {
        guard GuestReader.device(half, functions: []).flatMap(state.effectiveVLAN) != state.effectiveVLAN(interface)
        else { return [] }
        let words = guest.persistentHalf(of: interface)?.attachment.summary ?? "its other half"
        return PairAdvice.vlan(guest, half, persistent, words, state)
    }

    /// What is wanted of the VF of an interface as it will be.
    private static func want(
        _ request: BindRequest, _ element: Element, _ interface: GuestInterface, _ edit: inout GuestEdit,
        _ state: State, _ notes: [Note]
    ) throws(Failure) -> [Note] {
        guard !request.settings.isEmpty, var bound = GuestReader.device(element, functions: []) else { return [] }
        bound.index = interface.index
        bound.wanted = interface.wanted
        return try edit.want(request.settings, of: bound, state).filter { !notes.contains($0) }
    }

    // MARK: One interface

    private static func point(
        _ interface: GuestInterface, _ element: Element, at pool: NetworkState, _ edit: inout GuestEdit,
        _ state: State, _ request: BindRequest, isJoined: Bool, _ notes: inout [Note],
        _ warnings: inout [Warning]
    ) throws(Failure) -> Element {
        let portgroup = try portgroup(interface, pool, request)
        let wanted = Attachment.network(name: pool.name, portgroup: portgroup)
        if interface.attachment == wanted, request.vlan == nil || request.vlan == interface.vlan {
            try MACSource.check(request.mac, against: interface.mac, interface, edit.guest)
            return element
        }
        try Placement.check(element, interface, of: edit.guest)
        let command: ShellCommand = "\(shell: request.command) --interface \(shell: interface.index)"
        let mac = try MACSource.find(
            interface, edit.guest, state, given: request.mac, new: request.newMAC,
            hints: ["say it: `\(shell: command) --mac MAC`", "or give it a new one: `\(shell: command) --new-mac`"])
        var placement = try Placement(interface, of: edit.guest, to: pool, mac, drop: request.drop, state)
        placement.portgroup = portgroup
        placement.isJoined = isJoined
        placement.vlan = request.vlan
        if let group = request.portgroup, let own = placement.ownVLAN(state) ?? interface.vlan, request.vlan == nil,
            let other = pool.vlan(portgroup: group), other != own
        {
            warnings.append(
                Warning(
                    .vlanChanges,
                    "\(placement.subject(edit.guest)) stays on its own VLAN \(own), which goes before portgroup \(group)'s \(other)",
                    hints: ["put it on the portgroup's: `--vlan \(shell: other)`"],
                    fold: Fold(
                        "guest", edit.guest.name,
                        "stay on their own VLANs, which go before portgroup \(group)'s \(other)",
                        hints: ["put them on the portgroup's: `--vlan \(shell: other)`"])))
        }
        let (vlan, present) = (placement.vlan(state), placement.presentVLAN(state))
        if placement.decidesVLAN(state), present != vlan, request.vlan == nil {
            warnings.append(VLANChange.warning(placement.subject(edit.guest), from: present, to: vlan))
        }
        warnings += BindAdvice.snapshots(edit.guest, [interface], state).filter { [warnings] in
            !warnings.contains($0)
        }
        return try placement.put(element, in: &edit, state, &notes, &warnings)
    }

    private static func portgroup(
        _ interface: GuestInterface?, _ pool: NetworkState, _ request: BindRequest
    ) throws(Failure) -> Name? {
        guard let name = request.portgroup else {
            // An interface that stays on its pool keeps its portgroup.
            if case .network(pool.name, let kept)? = interface?.attachment { return kept }
            return nil
        }
        let known = pool.configuration?.portgroups.map(\.name) ?? []
        guard known.contains(name) else {
            throw Failure(
                .noSuchPortgroup, "pool \(pool.name) has no portgroup \(name)",
                hints: [known.isEmpty ? "it has none" : "it has \(text: Words.list(known))"])
        }
        return name
    }

    // MARK: A new interface

    private static func add(
        _ guest: Guest, _ pool: NetworkState?, _ path: FailoverPath?, _ state: State, _ request: BindRequest
    ) throws(Failure) -> GuestPlan {
        guard request.interfaces.isEmpty else {
            throw Failure(.usage, "--add makes a new interface, so --interface names none")
        }
        let target: NetworkState
        if let pool {
            target = pool
        } else if let only = state.pools.first, state.pools.count == 1 {
            target = only
        } else {
            throw Failure(
                state.pools.isEmpty ? .noSuchPool : .ambiguousPool, "say which pool the new interface is for",
                hints: state.pools.map {
                    "`\(shell: request.command) --add --pool \(shell: $0.name)`"
                })
        }
        for pf in state.pfs(of: target) { try CardLimits.checkEthernet(pf) }
        var edit = try GuestEdit(guest)
        let mac = try MACSource.forNew(guest, state, request)
        if let existing = guest.interfaces.first(where: { $0.mac == mac.mac }) {
            let wanted = Attachment.network(name: target.name, portgroup: try portgroup(existing, target, request))
            guard existing.attachment == wanted, request.vlan == nil || request.vlan == existing.vlan,
                path.map({ path in guest.persistentHalf(of: existing).map { path.isThat(of: $0.attachment) } ?? false })
                    ?? true
            else {
                throw MACSource.duplicate(mac.mac, guest.name, guest.name)
            }
            var moves: [LiveMove] = []
            if request.live, guest.live(for: existing) == nil {
                let persistent = try guest.persistentHalf(of: existing).map { (half) throws(Failure) in
                    try edit.element(half)
                }
                moves.append(
                    LiveMove(
                        adding: try edit.element(existing), with: persistent, to: target, guest, request.patience))
            }
            let notes = try edit.want(request.settings, of: existing, state)
            return try GuestPlan(
                edit, moves, pools: [target], warnings: SettingsChecks.warnings(request.settings, of: [target], state),
                notes: notes,
                state)
        }
        let fragment = try Templates.interface(
            mac: mac.mac, pool: target.name, portgroup: try portgroup(nil, target, request))
        if let vlan = request.vlan { PoolDocument.setVLAN(vlan, in: fragment.root) }
        let devices = try edit.devices
        let last = devices.all("interface").last ?? devices.all("controller").last
        let new = last.map { devices.insert(fragment.root, after: $0) } ?? devices.append(fragment.root)
        edit.changed(new, "new interface → \(target.name); \(mac.isNew ? "new " : "")MAC \(mac.mac)")
        var added = GuestInterface(
            index: guest.interfaces.count { !$0.attachment.isPlainHostdev }, path: "", mac: mac.mac,
            attachment: .network(name: target.name, portgroup: try portgroup(nil, target, request)))
        added.vlan = request.vlan
        var notes: [Note] = []
        var warnings = SettingsChecks.warnings(request.settings, of: [target], state)
        let pairing = try path.map { (path) throws(Failure) in try Pairing(added, new, path, edit, state) }
        let persistent = try pairing?.join(new, in: &edit, state, &notes, &warnings)
        if request.live, let persistent { try place([persistent, new], edit) }
        let moves =
            request.live ? [LiveMove(adding: new, with: persistent, to: target, guest, request.patience)] : []
        notes += try edit.want(request.settings, of: added, state)
        return try GuestPlan(edit, moves, pools: [target], warnings: warnings, notes: notes, state)
    }
}

extension Attachment {
    fileprivate var isPlainHostdev: Bool { if case .hostdev = self { true } else { false } }
}
