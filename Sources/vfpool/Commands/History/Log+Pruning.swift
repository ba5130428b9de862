import Journal
import Model
import Planning
import Reading
import Text

extension Log {
    /// Removes old changes, on the host whose guests may still want one.
    func prune(_ age: AgeArgument, _ output: Output) throws(Failure) -> Int32 {
        let folder = StateFolder.standard(Terminal.environment)
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        let journal = Journal(folder, host: host.identity())
        guard !pruning.dryRun else {
            try show(try plan(age, host, journal, output), isDry: true, output)
            return ExitStatus.done
        }
        let lock = try HostLock(
            folder, shared: host.isLocal ? HostLock.sharedFolder : nil,
            command: ["vfpool"] + CommandLine.arguments.dropFirst(), patience: pruning.lockWait.value
        ) { holder in
            output.note("waiting for the lock on this host, held by \(holder)")
        }
        return try prune(age, host, journal, holding: lock, output)
    }

    private func prune(
        _ age: AgeArgument, _ host: Host, _ journal: Journal, holding lock: borrowing HostLock, _ output: Output
    ) throws(Failure) -> Int32 {
        let plan = try plan(age, host, journal, output)
        if !plan.removed.isEmpty {
            try Confirmation.ask(
                "This removes \(PruneView.what(plan)) from the journal: no undo knows them then", agreed: pruning.yes,
                output)
            try journal.remove(plan.removed)
        }
        try show(plan, isDry: false, output)
        return ExitStatus.done
    }

    private func plan(
        _ age: AgeArgument, _ host: Host, _ journal: Journal, _ output: Output
    ) throws(Failure) -> Pruning {
        let state = try OneRead.stateToChange(host, output)
        return try Pruning(journal, state, olderThan: age.seconds, force: pruning.force)
    }

    private func show(_ plan: Pruning, isDry: Bool, _ output: Output) throws(Failure) {
        if output.format == .json { return try output.json(plan.json(isDry: isDry)) }
        if output.isQuiet {
            for id in plan.removed { output.line(id) }
            return
        }
        for line in PruneView.kept(plan) { output.line(line) }
        output.line(
            plan.removed.isEmpty ? "Nothing to do" : "\(isDry ? "Would remove" : "Removed") \(PruneView.what(plan))")
    }
}
