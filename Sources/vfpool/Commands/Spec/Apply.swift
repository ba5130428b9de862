import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading
import Spec
import Text

struct Apply: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a host match a spec",
        discussion: """
            Makes one plan of everything that `vfpool diff` finds, and applies it as one change, which `vfpool undo` \
            takes back as a whole: VF counts and boot units; pools that are missing, differ or are to be adopted; \
            guests' interfaces. Run again, it does nothing. What the spec does not mention stays as it is. A running \
            guest changes at its next start, or now with --live. If something can't be made as the spec says, nothing \
            is changed, unless --partial is given. The format of specs: `vfpool help spec`.

            Examples:
              What would be done:
                $ vfpool apply -f kvm7.yaml --dry-run
              $ vfpool apply -f kvm7.yaml
              Also delete vfpool's pools that the spec does not have:
                $ vfpool apply -f kvm7.yaml --prune
              Do what can be done, leave out the rest:
                $ vfpool apply -f kvm7.yaml --partial
            """)

    @OptionGroup(title: "Spec") var spec: SpecArguments

    @Flag(help: "Leave out what can't be made as the spec says, and do the rest.")
    var partial = false

    @Flag(help: "Move running guests' interfaces now, by hot-unplug and hot-plug.")
    var live = false

    @Option(
        help: ArgumentHelp("With --live: how long to wait for a guest to release its device.", valueName: "seconds"))
    var wait = SecondsArgument(20)

    @Option(help: DropArgument.forPool)
    var drop: [DropArgument] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var isLive: Bool { live }
    var editsGuests: Bool { true }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let wanted = try spec.spec(host)
        if !change.isDry, !wanted.pfs.isEmpty { try host.checkMayChangeItself() }
        let state = try host.completed(host.noted(wanted, in: state)) { SpecPlan.guestsToAsk($0, wanted) }
        var options = try SpecOptions(host, state, wanted)
        options.prunes = spec.prune
        options.isLive = live
        options.patience = wait.value
        options.drop = Set(drop.flatMap(\.names))
        let found = try SpecPlan(state, wanted, options)
        let failure = DiffView.failure(found, partial: partial)
        if let failure, !partial { throw failure }
        let plan = found.plan
        var proposal = Proposal(plan: plan, summary: DiffView.summary(found, plan))
        proposal.words.differences = found
        proposal.remains = failure
        let deleted = plan.steps.contains { if case .undefineNetwork = $0 { true } else { false } }
        if plan.cutsLink {
            proposal.words.question = "This cuts running guests' links for a moment"
        } else if deleted {
            proposal.words.question = "This deletes pools that the spec does not have"
        }
        return proposal
    }
}
