package import Model
import SRIOV
import Text
import XML

/// Plans a change back: the same path as any change, so it is shown, checked, journalled, and can be undone itself.
package enum UndoPlanner {
    /// The newest change that is still in place: not put back by itself, and not undone since.
    ///
    /// - Throws: `nothing-to-undo`; `journal` where a newer change can't be read, and so may be the last.
    package static func latest(in journal: any PastChanges, uri: String) throws(Failure) -> Entry {
        try last(in: journal, uri: uri).entry
    }

    /// The same, and the names of newer changes that only brought pools in line, newest first: those have no way back, and
    /// whatever is undone, pools are brought in line anew.
    package static func last(
        in journal: any PastChanges, uri: String
    ) throws(Failure) -> (entry: Entry, upkeep: [String]) {
        let place = journal.place(uri)
        var undone: Set<String> = []
        var last: Entry?
        var upkeep: [String] = []
        var unreadable: String?
        var others = 0
        // An undo that was itself undone counts for nothing, and it is newer than what it undid.
        try journal.scan { (name, result) throws(Failure) in
            guard case .success(let entry) = result else {
                unreadable = unreadable ?? name.text
                return true
            }
            guard !undone.contains(entry.id) else { return true }
            guard place.isOrigin(of: entry.header) else {
                others += 1
                return true
            }
            if let id = entry.header.undoes, entry.result == .done {
                undone.insert(id)
            } else if entry.stepsInPlace.contains(where: { !$0.isUpkeep }) {
                last = entry
                return false
            } else if !entry.stepsInPlace.isEmpty {
                upkeep.append(entry.id)
            }
            return true
        }
        if let unreadable { throw newerIsUnreadable(unreadable, last) }
        guard let last else { throw upkeep.first.map(onlyUpkeep) ?? nothing(others) }
        return (last, upkeep)
    }

    private static func onlyUpkeep(_ id: String) -> Failure {
        Failure(
            .nothingToUndo,
            "the last change, \(id), only reconciled pools, which can't be undone, and there is no earlier one",
            hints: ["see `vfpool log`"])
    }

    /// That what is undone is not the last change there is.
    package static func note(_ upkeep: [String]) -> Note? {
        guard !upkeep.isEmpty else { return nil }
        let changes = upkeep.count == 1 ? "change" : "changes"
        return
            "\(changes) \(Words.list(upkeep)) came after this one and only reconciled pools, which can't be undone: pools are reconciled after this undo"
    }

    private static func newerIsUnreadable(_ name: String, _ last: Entry?) -> Failure {
        Failure(
            .journal, "change \(name) can't be read, and may be the last one",
            hints: [last.map { "undo the one before it: `vfpool undo \(shell: $0.id)`" }, "see `vfpool log`"]
                .compactMap(
                    \.self))
    }

    private static func nothing(_ others: Int) -> Failure {
        Failure(
            .nothingToUndo,
            "there is no change \(others > 0 ? "of this host " : "")to undo"
                + (others > 0 ? ": \(Words.count(others, "change")) in the journal were made elsewhere" : ""),
            hints: ["see `vfpool log`"])
    }

    /// What it has to know of the machine's files.
    package static func paths(_ entry: Entry) -> [String] {
        entry.steps.filter { $0.kind == .writeFile }.map(\.name.string)
    }

    /// - Throws: `other-host` for another host's change; `moved-on` where something was changed since;
    ///   `vf-in-use`, `pool-in-use`.
    package static func plan(
        _ state: State, _ entry: Entry, _ journal: any PastChanges, files: KnownFiles
    ) throws(Failure) -> Plan {
        let place = journal.place(state.uri)
        guard place.isOrigin(of: entry.header) else { throw elsewhere(entry, place) }
        var back = UndoBuilder(state: state, entry: entry, journal: journal, files: files)
        var plan = try back.plan()
        plan.warnings = plan.warnings.map { $0.told(.undo) }
        return plan
    }

    private static func elsewhere(_ entry: Entry, _ place: ChangeHost) -> Failure {
        let header = entry.header
        let there: Hint = "undo it there: `vfpool -c \(shell: header.uri) undo \(shell: entry.id)`"
        guard let host = header.host, let here = place.host, place.isSameHost(as: header) == false else {
            return Failure(.movedOn, "change \(entry.id) was made on \(header.uri)", hints: [there])
        }
        let isSameURI = header.uri.isSame(as: place.uri)
        var failure = Failure(
            .otherHost, "change \(entry.id) was made on another host: \(host.title)",
            cause: "it was made on \(host.detail), and \(place.uri) leads to \(here.detail)")
        failure.hints =
            if host.machine != nil {
                ["undo it there: run `vfpool undo \(shell: entry.id)` on \(text: host.title)"]
            } else if isSameURI {
                ["undo it by a URI that leads to \(text: host.title): `vfpool -c URI undo \(shell: entry.id)`"]
            } else {
                [there]
            }
        return failure
    }
}
