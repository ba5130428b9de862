package import Journal
package import Model

/// One change, from the first look at the host to its last line in the journal: read, plan, show, ask, apply, verify.
///
/// It has no words of its own: its views have. Whoever runs it holds the lock.
package struct Change<Views: ChangeViews> {
    private let journal: Journal
    private let command: [String]
    private let views: Views

    /// - Parameter command: the words of the command line, for the journal.
    package init(_ journal: Journal, command: [String], _ views: Views) {
        self.journal = journal
        self.command = command
        self.views = views
    }

    /// Reads, plans and shows, and changes nothing.
    package func preview() throws(Failure) -> Proposal<Views.Words> {
        let proposal = try propose(views.connect(again: false))
        try views.show(proposal)
        return proposal
    }

    /// - Throws: what went wrong; what could not be mended when all else is done.
    package func run() throws(Failure) {
        let host = try views.connect(again: false)
        let proposal = try propose(host)
        try views.show(proposal)
        if proposal.plan.isEmpty {
            // Of what there is nothing any more, nobody need be warned any more.
            if let undone = proposal.origin.undoes { try journal.close(try journal.entry(matching: undone)) }
        } else {
            try views.ask(proposal)
            let id = try make(proposal, on: host)
            try views.conclude(proposal, id)
        }
        if let failure = proposal.remains { throw failure }
    }

    private func propose(_ host: Views.Host) throws(Failure) -> Proposal<Views.Words> {
        try views.propose(host, views.read(host))
    }

    private func make(_ proposal: Proposal<Views.Words>, on host: Views.Host) throws(Failure) -> String {
        let id: String
        do throws(Failure) {
            id = try apply(proposal, on: host)
        } catch {
            // What is done of a change that stopped on the way stays, so pools are to know it.
            if error.outcome.keepsParts { bringInLine() }
            throw error
        }
        // What new VFs are called, and who waits for them, is known only now.
        if proposal.plan.steps.contains(where: \.makesFunctions) { bringInLine() }
        return id
    }

    private func bringInLine() {
        do throws(Failure) {
            let host = try views.connect(again: true)
            let proposal = try views.upkeep(views.read(host))
            guard !proposal.plan.isEmpty else { return }
            views.concludeUpkeep(.success((proposal, try apply(proposal, on: host))))
        } catch {
            views.concludeUpkeep(.failure(error))
        }
    }

    /// - Returns: the change's name in the journal.
    private func apply(_ proposal: Proposal<Views.Words>, on host: Views.Host) throws(Failure) -> String {
        try views.whileApplying(proposal.plan) { (view) throws(Failure) in
            let hypervisor = views.hypervisor(host)
            for trial in proposal.plan.trials {
                let answer = try hypervisor.answer(to: trial)
                try trial.check(answer)
                if answer.isUnknown { views.couldNotTry(trial) }
            }
            let record = try journal.begin(
                proposal.plan, command: command, uri: views.uri(host), origin: proposal.origin)
            view.begins(record.id)
            let applier = Applier(
                hypervisor, record: record, continuation: proposal.origin.continuation,
                isInterrupted: view.isInterrupted, progress: view.progress)
            try applier.apply(proposal.plan)
            return record.id
        }
    }
}
