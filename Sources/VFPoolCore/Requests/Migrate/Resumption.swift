import SRIOV
import XML

/// Goes on with a migration that stopped on the way: what is in place stays, what was cut short is brought to its end,
/// and the rest is planned afresh, as it was asked for then.
package struct Resumption {
    package let entry: Entry
    package let request: MigrateRequest

    /// The newest migration that did not end well and was not gone on with since.
    ///
    /// - Throws: `nothing-to-resume`.
    package init(_ journal: Journal, uri: String) throws(Failure) {
        let (entries, _) = try journal.entries()
        var settled: Set<String> = []
        for entry in entries.reversed() where entry.header.uri == uri {
            if let id = entry.header.undoes, entry.result == .done { settled.insert(id) }
            guard let request = entry.header.migration else { continue }
            guard !settled.contains(entry.id) else { continue }
            // A migration that went through, or one that was put back whole, leaves nothing to go on with.
            guard [.partial, .unfinished, .failed].contains(entry.result) else { break }
            self.entry = entry
            self.request = request
            return
        }
        throw Failure(
            .nothingToResume, "no migration has stopped on the way", hints: ["see the changes: `vfpool log`"])
    }

    /// - Throws: as `Migrate.plan` does.
    package func plan(_ state: State, _ journal: Journal, uuid: () -> String) throws(Failure) -> Migration {
        let first = try unfinished(state, journal)
        let picture = try state.after(first)
        var request = request
        // A guest that was named and is on its pool by now is no mistake.
        if !request.isSweep { request.guests = request.guests.filter { state.guest($0) != nil } }
        var migration = try Migrate.plan(picture, request, uuid: uuid)
        guard !first.isEmpty else { return migration }
        let next = first.count
        migration.plan.items =
            first.enumerated().map { index, item in numbered(item, index) }
            + migration.plan.items.map { numbered($0, $0.part + next) }
        return migration
    }

    private func numbered(_ item: Plan.Item, _ part: Int) -> Plan.Item {
        var item = item
        item.part = part
        return item
    }

    /// Devices that were unplugged when it was cut short, and not plugged again: the guest is without its NIC.
    private func unfinished(_ state: State, _ journal: Journal) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        let begun = entry.stepsInPlace
        for record in entry.steps where record.kind == .plug {
            guard begun.contains(where: { $0.kind == .unplug && $0.uuid == record.uuid && $0.mac == record.mac }),
                let guest = record.uuid.flatMap(state.guest), guest.isActive
            else { continue }
            let step = try record.step { (file) throws(Failure) in try journal.document(file, of: entry) }
            guard case .plug(let device) = step, !guest.liveInterfaces.contains(where: device.matches) else { continue }
            items.append(Plan.Item(step, detail: "was unplugged when change \(entry.id) was cut short"))
        }
        return items
    }
}
