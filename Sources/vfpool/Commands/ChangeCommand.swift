import Applying
import FoundationEssentials
import Journal
import Libvirt
import Model
import Planning
import Reading
import Reporting
import Text

/// A command that changes something. All of them take one path: open, lock, read, plan, show, ask, apply, report.
protocol ChangeCommand: Command {
    var connection: ConnectionOptions { get }
    var change: ChangeOptions { get }
    /// Whether a running guest's devices are moved, so that its events are needed.
    var isLive: Bool { get }
    /// Whether the plan has guests' documents, which are whole only on a connection that may see secrets.
    var editsGuests: Bool { get }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal
}

/// What a command proposes to do, and what it will say when it is done.
struct Proposal {
    var plan: Plan
    /// The sentences that report it done.
    var summary: [String]
    /// What to do next.
    var hints: [Hint] = []
    /// Why it asks first, where naming a thing is not consent enough.
    var question: String?
    /// What it can't mend, which is the error that it ends with when everything else is done.
    var remains: Failure?
    /// The change that this one takes back.
    var undoes: String?
    /// The command's one object as it is: what `--print-xml` prints where nothing of it has to change.
    var document: String?
    /// What a migration does, guest by guest, and what it was asked for.
    var migration: Migration?
    var request: MigrateRequest?
    /// The change that this one goes on with.
    var resumes: String?
}

extension ChangeCommand {
    var isLive: Bool { false }
    var editsGuests: Bool { false }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if change.printXML, output.format == .json {
            throw Failure(.usage, "--print-xml prints XML, so it does not go with --format json")
        }
        let folder = StateFolder.standard(Terminal.environment)
        if change.isDry {
            let host = try openForReading(output)
            let journal = Journal(folder, host: host.identity())
            let proposal = try advised(host, journal, output)
            return try show(proposal, output)
        }
        let host = try Host.open(connection.uri, readOnly: false, events: isLive, timeout: connection.patience)
        output.verbose("connected to \(host.uri)")
        let shared = host.isLocal ? HostLock.sharedFolder : nil
        let lock = try HostLock(
            folder, shared: shared, command: Self.commandLine, patience: change.lockWait.value
        ) { holder in
            output.note("waiting for who has locked this host: \(holder)")
        }
        return try changeHost(host, holding: lock, Journal(folder, host: host.identity()), output)
    }

    static var commandLine: [String] { ["vfpool"] + CommandLine.arguments.dropFirst() }

    /// A plan needs no right to change anything; whole documents of guests do, and without their secrets an undo would
    /// not know them again.
    private func openForReading(_ output: Output) throws(Failure) -> Host {
        guard editsGuests else { return try Host.open(connection.uri, readOnly: true, timeout: connection.patience) }
        do throws(Failure) {
            return try Host.open(connection.uri, readOnly: false, timeout: connection.patience)
        } catch {
            // Why writing is refused says more than why reading is, where both are.
            guard let host = try? Host.open(connection.uri, readOnly: true, timeout: connection.patience) else {
                throw error
            }
            output.warning("the connection is read-only: secrets, such as graphics passwords, are left out")
            return host
        }
    }

    /// What the command proposes, with what is to be said of any change.
    private func advised(_ host: Host, _ journal: Journal, _ output: Output) throws(Failure) -> Proposal {
        let state = try OneRead.stateToChange(host, output)
        var proposal = try propose(host, state, journal)
        proposal.plan.warnings += GuestOwner.warnings(proposal.plan) + HostTaken.warnings(proposal.plan, state)
        return proposal
    }

    // MARK: Without change

    private func show(_ proposal: Proposal, _ output: Output) throws(Failure) -> Int32 {
        if change.printXML {
            try printDocument(proposal, output)
        } else {
            try present(proposal, output, done: nil)
        }
        if let failure = proposal.remains { throw failure }
        return change.exitCode && !proposal.plan.isEmpty ? ExitStatus.wouldChange : ExitStatus.done
    }

    /// One document and nothing else on stdout, for `virsh define /dev/stdin`.
    private func printDocument(_ proposal: Proposal, _ output: Output) throws(Failure) {
        let own = proposal.plan.items.contains { !$0.isUpkeep }
        let documents = own || proposal.document == nil ? PlanReport.documents(proposal.plan) : []
        guard documents.count <= 1 else {
            throw Failure(
                .usage, "there are \(documents.count) resulting documents, and --print-xml prints one",
                hints: ["name one object at a time", "see them all: `--dry-run`"])
        }
        guard let text = documents.first ?? proposal.document else {
            throw Failure(.noDocument, "there is no resulting document to print", hints: ["see the plan: `--dry-run`"])
        }
        if documents.isEmpty { output.note("nothing to do: this is the document as it is") }
        let others = PlanReport.othersInLine(proposal.plan)
        if !others.isEmpty {
            output.note(
                "not printed: the change also brings \(Words.list(others.map(\.description))) in line; see it with `--dry-run`"
            )
        }
        output.data(text.printableDocument + (text.hasSuffix(bytes: "\n") ? "" : "\n"))
    }

    /// - Parameter done: the finished change; nil for a plan that stays one.
    private func present(_ proposal: Proposal, _ output: Output, done: String?) throws(Failure) {
        let report = try PlanReport(proposal.plan)
        if output.format == .json {
            try output.json(Schema.ChangeEnvelope(report, proposal, change: done, isDry: change.isDry))
        } else if output.isQuiet {
            // Warnings are for scripts, too; the output leaves notes and hints out.
            PlanView.advice(report, proposal.migration, output)
            for name in Summary.names(proposal.plan) { output.line(name.printable) }
        } else if proposal.plan.isEmpty {
            PlanView.advice(report, proposal.migration, output)
            output.line(proposal.migration.flatMap(MigrationView.ending) ?? "Nothing to do")
        } else {
            output.data(PlanView.text(report, output.dataStyle, proposal.migration))
            PlanView.advice(report, proposal.migration, output)
            // What is done ends with its summary, which says it, too.
            if change.isDry, let ending = proposal.migration.flatMap(MigrationView.ending) { output.line(ending) }
        }
    }

    // MARK: With change

    private func changeHost(
        _ host: Host, holding lock: borrowing HostLock, _ journal: Journal, _ output: Output
    ) throws(Failure) -> Int32 {
        let proposal = try advised(host, journal, output)
        // JSON is one document, printed when it is known how the change ended.
        if output.format == .table || proposal.plan.isEmpty { try present(proposal, output, done: nil) }
        // What could not be shown is not done.
        try output.flush()
        guard !proposal.plan.isEmpty else {
            // What there is nothing of any more need not be warned of any more.
            if let undone = proposal.undoes { try journal.close(try journal.entry(matching: undone)) }
            if let failure = proposal.remains { throw failure }
            return ExitStatus.done
        }
        if let question = proposal.question {
            try Confirmation.ask(question, agreed: change.yes, output)
        }
        let id: String
        do throws(Failure) {
            id = try apply(proposal, to: host, journal, output)
        } catch {
            if error.isPartial { bringInLine(host.uri, journal, output) }
            throw error
        }
        // What new VFs are called, and who waits for them, is known only now.
        if proposal.plan.steps.contains(where: \.makesFunctions) { bringInLine(host.uri, journal, output) }
        do throws(Failure) {
            try conclude(proposal, id, output)
            try output.flush()
        } catch {
            throw Failure(
                error.code, "change \(id) was made, but \(error.message)", cause: error.cause,
                hints: ["it is in place; see it: `vfpool log \(shell: id)`"])
        }
        if let failure = proposal.remains { throw failure }
        return ExitStatus.done
    }

    /// What is said of a finished change.
    private func conclude(_ proposal: Proposal, _ id: String, _ output: Output) throws(Failure) {
        if output.format == .json {
            try present(proposal, output, done: id)
        } else if !output.isQuiet {
            // The plan has them all.
            let most = proposal.summary.count > 16 ? 8 : 16
            for line in proposal.summary.prefix(most) { output.line(line.printable) }
            if proposal.summary.count > most {
                output.hint("see the other \(proposal.summary.count - most): `vfpool log \(shell: id)`")
            }
            for hint in proposal.hints { output.hint(hint) }
            // A change of upkeep alone has no way back.
            if proposal.plan.items.contains(where: { !$0.isUpkeep }) {
                if let uri = connection.uri {
                    output.hint("undo with `vfpool -c \(shell: uri) undo \(shell: id)`")
                } else {
                    output.hint("undo with `vfpool undo \(shell: id)`")
                }
            } else {
                output.note("this is change \(id)")
            }
        }
    }

    /// What is done of a change that stopped on the way stays, so pools are to know it, as far as that goes now.
    private func bringInLine(_ uri: String, _ journal: Journal, _ output: Output) {
        do throws(Failure) {
            let host = try Host.open(uri, readOnly: false, timeout: connection.patience, again: true)
            let plan = Plan(try Upkeep.items(try OneRead.stateToChange(host, output)))
            guard !plan.isEmpty else { return }
            let id = try apply(Proposal(plan: plan, summary: []), to: host, journal, output)
            output.note("\(Summary.reconcile(plan)) (change \(id))")
        } catch {
            output.warning(
                "pools may be out of line: \(error.message)", hints: ["when it is mended: `vfpool reconcile`"])
        }
    }

    /// - Returns: the change's name in the journal.
    private func apply(
        _ proposal: Proposal, to host: Host, _ journal: Journal, _ output: Output
    ) throws(Failure) -> String {
        Interruption.hold()
        defer { Interruption.release() }
        let record = try journal.begin(
            proposal.plan, command: Self.commandLine, uri: host.uri, undoes: proposal.undoes,
            migration: proposal.request, resumes: proposal.resumes)
        output.verbose("change \(record.id)")
        let libvirt = LibvirtHypervisor(
            host.connection, uri: host.uri, events: host.hasEvents, patience: host.patience,
            kernel: host.isLocal ? KernelControl(host.sysfs) : NoControl(),
            grammar: Grammar(isLocal: host.isLocal, daemon: try? host.connection.daemonVersion()))
        let style = output.talkStyle
        let hypervisor: any Hypervisor =
            output.isVerbose ? TracedHypervisor(libvirt) { call in Trace.print("  " + call, style) } : libvirt
        let count = proposal.plan.steps.count
        let line = ProgressLine(proposal.plan, output)
        defer { line.clear() }
        let applier = Applier(
            hypervisor, record: record,
            goesOn: proposal.undoes.map { "vfpool undo \(shell: $0)" } ?? "vfpool migrate --resume",
            isInterrupted: { Interruption.isRequested },
            progress: { index, step in
                output.verbose("step \(index + 1) of \(count): \(step.subject): \(step.action)")
                line.show(index)
            })
        try applier.apply(proposal.plan)
        return record.id
    }
}
