import Applying
import Journal
import Libvirt
import Model
import Planning
import Reading

/// A command's change as it is run on a host: what `Change` needs of the command line.
struct ChangeRun<Command: ChangeCommand>: ChangeViews {
    let command: Command
    let host: Host
    let journal: Journal
    let output: Output

    init(_ command: Command, on host: Host, _ folder: StateFolder, _ output: Output) {
        self.command = command
        self.host = host
        self.journal = Journal(folder, host: host.identity())
        self.output = output
    }

    var change: Change<ChangeRun> { Change(journal, command: CommandLine.words, self) }

    func connect(again: Bool) throws(Failure) -> Host {
        guard again else { return host }
        return try Host.open(host.uri, readOnly: false, timeout: command.connection.patience, again: true)
    }

    func read(_ host: Host) throws(Failure) -> State { try OneRead.stateToChange(host, output) }

    func uri(_ host: Host) -> String { host.uri }

    func hypervisor(_ host: Host) -> any Hypervisor {
        let libvirt = LibvirtHypervisor(
            host.connection, uri: host.uri, events: host.hasEvents, patience: host.patience,
            kernel: host.isLocal ? KernelControl(host.sysfs) : NoControl(),
            grammar: Grammar(isLocal: host.isLocal, daemon: try? host.connection.daemonVersion()),
            width: host.connectionsAtOnce)
        guard output.isVerbose else { return libvirt }
        let style = output.talkStyle
        return TracedHypervisor(libvirt) { call in Trace.print("  " + call, style) }
    }

    /// What the command proposes, with what is to be said of any change.
    func propose(_ host: Host, _ state: State) throws(Failure) -> Proposal<ChangeWords> {
        var proposal = try command.propose(host, state, journal)
        proposal.plan.warnings += GuestOwner.warnings(proposal.plan) + HostTaken.warnings(proposal.plan, state)
        return proposal
    }

    func upkeep(_ state: State) throws(Failure) -> Proposal<ChangeWords> {
        Proposal(plan: Plan(try Upkeep.items(state)), summary: [])
    }
}
