import Text

/// The journal as `log` shows it: every change, how it ended, and what takes it back.
package struct LogReport: Sendable {
    package struct Change: Sendable {
        package var entry: Entry
        /// The change that took this one back.
        package var undoneBy: String?

        package var result: ChangeResult { entry.result }
    }

    /// Newest first.
    package var changes: [Change]
    /// Entries that can't be read.
    package var unreadable: [String]

    /// - Parameter uri: nil for the changes of every host.
    package init(_ journal: Journal, uri: String?) throws(Failure) {
        let (entries, unreadable) = try journal.entries()
        var undoneBy: [String: String] = [:]
        // Newest first: an undo is newer than what it took back, so whether it still counts is known by then.
        for entry in entries.reversed() where entry.result == .done && undoneBy[entry.id] == nil {
            if let undone = entry.header.undoes { undoneBy[undone] = entry.id }
        }
        changes = entries.reversed().filter { uri?.isSame(as: $0.header.uri) ?? true }
            .map { Change(entry: $0, undoneBy: undoneBy[$0.id]) }
        self.unreadable = unreadable.sorted()
    }

    package init(_ entry: Entry) {
        changes = [Change(entry: entry, undoneBy: nil)]
        unreadable = []
    }
}

extension Entry {
    /// How far a step came.
    package enum StepProgress: String, Sendable { case waiting, begun, done, reverted }

    package func progress(of step: StepRecord) -> StepProgress {
        switch progress.last(where: { $0.step == step.number })?.event {
        case .starting: .begun
        case .finished: .done
        case .reverted: .reverted
        case .complete, nil: isProgressLost ? .begun : .waiting
        }
    }

    /// What went wrong, in the words that were printed then.
    package var failureMessage: String? { progress.last { $0.event == .complete }?.message }

    package var failureCode: String? { progress.last { $0.event == .complete }?.error }

    /// When it ended; nil for one that did not.
    package var endTime: String? { progress.last { $0.event == .complete }?.time }
}

extension StepRecord {
    /// What the step acted on, as `network vfpool-eth3` or `guest vm1`.
    package var subject: String {
        switch kind {
        case .defineGuest, .unplug, .plug: "guest \(name)"
        case .writeFile: "file \(name)"
        case .setPort: "port \(name)"
        default: "network \(name)"
        }
    }

    /// The step in a few words.
    package var action: String {
        let device = mac ?? address ?? "device"
        let held = reservation.map { "\($0.address) for \($0.ownerName)" } ?? "a VF"
        return switch kind {
        case .defineNetwork, .defineGuest: before == nil ? "define" : "redefine"
        case .undefineNetwork: "undefine"
        case .startNetwork: "start"
        case .stopNetwork: "stop"
        case .setAutostart: autostart ?? false ? "start at boot" : "do not start at boot"
        case .reserve: "reserve \(held)"
        case .release: "release \(held)"
        case .unplug: "unplug \(device)"
        case .plug: "plug \(device)"
        case .writeFile: before == nil ? "write" : after == nil ? "remove" : "rewrite"
        case .setPort: port?.action ?? "change"
        }
    }
}

extension Journal {
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
            let before = isFile ? old ?? "" : try PlanReport.view(old, step.subject)
            let after = isFile ? new ?? "" : try PlanReport.view(new, step.subject)
            guard !before.isSame(as: after) else { continue }
            changes.append(
                PlanReport.Change(
                    subject: step.subject, isFile: isFile, isNew: old == nil, isRemoved: new == nil,
                    diff: UnifiedDiff(from: before, to: after)))
        }
        return changes
    }
}
