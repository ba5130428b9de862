import Model
import SRIOV
import Text
import XML

/// One guest that is to be migrated: where each of its pins goes, and with which MAC.
struct Candidate {
    let guest: Guest
    private(set) var placements: [Placement] = []
    private(set) var notes: [Note] = []
    private(set) var warnings: [Diagnostic] = []
    private let state: State

    /// - Throws: why the guest can't be migrated, all of it: a guest is done whole or not at all.
    init(
        _ guest: Guest, _ pins: [Pin], _ pools: PoolsForPins, _ given: GivenMACs, _ state: State,
        _ request: MigrateRequest
    ) throws(Failure) {
        self.guest = guest
        self.state = state
        for pin in pins {
            guard let pool = try pools.pool(for: pin, of: guest) else { continue }
            try checkGuest()
            try checkStart(pin, pool)
            placements.append(try placement(pin, pool, given, request))
        }
    }

    private func checkGuest() throws(Failure) {
        guard guest.isPersistent else {
            throw Failure(
                .transientGuest, "guest \(guest.name) is transient: it has no configuration that lasts",
                hints: ["its VF stays reserved while it runs; define it first, from a file: `virsh define FILE`"])
        }
        guard !state.savedGuests.contains(guest.uuid) else {
            throw Failure(
                .savedState, "guest \(guest.name) has a managed save image, whose document its next start uses instead",
                hints: [
                    "let it run on first: `virsh start \(shell: guest.word)`",
                    "or drop the image: `virsh managedsave-remove \(shell: guest.word)`",
                ])
        }
    }

    /// A guest that could start before can start after.
    private func checkStart(_ pin: Pin, _ pool: NetworkState) throws(Failure) {
        guard pool.isActive else {
            throw Failure(
                .poolNotActive, "pool \(pool.name), where guest \(guest.name) would go, is not active",
                hints: ["start it: `virsh net-start \(shell: pool.word)`"])
        }
        // libvirt sets up the VF of an interface through its PF, which has to be up; a plain hostdev's it leaves alone.
        guard case .hostdev = pin.interface.attachment, let pf = pin.pf, pf.isUp == false else { return }
        throw Failure(
            .pfDown, "\(pf.title) is down: on a pool, guest \(guest.name) could not start",
            hints: ["bring it up: `ip link set dev \(shell: pf.title) up`"])
    }

    private mutating func placement(
        _ pin: Pin, _ pool: NetworkState, _ given: GivenMACs, _ request: MigrateRequest
    ) throws(Failure) -> Placement {
        let interface = pin.interface
        let address = interface.attachment.pinnedAddress
        let name = "\(guest.word):\(address?.description ?? "ADDRESS")"
        let mac = try MACSource.find(
            interface, guest, state, given: given[guest, address],
            hints: ["give its MAC: `vfpool migrate \(shell: guest.word) --mac \(shell: name)=MAC`"])
        var placement = try Placement(interface, of: guest, to: pool, mac, drop: Set(request.drop), state)
        if case .network(let current, let portgroup) = interface.attachment {
            let isKnown = pool.configuration?.portgroups.contains { $0.name == portgroup } ?? false
            if isKnown || current == pool.name { placement.portgroup = portgroup }
        }
        try checkVLAN(placement)
        return placement
    }

    /// A guest must not find itself on another network than before.
    private func checkVLAN(_ placement: Placement) throws(Failure) {
        let (planned, present) = (placement.vlan(state), placement.presentVLAN(state))
        guard planned != present, !placement.interface.hasTrunk else { return }
        throw Failure(
            .cannotCarry,
            "pool \(placement.pool.name) would put interface \(placement.interface.index) of guest \(guest.name) on VLAN \(planned.map(String.init) ?? "none")",
            cause:
                "it is on \(present.map { "VLAN \($0)" } ?? "no VLAN") now, which libvirt can't give it on that pool",
            hints: [
                "if that is intended: `vfpool bind \(shell: guest.word) --pool \(shell: placement.pool.word) --interface \(shell: placement.interface.index)`"
            ])
    }

    // MARK: Into the plan

    private func effect(_ placement: Placement, _ request: MigrateRequest) -> Migration.Effect {
        guard guest.isActive else { return .now }
        return request.live && guest.live(for: placement.interface) != nil ? .live : .nextStart
    }

    func rows(_ request: MigrateRequest) -> [Migration.Row] {
        placements.map { placement in
            Migration.Row(
                guest: guest.name, interface: placement.interface.index,
                from: placement.interface.attachment.summary, pool: placement.pool.name,
                mac: placement.mac.mac.description,
                source: placement.mac.words ?? "the guest's document", vlan: placement.vlan(state),
                effect: effect(placement, request))
        }
    }

    /// The guest's new document, ready to be sent.
    struct Edited: Sendable {
        /// Nil where the document is as it should be.
        var item: Plan.Item?
        var interfaces: [GuestInterface] = []
        var notes: [Note] = []
        var warnings: [Diagnostic] = []
    }

    /// The same, or why not.
    func edit(_ functions: Set<PCIAddress>) -> Result<Edited, Failure> {
        Result { () throws(Failure) in try edited(functions: functions) }
    }

    /// Edits the document; many guests' at once, for it is the greater part of the work.
    ///
    /// - Throws: `cannot-carry`, `invalid-document`.
    func edited(functions: Set<PCIAddress>) throws(Failure) -> Edited {
        var edit = try GuestEdit(guest)
        var result = Edited()
        _ = try put(in: &edit, &result.notes, &result.warnings)
        result.item = try edit.item(state)
        if result.item != nil {
            result.interfaces = try readable("guest \(guest.name)") { () throws(XMLError) in
                try GuestReader.interfaces(in: edit.document, functions: functions)
            }
        }
        return result
    }

    /// Edits the document of a running guest, and moves what runs.
    ///
    /// - Throws: `cannot-carry`, `invalid-document`, `no-vf-free`, `libvirt-fault`.
    mutating func move(_ sweep: inout Sweep, patience: Double) throws(Failure) {
        try LiveMove.check(guest, sweep.picture, live: true)
        var edit = try GuestEdit(guest)
        var moves: [LiveMove] = []
        for (placement, element) in try put(in: &edit, &notes, &warnings) {
            let move = try LiveMove(
                placement.interface, to: element, of: placement.pool, guest, sweep.picture, patience)
            if let move { moves.append(move) }
        }
        var picture = sweep.picture
        var items = [try edit.item(sweep.picture)].compactMap(\.self)
        picture = try picture.after(items)
        for move in moves { items += try move.items(&picture) }
        if !items.isEmpty { try sweep.add(live: items) }
    }

    mutating func note(_ edited: Edited) {
        notes += edited.notes
        warnings += edited.warnings
    }

    /// - Returns: each interface with its element on the pool.
    private func put(
        in edit: inout GuestEdit, _ notes: inout [Note], _ warnings: inout [Diagnostic]
    ) throws(Failure) -> [(placement: Placement, element: Element)] {
        // Elements stay the same when others are replaced, so they are found before anything is edited.
        let elements = try placements.map { (placement) throws(Failure) in
            (placement, try edit.element(placement.interface))
        }
        var result: [(placement: Placement, element: Element)] = []
        for (placement, element) in elements {
            let isThere = placement.interface.attachment.networkName == placement.pool.name
            if isThere {
                placement.tell(guest, &notes, &warnings)
                result.append((placement, element))
            } else {
                try Placement.check(element, placement.interface, of: guest)
                result.append((placement, try placement.put(element, in: &edit, state, &notes, &warnings)))
            }
        }
        warnings += BindAdvice.snapshots(guest, placements.map(\.interface), state)
        warnings += placements.flatMap { SwitchMode.warnings(guest.name, vlan: $0.vlan(state), on: $0.pool, state) }
        return result
    }
}
