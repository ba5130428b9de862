import Model
import SRIOV
import Text
import XML

/// Turns a journal entry into the steps back, newest first, in the light of what is there now.
///
/// Steps of upkeep are not reversed: who holds what may have changed since, so upkeep is computed afresh.
struct UndoBuilder {
    private var state: State
    private let entry: Entry
    private let journal: any PastChanges
    private let files: KnownFiles
    private var items: [Plan.Item] = []
    private var notes: [Note] = []
    private var warnings: [Diagnostic] = []
    /// Guests whose documents are put back, with the interfaces that are changed by it.
    private var redefined: [(guest: Guest, interfaces: [GuestInterface])] = []
    /// Functions that guests' documents pin again, with the guest's UUID.
    private var pins: [(address: PCIAddress, guest: String)] = []

    init(state: State, entry: Entry, journal: any PastChanges, files: KnownFiles) {
        self.state = state
        self.entry = entry
        self.journal = journal
        self.files = files
    }

    mutating func plan() throws(Failure) -> Plan {
        let first = state
        // Guests' documents first: what a guest has pinned again is then kept for it when it is plugged, and what it no
        // longer has pinned is the pool's again.
        // A pool's stop that came late was never followed by its start.
        let late = Set(entry.possibleSteps.filter { $0.kind == .stopNetwork }.map(\.number))
        let back = entry.stepsInPlace.reversed().filter {
            !$0.isUpkeep || late.contains($0.number) || isLostDocument($0)
        }
        try undo(back.filter { $0.kind == .defineGuest })
        var apart = self
        do throws(Failure) {
            try apart.undoGuestByGuest(back)
            self = apart
        } catch {
            // Then all devices leave before one comes: it may need what another has.
            try undo(back.filter { $0.kind == .plug })
            try checkPins()
            try undo(back.filter { $0.kind == .unplug })
        }
        try undo(back.filter { $0.kind != .defineGuest && $0.kind != .plug && $0.kind != .unplug })
        try restartReleased()
        let upkeep = try Upkeep.items(state).filter { item in !items.contains(item) }
        let (before, after) = Upkeep.split(upkeep, after: items, in: first)
        var plan = Plan(before + items + after, warnings: warnings, notes: notes)
        for warning in advice(try state.after(upkeep)) where !plan.warnings.contains(warning) {
            plan.warnings.append(warning)
        }
        return plan
    }

    /// What the change adopted and restarted runs with what it was given then, and is nobody's to look after now: it is started again.
    private mutating func restartReleased() throws(Failure) {
        let started = entry.stepsInPlace.filter { $0.kind == .startNetwork && $0.isUpkeep }.compactMap(\.name)
        for name in started.deduplicated {
            guard let network = state.network(name), network.isActive, network.isPersistent, !network.isManaged,
                !isCreatedHere(name)
            else { continue }
            if let user = user(of: network) {
                notes.append(
                    "network \(name) runs on with what change \(entry.id) gave it, until it is started again: guest \(user) has a VF of it"
                )
            } else if PoolRestart.isIdle(network, state, state.claims) {
                var picture = state
                items += try PoolStart.items(name, defined: nil, &picture, starts: true)
                state = picture
            }
        }
    }

    /// A guest that has a VF of it, with a port or without: a network that is stopped under a guest forgets its port.
    private func user(of network: NetworkState) -> Name? {
        if let port = network.guestPorts?.first { return port.ownerName }
        let claims = state.claims
        return (network.live?.addresses ?? []).lazy.flatMap { claims[$0] }.first { claim in
            claim.kind != .config
                && claim.guestUUID.flatMap { state.guest(uuid: $0) }?.points(at: network.name) ?? false
        }?.guestName
    }

    private mutating func undo(_ records: [StepRecord]) throws(Failure) {
        for record in records {
            if isLostDocument(record) {
                try restoreDocument(record)
                continue
            }
            try undo(try record.step { (file) throws(Failure) in try read(file) }, record)
        }
    }

    /// No guest's link is down while another's device is moved: the newest part first, each has its function free by then.
    ///
    /// - Throws: `vf-in-use` where that is not so.
    private mutating func undoGuestByGuest(_ back: [StepRecord]) throws(Failure) {
        var parts: [Int] = []
        for record in back where parts.last != record.part ?? 0 { parts.append(record.part ?? 0) }
        for part in parts {
            let own = back.filter { $0.part ?? 0 == part }
            try undo(own.filter { $0.kind == .plug })
            try undo(own.filter { $0.kind == .unplug })
        }
        try checkPins()
    }

    private func read(_ file: String) throws(Failure) -> String {
        do throws(Failure) {
            return try journal.document(file, of: entry)
        } catch {
            throw Failure(
                error.code, error.message, cause: error.cause,
                hints: ["restore by hand from the other documents in \(text: journal.path(of: entry))"])
        }
    }

    private mutating func add(_ new: [Plan.Item]) throws(Failure) {
        items += new
        try state.apply(new)
    }

    private mutating func undo(_ step: Step, _ record: StepRecord) throws(Failure) {
        switch step {
        case .defineGuest(let change): try undoGuest(change, record)
        case .defineNetwork(let change) where change.before == nil: try undoCreation(change)
        case .defineNetwork(let change): try undoRedefinition(change)
        case .undefineNetwork(let change): try undoDeletion(change)
        case .startNetwork(let name):
            // A pool that goes altogether is stopped by its deletion; one that stays was started for a reason.
            guard let network = state.network(name), network.isActive, !isCreatedHere(name) else { return }
            try checkIdle(network)
            try add(try PoolStart.stopping(network, state))
        case .stopNetwork(let name):
            guard state.network(name)?.isActive == false else { return }
            var picture = state
            let start = try PoolStart.items(name, defined: nil, &picture, starts: true)
            items += start
            state = picture
        case .setAutostart(let name, let on):
            guard let network = state.network(name), network.isPersistent, network.autostart == on,
                !isCreatedHere(name)
            else { return }
            try add([Plan.Item(.setAutostart(network: name, !on))])
        case .plug(let device): try undoPlug(device)
        case .unplug(let device): try undoUnplug(device)
        case .writeFile(let change): try undoFile(change)
        case .setPF(let change): try undoPF(change)
        case .reserve, .release: return
        }
    }

    // MARK: Guests

    private mutating func undoGuest(_ change: DocumentChange, _ record: StepRecord) throws(Failure) {
        guard let guest = state.guest(uuid: change.uuid), let before = change.before else {
            throw movedOn("guest \(change.name)", "is gone")
        }
        if guest.inactiveXML.isSame(as: before) { return }
        if !Optional(guest.inactiveXML).isSame(as: change.after) {
            // Killed before the answer was written down: having all that was planned has to do.
            let planned = try record.after.map { (file) throws(Failure) in try read(file) }
            let missing = try StoredDocument.differences(planned: planned, stored: guest.inactiveXML)
            guard missing.isEmpty, !isComplete(change) else { throw movedOn("guest \(change.name)", "was edited") }
        }
        let former = try state.devices(before, of: "guest \(change.name)").interfaces
        for address in former.compactMap(\.attachment.pinnedAddress) {
            let isNewPin = !guest.interfaces.contains { $0.attachment.pinnedAddress == address }
            if isNewPin { pins.append((address, guest.uuid)) }
        }
        let passages = Passages(guest.interfaces, to: former)
        for (now, then) in passages.changed {
            let passage = Passage(from: now, to: then, of: guest, state)
            warnings += passage.warnings
            notes += passage.notes
        }
        redefined.append((guest, passages.changed.map(\.then) + passages.new))
        if guest.isActive, !entry.stepsInPlace.contains(where: { $0.kind == .plug && $0.uuid == guest.uuid }) {
            notes.append(GuestPlan.later(guest))
        }
        try add([
            Plan.Item(
                .defineGuest(
                    DocumentChange(
                        name: guest.name, uuid: guest.uuid, before: guest.inactiveXML, after: before)),
                detail: (["as it was before change \(entry.id)"] + passages.details(guest, state)).joined(
                    separator: "; "))
        ])
    }

    /// What any change that has these guests where they will be would say of it.
    ///
    /// - Parameter state: the picture after all.
    private func advice(_ state: State) -> [Diagnostic] {
        guard !redefined.isEmpty else { return [] }
        let claims = state.claims
        let names = Set(redefined.flatMap(\.interfaces).compactMap(\.attachment.networkName))
        let pools = state.pools.filter { names.contains($0.name) }.flatMap { BindAdvice.of($0, state, claims) }
        return pools + redefined.flatMap { BindAdvice.warnings($0.guest, [], state, claims) }
    }

    /// Once every device that goes is gone: who still holds a function that is pinned again is another's business.
    private mutating func checkPins() throws(Failure) {
        let claims = state.claims
        for pin in pins {
            guard let guest = state.guest(uuid: pin.guest) else { continue }
            try FreeVF.check(pin.address, guest, state, allowsPins: true)
        }
        for address in Set(pins.map(\.address)).sorted() {
            let guests = pins.filter { $0.address == address }.compactMap { state.guest(uuid: $0.guest) }
            if let warning = SharedPin.warning(address, guests, claims) { warnings.append(warning) }
        }
    }

    /// Whether the journal knows what libvirt stored.
    private func isComplete(_ change: DocumentChange) -> Bool {
        entry.steps.contains { $0.uuid == change.uuid && $0.kind == .defineGuest && $0.stored != nil }
    }

    // MARK: Networks

    private mutating func undoCreation(_ change: DocumentChange) throws(Failure) {
        guard let network = state.network(change.name) else { return }
        guard network.uuid == change.uuid else { throw movedOn("network \(change.name)", "is another one now") }
        try add(try DeletePlanner.plan(state, network).items)
    }

    private mutating func undoRedefinition(_ change: DocumentChange) throws(Failure) {
        guard let network = state.network(change.name), let before = change.before else {
            throw movedOn("network \(change.name)", "is gone")
        }
        guard network.isPersistent else { throw movedOn("network \(change.name)", "was undefined") }
        let current = try Self.withoutFunctions(network.inactiveXML)
        // It never came to it, or it is back already.
        if try current.isSame(as: Self.withoutFunctions(before)) { return }
        guard try current.isSame(as: Self.withoutFunctions(change.after ?? "")) else {
            throw movedOn("network \(change.name)", "was edited")
        }
        var back: [Plan.Item] = []
        let configuration = try readable("network \(change.name)") { () throws(XMLError) in
            NetworkReader.configuration(in: try Document(parsing: before))
        }
        // Without the mark, the pool's reservations are nobody's to look after.
        if configuration?.mark == nil { back = network.reservations.compactMap { Self.release($0, network.name) } }
        back.append(
            Plan.Item(
                .defineNetwork(
                    DocumentChange(
                        name: change.name, uuid: change.uuid, before: network.inactiveXML, after: before)),
                detail: "as it was before change \(entry.id)"))
        try add(back)
    }

    /// Whether libvirt lost the network's document when it could not write the new one, as networkDefineXMLFlags does: a running
    /// network is transient then, another one is not there any more.
    private func isLostDocument(_ record: StepRecord) -> Bool {
        guard record.kind == .defineNetwork, record.before != nil, record.stored == nil, entry.result != .done,
            !entry.steps.contains(where: { $0.kind == .defineNetwork && $0.name == record.name && $0.before == nil })
        else { return false }
        guard let network = state.network(record.name) else { return true }
        return network.isActive && !network.isPersistent && network.uuid == record.uuid
    }

    private mutating func restoreDocument(_ record: StepRecord) throws(Failure) {
        guard let uuid = record.uuid, let before = try record.before.map({ (file) throws(Failure) in try read(file) })
        else { return }
        if state.network(record.name) == nil {
            notes.append(
                "libvirt forgot network \(record.name): whether it starts at boot is known when libvirt's daemon was restarted"
            )
        }
        try add([
            Plan.Item(
                .defineNetwork(DocumentChange(name: record.name, uuid: uuid, before: nil, after: before)),
                detail: "as it was before change \(entry.id)")
        ])
    }

    private mutating func undoDeletion(_ change: DocumentChange) throws(Failure) {
        if let network = state.network(change.name) {
            // It never came to it, or it is back already.
            guard network.uuid == change.uuid, let before = change.before,
                try Self.withoutFunctions(network.inactiveXML).isSame(as: Self.withoutFunctions(before))
            else { throw movedOn("network \(change.name)", "is there again") }
            return
        }
        let define = Plan.Item(
            .defineNetwork(DocumentChange(name: change.name, uuid: change.uuid, before: nil, after: change.before)),
            detail: "as it was before change \(entry.id)")
        let wasActive = entry.stepsInPlace.contains { $0.kind == .stopNetwork && $0.name == change.name }
        var picture = try state.after([define])
        items += try PoolStart.items(change.name, defined: define, &picture, starts: wasActive)
        state = picture
    }

    private func isCreatedHere(_ name: Name) -> Bool {
        entry.stepsInPlace.contains { $0.kind == .defineNetwork && $0.name == name && $0.before == nil }
    }

    private func checkIdle(_ network: NetworkState) throws(Failure) {
        guard let port = network.guestPorts?.first else { return }
        throw Failure(
            .poolInUse, "pool \(network.name) is used by guest \(port.ownerName)",
            hints: ["shut it down first, or leave the pool running"])
    }

    // MARK: Files

    private mutating func undoFile(_ change: FileChange) throws(Failure) {
        let current = try files.current(change)
        // It never came to it, or it is back already.
        if change.startsFrom(current) { return }
        guard change.endsIn(current) else {
            throw movedOn("file \(change.path)", current == nil ? "is gone" : "was edited")
        }
        try add([Plan.Item(.writeFile(change.back), detail: "as it was before change \(entry.id)")])
    }

    // MARK: Live devices

    private mutating func undoPlug(_ device: LiveDevice) throws(Failure) {
        guard let guest = state.guest(uuid: device.guestUUID), guest.isActive, try runs(device, in: guest) else {
            return
        }
        try add([Plan.Item(.unplug(device))])
        try add(try Upkeep.items(state))
    }

    /// Whether the guest has this very device, and not another with the same MAC: what it was before, or is by now.
    private func runs(_ device: LiveDevice, in guest: Guest) throws(Failure) -> Bool {
        let planned = try device.interfaces(functions: state.functionAddresses).first?.attachment
        let claims = state.claims
        return guest.liveInterfaces.contains { live in
            guard device.matches(live) else { return false }
            let pools = (live.attachment.pinnedAddress.map { claims[$0] } ?? []).compactMap { claim in
                if case .pool(let name) = claim.kind, claim.guestUUID == guest.uuid { name } else { nil }
            }
            return switch planned {
            case .network(let name, let group):
                pools.contains(name) || guest.leads(live, to: .network(name: name, portgroup: group))
            case let planned?: pools.isEmpty && guest.leads(live, to: planned)
            case nil: false
            }
        }
    }

    private mutating func undoUnplug(_ device: LiveDevice) throws(Failure) {
        guard let guest = state.guest(uuid: device.guestUUID), guest.isActive else { return }
        guard !guest.liveInterfaces.contains(where: device.matches) else {
            if entry.result == .failed {
                notes.append("guest \(guest.name) has the interface; if it releases it later, undo this again")
            }
            return
        }
        for interface in try device.interfaces(functions: state.functionAddresses) {
            guard let address = interface.attachment.pinnedAddress else { continue }
            try FreeVF.check(address, guest, state, allowsPins: true)
        }
        try DownPF.check(device, state)
        try add([Plan.Item(.plug(device))])
    }

    // MARK: PFs

    /// The PF's pools follow, in the light of who has what by now.
    private mutating func undoPF(_ change: PFChange) throws(Failure) {
        guard let pf = state.pfs.first(where: { $0.address.description == change.address }) else {
            throw movedOn("PF \(change.title)", "is gone")
        }
        let current = change.attribute == .count ? pf.enabledVFs : pf.probesDrivers.map { $0 ? 1 : 0 }
        // It never came to it, or it is back already.
        if current == change.before { return }
        // A change of a count that ended between the two left none.
        guard current == change.after || change.attribute == .count && current == 0 else {
            throw movedOn("PF \(change.title)", "got another VF count")
        }
        let request =
            change.attribute == .count
            ? ResizeRequest(pf: pf, count: change.before)
            : ResizeRequest(pf: pf, count: pf.enabledVFs, hostDrivers: change.before == 1)
        try ResizeChecks.check(state, request)
        items += try ResizePlanner.items(&state, request)
    }

    private func movedOn(_ subject: String, _ what: String) -> Failure {
        Failure(
            .movedOn, "\(subject) \(what) since change \(entry.id)",
            hints: [
                "undoing would overwrite that; look at both: `vfpool log \(shell: entry.id)`",
                "or restore by hand from the documents in \(text: journal.path(of: entry))",
            ])
    }
}
