package import Model
import SRIOV
import Text
import XML

/// Goes on with a migration that stopped on the way: what is in place stays, what was cut short is brought to its end,
/// and the rest is planned afresh, as it was asked for then.
package struct Resumption {
    package let entry: Entry
    package let request: MigrateRequest
    /// What the change went on with, where it was itself to go on with one that had stopped.
    private let earlier: [Entry]

    /// The newest migration that did not end well and was not gone on with since.
    ///
    /// - Throws: `nothing-to-resume`.
    package init(_ journal: any PastChanges, uri: String) throws(Failure) {
        let place = journal.place(uri)
        var settled: Set<String> = []
        var last: Entry?
        try journal.scan { (_, result) throws(Failure) in
            guard case .success(let entry) = result, place.isOrigin(of: entry.header) else { return true }
            if let id = entry.header.undoes, entry.result == .done { settled.insert(id) }
            guard entry.header.migration != nil, !settled.contains(entry.id) else { return true }
            last = entry
            return false
        }
        // A migration that went through, or one that was put back whole, leaves nothing to go on with.
        guard let last, let request = last.header.migration,
            [.partial, .unfinished, .failed].contains(last.result)
        else {
            throw Failure(
                .nothingToResume, "no migration has stopped part-way", hints: ["see the changes: `vfpool log`"])
        }
        entry = last
        self.request = request
        var chain = [last]
        // Each is older than the one that went on with it; what says otherwise would go round in circles.
        while let newer = chain.last, let before = newer.header.resumes.flatMap(journal.entry(id:)),
            before.header.sequence ?? 0 <= newer.header.sequence ?? 0, !chain.contains(where: { $0.id == before.id })
        {
            chain.append(before)
        }
        earlier = Array(chain.dropFirst())
    }

    /// - Throws: as `MigratePlanner.plan` does.
    package func plan(
        _ state: State, _ journal: any PastChanges, workers: any Workers = OneWorker(), uuid: () -> String
    ) throws(Failure) -> Migration {
        // Each pool and each device is a part of its own, as it was.
        var first: [Plan.Item] = []
        var picture = state
        for entry in [entry] + earlier {
            first += try unfinishedPools(entry, &picture, part: (first.last?.part ?? -1) + 1)
            first += try unfinishedDevices(entry, &picture, journal, part: (first.last?.part ?? -1) + 1)
        }
        var request = request
        // A guest that was named and is on its pool by now is no mistake.
        if !request.isSweep { request.guests = request.guests.filter { state.guestMeant(by: $0) != nil } }
        var migration = try MigratePlanner.plan(picture, request, workers: workers, uuid: uuid)
        guard !first.isEmpty else { return migration }
        let next = (first.last?.part ?? -1) + 1
        migration.plan.items = first + migration.plan.items.map { Self.item($0, part: $0.part + next) }
        return migration
    }

    private static func item(_ item: Plan.Item, part: Int) -> Plan.Item {
        var item = item
        item.part = part
        return item
    }

    /// Pools that were being made, or taken over, and are not started, or not at boot.
    private func unfinishedPools(
        _ entry: Entry, _ picture: inout State, part: Int
    ) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        for record in entry.stepsInPlace where record.kind == .defineNetwork && !record.isUpkeep {
            guard let pool = picture.network(record.name), pool.isManaged, pool.uuid == record.uuid else { continue }
            let wanted = entry.steps.filter { $0.part == record.part && $0.name == record.name }
            var new: [Plan.Item] = []
            if !pool.isActive, wanted.contains(where: { $0.kind == .startNetwork }) {
                new = try PoolStart.items(pool.name, defined: nil, &picture, starts: true)
            }
            if !pool.autostart, wanted.contains(where: { $0.kind == .setAutostart && $0.autostart == true }) {
                let step = [Plan.Item(.setAutostart(network: pool.name, true))]
                new += step
                picture = try picture.after(step)
            }
            let place = (items.last?.part ?? part - 1) + 1
            items += new.map { Self.item($0, part: place) }
        }
        return items
    }

    /// Devices that were unplugged when it was cut short, and not plugged again: the guest is without its NIC.
    private func unfinishedDevices(
        _ entry: Entry, _ picture: inout State, _ journal: any PastChanges, part: Int
    ) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        let begun = Set(entry.stepsInPlace.map(\.number))
        for record in entry.steps where record.kind == .plug {
            // The one before it; a plain hostdev has no MAC, and what comes in its place has.
            let before = entry.steps.last { $0.kind == .unplug && $0.uuid == record.uuid && $0.number < record.number }
            // What is plugged to go on with another change has nothing unplugged before it.
            let wasUnplugged = before.map { begun.contains($0.number) } ?? (entry.header.resumes != nil)
            guard wasUnplugged, let guest = record.uuid.flatMap({ picture.guest(uuid: $0) }), guest.isActive,
                let new = try device(record, entry, journal),
                !guest.liveInterfaces.contains(where: new.matches)
            else { continue }
            if let before, let old = try device(before, entry, journal),
                guest.liveInterfaces.contains(where: old.matches)
            {
                continue
            }
            let item = Plan.Item(
                .plug(new), detail: "was unplugged when change \(entry.id) was cut short", part: part + items.count)
            items.append(item)
            picture = try picture.after([item])
        }
        return items
    }

    private func device(
        _ record: StepRecord, _ entry: Entry, _ journal: any PastChanges
    ) throws(Failure) -> LiveDevice? {
        switch try record.step({ (file) throws(Failure) in try journal.document(file, of: entry) }) {
        case .plug(let device), .unplug(let device): device
        default: nil
        }
    }
}
