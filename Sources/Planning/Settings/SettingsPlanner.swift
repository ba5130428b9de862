package import Model
import SRIOV
import Text
import XML

/// Plans what is wanted of the VFs of a pool, of a portgroup, or of a guest's interfaces.
package enum SettingsPlanner {
    /// - Throws: `no-such-pool`, `not-managed`, `no-such-portgroup`, `not-bound`, `bad-settings`, `setting-refused`.
    package static func plan(_ state: State, _ request: SetRequest) throws(Failure) -> Plan {
        if !request.interfaces.isEmpty { return try guest(state.guest(named: request.target), state, request) }
        let pool = state.networkMeant(by: request.target)
        // A UUID says which of the two is meant.
        let uuid = UUIDText.normal(request.target.string)
        if let guest = state.guestMeant(by: request.target), uuid == nil || pool?.uuid != uuid {
            guard pool == nil || guest.uuid == uuid else {
                throw Failure(
                    .usage, "\(request.target) is both a network and a guest",
                    hints: ["name the guest by its UUID, or one of its interfaces with --interface"])
            }
            return try self.guest(guest, state, request)
        }
        if pool == nil, let (name, group) = portgroupMeant(by: request.target.string, state) {
            return try network(try state.pool(named: name), portgroup: group, state, request)
        }
        guard pool != nil else {
            let names = state.pools.map(\.name)
            throw Failure(
                .noSuchPool, "there is no pool and no guest \(request.target)",
                hints: [
                    names.isEmpty
                        ? "make a pool: `vfpool create PF`" : "pools here: \(text: Words.list(names, most: 12))",
                    "list guests: `virsh list --all`",
                ])
        }
        return try network(try state.pool(named: request.target), portgroup: nil, state, request)
    }

    /// The pool and the portgroup of `POOL:PORTGROUP`. Either name may have colons itself: the pool is the longest that there
    /// is, else all before the last one.
    private static func portgroupMeant(by target: String, _ state: State) -> (pool: Name, portgroup: Name)? {
        let bytes = target.utf8
        let cuts = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }.reversed().map { place in
            (
                pool: Name(String(decoding: bytes[..<place], as: UTF8.self)),
                portgroup: Name(String(decoding: bytes[place...].dropFirst(), as: UTF8.self))
            )
        }
        return cuts.first { state.networkMeant(by: $0.pool) != nil } ?? cuts.first
    }

    // MARK: Pools

    private static func network(
        _ pool: NetworkState, portgroup: Name?, _ state: State, _ request: SetRequest
    ) throws(Failure) -> Plan {
        guard let configuration = pool.configuration, pool.isManaged else {
            throw Failure(
                .notManaged, "vfpool did not make pool \(pool.name), so VF settings can't be kept in it",
                hints: state.takeover(pool))
        }
        let known = configuration.portgroups.map(\.name)
        let stale = pool.staleSettings.contains { $0.key == portgroup } && request.settings.change.wanted.isEmpty
        if let portgroup, !known.contains(portgroup), !stale {
            throw Failure(
                .noSuchPortgroup, "pool \(pool.name) has no portgroup \(portgroup)",
                hints: [known.isEmpty ? "the pool has no portgroups" : "it has \(text: Words.list(known))"])
        }
        let now = portgroup.map { configuration.wanted.portgroups[$0] ?? .init() } ?? configuration.wanted.general
        let wanted = request.settings.change.applied(to: now)
        let subject = "pool \(pool.name)" + (portgroup.map { ", portgroup \($0)" } ?? "")
        let effective = portgroup == nil ? wanted : wanted.over(configuration.wanted.general)
        let answer = try SettingsChecks.check(
            request.settings, effective, state.pfs(of: pool), state, subject: subject)
        var notes = answer.notes
        if wanted.tagsVLAN, !stale, portgroup.map({ pool.vlan(portgroup: $0) == nil }) ?? !configuration.hasVLAN {
            notes.append("\(subject), has no VLAN: only interfaces with one of their own have a tag to set that in")
        }
        guard wanted != now else { return Plan() }
        guard pool.showsPersistent else {
            throw Failure(
                .unsupported, "the persistent document of the running pool \(pool.name) can't be read here",
                hints: ["stop it first, when no guest uses it: `virsh net-destroy \(shell: pool.word)`"])
        }
        let after = try readable("network \(pool.name)") { () throws(XMLError) in
            let document = try Document(parsing: pool.inactiveXML)
            try state.removeMissing(from: document)
            return document
        }
        guard let mark = PoolDocument.markElement(in: after.root) else { return Plan() }
        try SettingsDocument.set(wanted, portgroup: portgroup, in: mark)
        var item = Plan.Item(
            .defineNetwork(
                DocumentChange(
                    name: pool.name, uuid: pool.uuid, before: pool.inactiveXML, after: after.serialized())),
            detail: detail(request.settings.change, portgroup.map { "portgroup \($0): " } ?? ""))
        item.trials = answer.trials
        try Grammars.check(networksIn: [item], state)
        let users = Set(pool.guestPorts?.map(\.ownerName) ?? []).sorted()
        let running = users.isEmpty || stale ? [] : [Self.later(users)]
        let advice = try stale ? [] : BindAdvice.ofSettings([pool], state.after([item]))
        return Plan(
            [item], warnings: SettingsChecks.warnings(request.settings, of: [pool], state) + advice,
            notes: notes + running)
    }

    // MARK: Guests

    private static func guest(_ guest: Guest, _ state: State, _ request: SetRequest) throws(Failure) -> Plan {
        let command: ShellCommand = "vfpool set \(shell: guest.word)"
        let pools = Set(state.pools.map(\.name))
        let bound = guest.interfaces.filter { $0.attachment.networkName.map(pools.contains) ?? false }
        // What nothing uses can only be removed.
        let leftovers = request.settings.change.wanted.isEmpty ? state.staleSettings(of: guest) : []
        let stale = leftovers.filter { left in
            request.interfaces.contains { MACAddress(word: $0) == left.key }
        }
        let selectors = request.interfaces.filter { word in !stale.contains { $0.key == MACAddress(word: word) } }
        let chosen =
            request.interfaces.isEmpty
            ? bound : try InterfaceChoice.named(selectors, of: guest, in: state, command: command)
        if let other = chosen.first(where: { interface in !bound.contains(interface) }) {
            throw Failure(
                .notBound, "guest \(guest.name)'s \(other.summary), is not on a pool",
                hints: InterfaceChoice.candidates(guest, bound, command))
        }
        guard !chosen.isEmpty || !stale.isEmpty else {
            throw Failure(
                .notBound, "guest \(guest.name) has no interface on a pool",
                hints: ["bind it first: `vfpool bind \(shell: guest.word)`"])
        }
        var edit = try GuestEdit(guest)
        var notes: [Note] = []
        for interface in chosen {
            notes += try edit.want(request.settings, of: interface, state).filter { [notes] in !notes.contains($0) }
        }
        for left in stale { try edit.clear(request.settings.change, of: left) }
        guard let item = try edit.item(state) else { return Plan() }
        if guest.isActive, !chosen.isEmpty { notes.append(Self.later([guest.name])) }
        let used = state.pools.filter { pool in chosen.contains { $0.attachment.networkName == pool.name } }
        let advice = try chosen.isEmpty ? [] : BindAdvice.ofSettings(guest, used, state.after([item]))
        return Plan(
            [item], warnings: SettingsChecks.warnings(request.settings, of: used, state) + advice, notes: notes)
    }

    static func detail(_ change: SettingsChange, _ subject: String) -> String { subject + change.summary }

    private static func later(_ guests: [Name]) -> Note {
        "\("guest".plural(guests.count)) \(Words.list(guests)) \(guests.count == 1 ? "is" : "are") running: this takes effect when shut down and started again"
    }
}

extension String {
    fileprivate func plural(_ count: Int) -> String { count == 1 ? self : self + "s" }
}

extension GuestEdit {
    /// Says in the guest's metadata what is wanted of the VF of an interface, as it will be attached.
    ///
    /// - Returns: notes on what can't be known yet.
    mutating func want(
        _ request: SettingsRequest, of interface: GuestInterface, _ state: State
    ) throws(Failure) -> [Note] {
        let wanted = request.change.applied(to: interface.wanted)
        guard wanted != interface.wanted else { return [] }
        guard let mac = interface.mac else {
            throw Failure(
                .noMAC, "interface \(interface.index) of guest \(guest.name) has no MAC to know it by",
                hints: [
                    "give it one: `vfpool bind \(shell: guest.word) --interface \(shell: interface.index) --mac MAC`"
                ])
        }
        var planned = interface
        planned.wanted = wanted
        let pool = interface.attachment.networkName.flatMap(state.network)
        if request.change.wanted.tagsVLAN, state.effectiveVLAN(planned) == nil {
            throw Failure(
                .badSettings,
                "interface \(interface.index) of guest \(guest.name) has no VLAN, so no tag to set that in",
                hints: [
                    ("put it on one: `vfpool bind \(shell: guest.word) --vlan ID`" as Hint).inSpec(
                        "put it on one: vlan: ID")
                ])
        }
        let answer = try SettingsChecks.check(
            request, state.wanted(planned), pool.map(state.pfs(of:)) ?? [], state,
            subject: "interface \(interface.index) of guest \(guest.name)")
        try want(wanted, mac: mac, SettingsPlanner.detail(request.change, "interface \(interface.index): "))
        trials += answer.trials
        return answer.notes
    }

    /// An interface that leaves its pool has no settings any more.
    mutating func forgetSettings(of interface: GuestInterface) throws(Failure) {
        guard let mac = interface.mac, !interface.wanted.isEmpty else { return }
        try want(WantedSettings(), mac: mac, "interface \(interface.index): without its VF settings")
    }

    /// Removes settings that no interface uses.
    mutating func clear(_ change: SettingsChange, of stale: StaleSettings<MACAddress>) throws(Failure) {
        let wanted = change.applied(to: stale.wanted)
        guard wanted != stale.wanted else { return }
        try want(wanted, mac: stale.key, "MAC \(stale.key): \(SettingsPlanner.detail(change, ""))")
    }

    private mutating func want(_ wanted: WantedSettings, mac: MACAddress, _ detail: String) throws(Failure) {
        let domain = try readable("guest \(guest.name)") { () throws(XMLError) in
            try document.selectOne("//domain")
        }
        try SettingsDocument.set(wanted, mac: mac, in: domain)
        changed(try devices, detail)
    }
}
