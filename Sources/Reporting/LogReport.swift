package import Model
import Text

/// The journal as `log` shows it: every change, how it ended, and what takes it back.
package struct LogReport: Sendable {
    package struct Change: Sendable {
        package var entry: Entry
        /// The change that took this one back.
        package var undoneBy: String?
        /// Whether it was made on this machine; nil where that can't be told.
        package var isHere: Bool?

        package var result: ChangeResult { entry.result }
    }

    /// An entry that can't be read.
    package struct Unreadable: Sendable {
        package var name: String
        package var reason: String
    }

    /// Newest first.
    package var changes: [Change] = []
    package var unreadable: [Unreadable] = []
    /// How many more there are, of every host.
    package private(set) var older = 0

    /// One change.
    package init(
        _ journal: any PastChanges, of entry: Entry, machine: HostIdentity
    ) throws(Failure) {
        changes = [
            Change(
                entry: entry, undoneBy: try journal.undoer(of: entry.id),
                isHere: entry.header.host?.isSame(as: machine))
        ]
    }

    /// - Parameters:
    ///   - uri: nil for the changes of every host.
    ///   - limit: how many of the newest are wanted; nil for all.
    ///   - machine: what is known of this machine.
    package init(
        _ journal: any PastChanges, uri: String? = nil, limit: Int? = nil, machine: HostIdentity
    ) throws(Failure) {
        var seen = 0
        var undoneBy: [String: String] = [:]
        // Newest first: an undo is newer than what it took back, so whether it still counts is known by then.
        let all = try journal.scan { name, result in
            seen += 1
            switch result {
            case .success(let entry):
                if entry.result == .done, undoneBy[entry.id] == nil, let undone = entry.header.undoes {
                    undoneBy[undone] = entry.id
                }
                if uri?.isSame(as: entry.header.uri) ?? true {
                    changes.append(
                        Change(
                            entry: entry, undoneBy: undoneBy[entry.id],
                            isHere: entry.header.host?.isSame(as: machine)))
                }
            case .failure(let error):
                unreadable.append(Unreadable(name: name.text, reason: error.cause ?? error.message))
            }
            return limit.map { changes.count + unreadable.count < $0 } ?? true
        }
        if let limit, changes.count + unreadable.count >= limit { older = all.count - seen }
        unreadable.reverse()
        unreadable += all.strangers.map { Unreadable(name: $0, reason: "this is not the name of a change") }
    }
}

extension Entry {
    /// How far a step came.
    package enum StepProgress: String, Sendable { case waiting, begun, done, reverted, possible }

    package func progress(of step: StepRecord) -> StepProgress {
        switch progress.last(where: { $0.step == step.number })?.event {
        case .starting: .begun
        case .finished: .done
        case .reverted: .reverted
        case .possible: .possible
        case .complete, nil: isProgressLost ? .begun : .waiting
        }
    }

    /// When it ended; nil for one that did not.
    package var endTime: String? { progress.last { $0.event == .complete }?.time }
}

extension PastChanges {
    /// What one object's document became in a change, for its view in `log ID`, as far as its files can be read.
    package func changes(of entry: Entry) throws(Failure) -> [PlanReport.Change] {
        var changes: [PlanReport.Change] = []
        let missing = Set(unreadableFiles(of: entry))
        let kinds: [StepRecord.Kind] = [.defineNetwork, .undefineNetwork, .defineGuest, .writeFile]
        for step in entry.steps where kinds.contains(step.kind) {
            if [step.before, step.after].contains(where: { $0.map(missing.contains) ?? false }) { continue }
            let old: String? = if let file = step.before { try document(file, of: entry) } else { nil }
            let new: String? = if let file = step.after { try document(file, of: entry) } else { nil }
            let isFile = step.kind == .writeFile
            let subject: Subject =
                isFile ? .file(step.name) : step.kind == .defineGuest ? .guest(step.name) : .network(step.name)
            let before = isFile ? old ?? "" : try PlanReport.view(old, subject)
            let after = isFile ? new ?? "" : try PlanReport.view(new, subject)
            guard !before.isSame(as: after) else { continue }
            changes.append(
                PlanReport.Change(
                    subject: subject, isNew: old == nil, isRemoved: new == nil,
                    diff: UnifiedDiff(from: before, to: after)))
        }
        return changes
    }
}
