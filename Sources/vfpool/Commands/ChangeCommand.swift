import Applying
import FoundationEssentials
import Journal
import Libvirt
import Model
import Reading

/// A command that changes something: it says what it proposes, and its change takes the one path of all of them.
protocol ChangeCommand: Command {
    var connection: ConnectionOptions { get }
    var change: ChangeOptions { get }
    /// Whether a running guest's devices are moved, so that its events are needed.
    var isLive: Bool { get }
    /// Whether the plan has guests' documents, which are whole only on a connection that may see secrets.
    var editsGuests: Bool { get }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords>
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
            let proposal = try ChangeRun(self, on: openForReading(output), folder, output).change.preview()
            if let failure = proposal.remains { throw failure }
            return change.exitCode && !proposal.plan.isEmpty ? ExitStatus.wouldChange : ExitStatus.done
        }
        let host = try Host.open(connection.uri, readOnly: false, events: isLive, timeout: connection.patience)
        output.verbose("connected to \(host.uri)")
        let shared = host.isLocal ? HostLock.sharedFolder : nil
        let lock = try HostLock(
            folder, shared: shared, command: CommandLine.words, patience: change.lockWait.value
        ) { holder in
            output.note("waiting for the lock on this host, held by \(holder)")
        }
        try run(ChangeRun(self, on: host, folder, output), holding: lock)
        return ExitStatus.done
    }

    private func run(_ run: ChangeRun<Self>, holding lock: borrowing HostLock) throws(Failure) {
        try run.change.run()
    }

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
}

extension CommandLine {
    /// As it is written down: by the program's own name.
    static var words: [String] { ["vfpool"] + arguments.dropFirst() }
}
