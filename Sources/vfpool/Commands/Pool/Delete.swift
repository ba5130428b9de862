import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading
import Text

struct Delete: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete a pool that no guest uses",
        discussion: """
            Removes the pool's reservations, stops its network and undefines it. Refused while a guest points at the \
            pool or has a VF of it, and for networks that vfpool did not make.

            Examples:
              $ vfpool delete vfpool-eth3
              What would be removed:
                $ vfpool delete vfpool-eth3 --dry-run
              Restore it:
                $ vfpool undo
            """,
        aliases: ["rm"])

    @Argument(help: "The pool.", completion: Completion.pools)
    var pool: Name

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        Proposal(plan: try DeletePlanner.plan(state, pool: pool), summary: ["Deleted pool \(pool)"])
    }
}
