import Applying
import Journal
import Model
import Planning
import Reporting

// How plans, changes and failures become the shapes of `Schema`.

extension Schema.ErrorEnvelope {
    init(_ failure: Failure) {
        error = Schema.Problem(
            code: failure.code.rawValue, message: failure.message, cause: failure.cause,
            hints: failure.hints.map(\.text))
    }
}

extension Schema.ChangeEnvelope {
    /// - Parameter change: the finished change's name; nil for a plan that stays one, or is empty.
    init(_ report: PlanReport, _ proposal: Proposal<ChangeWords>, change: String?, isDry: Bool) {
        self.init(
            change: change, changed: change != nil, dryRun: isDry, plan: Schema.Plan(report),
            summary: change == nil ? [] : proposal.words.summary,
            migration: proposal.words.migration.map { Schema.Migration($0) })
    }
}

extension Schema.Plan {
    init(_ report: PlanReport) {
        steps = report.items.map { item in
            Schema.Step(
                effect: item.step.effect.rawValue, subject: item.step.subject.description, action: item.step.action,
                detail: item.detail, upkeep: item.isUpkeep, cutsLink: item.step.cutsLink)
        }
        documents = report.changes.map { change in
            Schema.DocumentDiff(
                subject: change.subject.description,
                effect: change.isNew ? "add" : change.isRemoved ? "remove" : "change",
                diff: PlanView.diff(change, .plain).joined(separator: "\n") + "\n")
        }
        add = report.added
        change = report.changed
        remove = report.removed
        warnings = report.warnings.map(Schema.Finding.init)
        notes = report.notes.map(\.text)
    }
}

extension Schema.HookEnvelope {
    init(_ report: HookReport) {
        self.init(
            files: report.files.map { Schema.HookFile(path: $0.path, state: $0.state.rawValue) },
            others: report.others, lastRun: report.lastRun)
    }
}

extension Schema.LogEnvelope {
    init(_ report: LogReport, _ journal: Journal) {
        changes = report.changes.map { Schema.Change($0, journal) }
        unreadable = report.unreadable.map(\.name)
        older = report.older
    }
}

extension Schema.Change {
    init(_ change: LogReport.Change, _ journal: Journal) {
        let entry = change.entry
        let header = entry.header
        self.init(
            id: entry.id, time: header.time, endTime: entry.endTime, user: header.user, uri: header.uri,
            host: header.host.map { Schema.ChangeHost(name: $0.name, uuid: $0.uuid, here: change.isHere) },
            command: header.command, result: entry.result.rawValue, undoes: header.undoes, undoneBy: change.undoneBy,
            error: entry.failureCode, message: entry.failureMessage, folder: journal.path(of: entry),
            steps: entry.steps.map { step in
                Schema.ChangeStep(
                    number: step.number + 1, subject: step.words.subject, action: step.words.action,
                    progress: entry.progress(of: step).rawValue, upkeep: step.isUpkeep, before: step.before,
                    after: step.stored ?? step.after)
            })
    }
}
