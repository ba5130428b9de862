import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading

struct Reconcile: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring pools in line with who has which VF",
        discussion: """
            Makes and drops reservations in running pools, and lists in their persistent documents what is safe to hand \
            out at the next start. Every command that changes who has what does this too. It also starts a pool that \
            failed at boot for want of VFs, reserves what running guests have of a pool that was restarted under them, and \
            gives back what guests left behind. What only a restart of libvirt's daemon mends, it names, with the unit, and \
            exits with 1. Run it at boot, after libvirt, when guests have stopped, and after changes \
            made with other tools.

            Examples:
              $ vfpool reconcile
              Is everything in line? Exits with 2 if not:
                $ vfpool reconcile --dry-run --exit-code
            """)

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let plan = try ReconcilePlanner.plan(state)
        var proposal = Proposal(plan: plan, summary: [Summary.reconcile(plan)])
        proposal.remains = ReconcilePlanner.failure(state)
        return proposal
    }
}
