package import Model
import SRIOV
import Text
import XML

/// Plans to turn guests' fixed functions into pool interfaces: many guests in one plan, each done whole or not at all.
package enum MigratePlanner {
    /// - Parameters:
    ///   - workers: edit guests' documents, which is the greater part of the work.
    ///   - uuid: makes the UUID of a network that is made new.
    /// - Throws: for guests that were named, why one of them can't be migrated; a sweep leaves such guests out.
    package static func plan(
        _ state: State, _ request: MigrateRequest, workers: any Workers = OneWorker(), uuid: () -> String
    ) throws(Failure) -> Migration {
        let finder = PinFinder(state)
        let chosen = try guests(state, request)
        var found: [(guest: Guest, pins: [Pin])] = []
        for guest in chosen { found.append((guest, pins(of: guest, finder, request))) }
        let given = try GivenMACs(request, state, finder)
        let wanted = found.flatMap { $0.guest.isPersistent ? $0.pins : [] }
        let pools = PoolsForPins(
            state, wanted, drivers: drivers(found), createsPools: request.createsPools, uuid: uuid)
        var migration = Migration()
        migration.mentions = found.flatMap { mentions($0.guest, $0.pins, finder, request) }
        for (guest, pins) in found where pins.contains(where: { !request.converts($0) }) {
            migration.withMacvtap.insert(guest.name)
        }
        for (guest, _) in found where !held(by: guest, finder, request).isEmpty {
            migration.withOtherVF.insert(guest.name)
        }
        var candidates: [Candidate] = []
        for (guest, pins) in found where !pins.isEmpty {
            do throws(Failure) {
                let candidate = try Candidate(guest, pins.filter(request.converts), pools, given, state, request)
                if !candidate.placements.isEmpty { candidates.append(candidate) }
            } catch {
                try leaveOut(guest, error, request, &migration)
            }
        }
        try settle(candidates, pools, state, request, workers, &migration)
        return migration
    }

    /// Running guests with a fixed function whose MAC nobody but their agent can tell, by UUID.
    package static func guestsToAsk(_ state: State, _ request: MigrateRequest) -> [String] {
        let finder = PinFinder(state)
        guard let chosen = try? guests(state, request), let given = try? GivenMACs(request, state, finder) else {
            return []
        }
        return chosen.filter(\.isActive).filter { guest in
            pins(of: guest, finder, request).contains { pin in
                guard pin.kind == .function, pin.interface.mac == nil else { return false }
                let address = pin.interface.attachment.pinnedAddress
                let found = try? MACSource.find(
                    pin.interface, guest, state, given: given[guest, address], hints: [])
                return found == nil
            }
        }.map(\.uuid)
    }

    // MARK: What is meant

    private static func guests(_ state: State, _ request: MigrateRequest) throws(Failure) -> [Guest] {
        var left: Set<String> = []
        for name in request.except { left.insert(try state.guest(named: name).uuid) }
        var chosen: [Guest] = []
        if request.isSweep {
            chosen = state.guests
        } else {
            var seen: Set<String> = []
            for name in request.guests {
                let guest = try state.guest(named: name)
                if seen.insert(guest.uuid).inserted { chosen.append(guest) }
            }
        }
        return chosen.filter { !left.contains($0.uuid) }
    }

    private static func pins(of guest: Guest, _ finder: PinFinder, _ request: MigrateRequest) -> [Pin] {
        let all = finder.pins(of: guest) + (request.live ? finder.pending(of: guest) : [])
        guard let pf = request.pf else { return all }
        return all.filter { $0.isOn(pf) }
    }

    /// The VFIO drivers that pins name, by PF.
    private static func drivers(_ found: [(guest: Guest, pins: [Pin])]) -> [PCIAddress: [FunctionDriver]] {
        var drivers: [PCIAddress: [FunctionDriver]] = [:]
        for pin in found.flatMap(\.pins) {
            if let pf = pin.pf { drivers[pf.address, default: []].append(pin.interface.driver) }
        }
        return drivers
    }

    /// The VFs that it has in other ways than by an interface or a plain hostdev.
    private static func held(
        by guest: Guest, _ finder: PinFinder, _ request: MigrateRequest
    ) -> [(way: HeldDevice.Way, pf: PhysicalFunction, function: VirtualFunction)] {
        finder.held(by: guest).filter { request.pf == nil || request.pf == $0.pf.address.description }
    }

    /// What is seen and left alone, so that nobody thinks it was overlooked.
    private static func mentions(
        _ guest: Guest, _ pins: [Pin], _ finder: PinFinder, _ request: MigrateRequest
    ) -> [Note] {
        var mentions: [Note] = []
        for pin in pins where pin.kind == .macvtap && !request.includesMacvtap {
            mentions.append(
                Note(
                    "guest \(guest.name)'s \(pin.interface.summary), is a macvtap over a VF: `--include-macvtap` converts it, and the guest then sees another kind of NIC",
                    Fold(
                        "guest", guest.name,
                        "have macvtaps over VFs: `--include-macvtap` converts them, and the guests then see another kind of NIC"
                    )))
        }
        for (way, pf, function) in held(by: guest, finder, request) {
            let hint: Hint =
                "guest \(text: guest.name) has VF \(function.index) of \(text: pf.title) (\(function.address)) \(text: way.words), which migrate can't change: \(text: way.remedy) with `virsh edit \(shell: guest.word)`, then give it an interface on a pool: `vfpool bind \(shell: guest.word) --add --mac MAC`"
            mentions.append(
                Note(
                    Note(hint.text),
                    Fold(
                        "guest", guest.name,
                        "have VFs \(way.words), which migrate can't change: \(way.remedy) with `virsh edit GUEST`, then give it an interface on a pool: `vfpool bind GUEST --add --mac MAC`"
                    )))
        }
        for address in finder.liveOnly(of: guest) where request.pf == nil {
            mentions.append(
                Note(
                    "guest \(guest.name) has VF \(address) for this run only: it is not in the document of its next start",
                    Fold(
                        "guest", guest.name,
                        "have VFs for this run only: they are not in the documents of their next start")))
        }
        if !request.isSweep, pins.isEmpty, mentions.isEmpty {
            mentions.append(
                Note(
                    "guest \(guest.name) has no pinned VF: there is nothing to migrate",
                    Fold("guest", guest.name, "have no pinned VF: there is nothing to migrate")))
        }
        return mentions
    }

    private static func leaveOut(
        _ guest: Guest, _ failure: Failure, _ request: MigrateRequest, _ migration: inout Migration
    ) throws(Failure) {
        guard request.isSweep else { throw failure }
        migration.leftOut.append(Migration.LeftOut(guest: guest.name, failure: failure))
    }

    // MARK: The plan

    private static func settle(
        _ candidates: [Candidate], _ pools: PoolsForPins, _ state: State, _ request: MigrateRequest,
        _ workers: any Workers, _ migration: inout Migration
    ) throws(Failure) {
        var conflicts = MACConflicts(state)
        for candidate in candidates {
            for placement in candidate.placements {
                conflicts.add(placement.mac.mac, candidate.guest, placement.interface)
            }
        }
        var sweep = Sweep(pools.picture, after: pools.items)
        let edits = edits(candidates, state, request, workers)
        var notes: [Note] = []
        var warnings: [Diagnostic] = pools.warnings
        for var candidate in candidates {
            do throws(Failure) {
                for placement in candidate.placements where placement.interface.attachment.networkName == nil {
                    try conflicts.check(placement.mac.mac, candidate.guest, placement.interface)
                }
                try sweep.checkRoom(for: candidate.placements, of: candidate.guest)
                if let edited = try edits[candidate.guest.uuid]?.get() {
                    candidate.note(edited)
                    sweep.add(edited)
                } else {
                    try candidate.move(&sweep, patience: request.patience)
                }
                migration.rows += candidate.rows(request)
                notes += candidate.notes
                warnings += candidate.warnings
            } catch {
                try leaveOut(candidate.guest, error, request, &migration)
            }
        }
        // A pool that no guest goes to, and no network that is taken over: then there is no need for any.
        guard !migration.rows.isEmpty || pools.takesOver else {
            migration.plan = Plan(try Upkeep.items(state), notes: migration.mentions)
            return
        }
        try sweep.finish()
        let touched = Set(migration.rows.map(\.pool))
        migration.capacity = Migration.Capacity.of(touched, before: state, after: sweep.picture)
        migration.plan = Plan(sweep.items, warnings: warnings, notes: notes + migration.mentions)
        guard !sweep.items.isEmpty else { return }
        let claims = sweep.picture.claims
        let advice = sweep.picture.pools.filter { touched.contains($0.name) }.flatMap { pool in
            BindAdvice.of(pool, sweep.picture, claims)
        }
        for warning in migration.capacity.compactMap(\.warning) + advice + Diagnostic.noSchema(state)
        where !migration.plan.warnings.contains(warning) {
            migration.plan.warnings.append(warning)
        }
    }

    /// The edited documents of guests that are not moved while they run.
    private static func edits(
        _ candidates: [Candidate], _ state: State, _ request: MigrateRequest, _ workers: any Workers
    ) -> [String: Result<Candidate.Edited, Failure>] {
        let functions = state.functionAddresses
        let resting = candidates.filter { !(request.live && $0.guest.isActive) }
        let edited = workers.results(of: resting) { $0.edit(functions) }
        return Dictionary(uniqueKeysWithValues: zip(resting.map(\.guest.uuid), edited))
    }

}

extension MigrateRequest {
    /// Whether a pin is to become a pool interface, and not only to be mentioned.
    func converts(_ pin: Pin) -> Bool { pin.kind != .macvtap || includesMacvtap }
}
