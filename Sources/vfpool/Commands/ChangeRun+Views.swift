import Applying
import Model
import Planning
import Reporting
import Text

/// What is said of a change before, while and after it is made.
extension ChangeRun {
    func show(_ proposal: Proposal<ChangeWords>) throws(Failure) {
        if command.change.printXML {
            try printDocument(proposal)
        } else if command.change.isDry || output.format == .table || proposal.plan.isEmpty {
            // JSON of a change that is made is one document, printed when it is known how it ended.
            try present(proposal, done: nil)
        }
        try output.flush()
    }

    func ask(_ proposal: Proposal<ChangeWords>) throws(Failure) {
        guard let question = proposal.words.question else { return }
        try Confirmation.ask(question, agreed: command.change.yes, output)
    }

    func whileApplying<T>(_ plan: Plan, _ body: (ApplyingView) throws(Failure) -> T) throws(Failure) -> T {
        Interruption.hold()
        defer { Interruption.release() }
        let count = plan.steps.count
        let line = ProgressLine(plan, output)
        defer { line.clear() }
        return try body(
            ApplyingView(
                isInterrupted: { Interruption.isRequested }, begins: { output.verbose("change \($0)") },
                progress: { index, step in
                    output.verbose("step \(index + 1) of \(count): \(step.subject): \(step.action)")
                    line.show(index)
                }))
    }

    func couldNotTry(_ trial: SettingsTrial) {
        output.note("it is not known whether the driver of \(trial.pf.title) supports \(trial.wanted.summary)")
    }

    func conclude(_ proposal: Proposal<ChangeWords>, _ id: String) throws(Failure) {
        do throws(Failure) {
            if output.format == .json {
                try present(proposal, done: id)
            } else if !output.isQuiet {
                summarize(proposal, id)
            }
            try output.flush()
        } catch {
            throw Failure(
                error.code, "change \(id) was made, but \(error.message)", cause: error.cause,
                hints: ["it is in place; see it: `vfpool log \(shell: id)`"])
        }
    }

    func concludeUpkeep(_ result: Result<(proposal: Proposal<ChangeWords>, id: String), Failure>) {
        switch result {
        case .success(let done): output.note("\(Summary.reconcile(done.proposal.plan)) (change \(done.id))")
        case .failure(let error):
            output.warning(
                "pools may be out of date: \(error.message)", hints: ["when that is repaired: `vfpool reconcile`"])
        }
    }

    // MARK: Details

    /// One document and nothing else on stdout, for `virsh define /dev/stdin`.
    private func printDocument(_ proposal: Proposal<ChangeWords>) throws(Failure) {
        let own = proposal.plan.items.contains { !$0.isUpkeep }
        let present = proposal.words.document
        let documents = own || present == nil ? PlanReport.documents(proposal.plan) : []
        guard documents.count <= 1 else {
            throw Failure(
                .usage, "there are \(documents.count) resulting documents, and --print-xml prints one",
                hints: ["name one object at a time", "see them all: `--dry-run`"])
        }
        guard let text = documents.first ?? present else {
            throw Failure(.noDocument, "there is no resulting document to print", hints: ["see the plan: `--dry-run`"])
        }
        if documents.isEmpty { output.note("nothing to do: this is the document as it is") }
        let others = PlanReport.othersInLine(proposal.plan)
        if !others.isEmpty {
            output.note(
                "not printed: the change also updates \(Model.Words.list(others.map(\.description))); see it with `--dry-run`"
            )
        }
        output.data(text.printableDocument + (text.hasSuffix(bytes: "\n") ? "" : "\n"))
    }

    /// - Parameter done: the finished change; nil for a plan that stays one.
    private func present(_ proposal: Proposal<ChangeWords>, done: String?) throws(Failure) {
        let report = try PlanReport(proposal.plan)
        let migration = proposal.words.migration
        if output.format == .json {
            try output.json(json(report, proposal, change: done))
        } else if output.isQuiet {
            // Warnings are for scripts, too; the output leaves notes and hints out.
            PlanView.advice(report, migration, output)
            for name in Summary.names(proposal.plan) { output.line(name.printable) }
        } else if proposal.plan.isEmpty {
            PlanView.advice(report, migration, output)
            output.line(migration.flatMap(MigrationView.ending) ?? "Nothing to do")
        } else {
            output.data(PlanView.text(report, output.dataStyle, migration))
            PlanView.advice(report, migration, output)
            // What is done ends with its summary, which says it, too.
            if command.change.isDry, let ending = migration.flatMap(MigrationView.ending) { output.line(ending) }
        }
    }

    /// - Parameter change: the finished change's name; nil for a plan that stays one, or is empty.
    private func json(_ report: PlanReport, _ proposal: Proposal<ChangeWords>, change: String?) -> JSONObject {
        var json: JSONObject = [
            "change": change, "changed": change != nil, "dryRun": command.change.isDry, "plan": report,
            "summary": change == nil ? [] : proposal.words.summary,
        ]
        if let migration = proposal.words.migration { json.add("migration", migration) }
        if let found = proposal.words.differences { json.add("differences", found.differences) }
        return json
    }

    /// What is said of a finished change.
    private func summarize(_ proposal: Proposal<ChangeWords>, _ id: String) {
        // The plan has them all.
        let summary = proposal.words.summary
        let most = summary.count > 16 ? 8 : 16
        for line in summary.prefix(most) { output.line(line.printable) }
        if summary.count > most {
            output.hint("see the other \(summary.count - most): `vfpool log \(shell: id)`")
        }
        for hint in proposal.words.hints { output.hint(hint) }
        guard proposal.plan.items.contains(where: { !$0.isUpkeep }) else {
            // A change of upkeep alone has no way back.
            return output.note("this is change \(id)")
        }
        if let uri = command.connection.uri {
            output.hint("undo with `vfpool -c \(shell: uri) undo \(shell: id)`")
        } else {
            output.hint("undo with `vfpool undo \(shell: id)`")
        }
    }
}
