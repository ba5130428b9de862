import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading

struct Reconcile: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Update pools to match which VFs are in use",
        discussion: """
            Adds and releases reservations in running pools, and lists in their persistent documents what is safe to \
            hand out at the next start. Every command that changes who has a VF does this too. It also starts a pool \
            that failed at boot because its VFs were missing, reserves the VFs of guests that kept running while their \
            pool was restarted, and releases what stopped guests left behind. If only a restart of libvirt's daemon \
            can repair something, it names the unit and exits with 1. Run it at boot, after libvirt, when guests have \
            stopped, and after changes made with other tools.

            Examples:
              $ vfpool reconcile
              Is everything up to date? Exits with 2 if not:
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
