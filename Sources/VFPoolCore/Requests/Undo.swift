import SRIOV
import Text
import XML

/// Plans a change back: the same path as any change, so it is shown, checked, journalled, and can be undone itself.
package enum Undo {
    /// The newest change that is still in place: not put back by itself, and not undone since.
    ///
    /// A change that only brought pools in line has no way back, and the one before it is not undone in its stead: it
    /// has to be named.
    ///
    /// - Throws: `nothing-to-undo`; `journal` where a newer change can't be read, and so may be the last.
    package static func latest(in journal: Journal, uri: String) throws(Failure) -> Entry {
        let (all, unreadable) = try journal.entries()
        let entries = all.filter { $0.header.uri.isSame(as: uri) }
        var undone: Set<String> = []
        var upkeep: Entry?
        // Newest first, for an undo that was itself undone counts for nothing.
        for entry in entries.reversed() where !undone.contains(entry.id) {
            if let id = entry.header.undoes, entry.result == .done {
                undone.insert(id)
            } else if entry.stepsInPlace.contains(where: { !$0.isUpkeep }) {
                try checkRead(unreadable, newerThan: entry)
                guard let upkeep else { return entry }
                throw Failure(
                    .nothingToUndo, "the last change, \(upkeep.id), only brought pools in line, which has no undo",
                    hints: ["undo the one before it: `vfpool undo \(shell: entry.id)`"])
            } else if !entry.stepsInPlace.isEmpty {
                upkeep = upkeep ?? entry
            }
        }
        try checkRead(unreadable, newerThan: nil)
        throw Failure(.nothingToUndo, "there is no change to undo", hints: ["see `vfpool log`"])
    }

    private static func checkRead(_ unreadable: [String], newerThan entry: Entry?) throws(Failure) {
        guard let newest = unreadable.max(), newest > entry?.id ?? "" else { return }
        throw Failure(
            .journal, "change \(newest) can't be read, and may be the last one",
            hints: [entry.map { "undo the one before it: `vfpool undo \(shell: $0.id)`" }, "see `vfpool log`"]
                .compactMap(
                    \.self))
    }

    /// - Throws: `moved-on` where the world is no longer what the change left; `vf-in-use`, `pool-in-use`.
    package static func plan(
        _ state: State, _ entry: Entry, _ journal: Journal, files: any HostFiles = LocalFiles()
    ) throws(Failure) -> Plan {
        guard entry.header.uri.isSame(as: state.uri) else {
            throw Failure(
                .movedOn, "change \(entry.id) was made on \(entry.header.uri)",
                hints: ["undo it there: `vfpool -c '\(shell: entry.header.uri)' undo \(shell: entry.id)`"])
        }
        var back = UndoPlanner(state: state, entry: entry, journal: journal, files: files)
        return try back.plan()
    }
}
