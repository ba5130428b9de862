import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading
import Text

struct Unbind: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Point guests' interfaces back, or at a network, bridge or VF",
        discussion: """
            Without a target, the interface becomes what it was before `bind`, as recorded in the journal. It keeps \
            its MAC.

            Examples:
              As it was before:
                $ vfpool unbind vm1
              To an ordinary network or bridge, with an emulated card:
                $ vfpool unbind vm1 --to-network default
                $ vfpool unbind vm1 --to-bridge br0 --model virtio
              To one pinned VF, which the pool then reserves for this guest:
                $ vfpool unbind vm1 --to-vf 0000:03:10.2
            """)

    @Argument(help: ArgumentHelp("The guests.", valueName: "guest"), completion: Completion.guests)
    var guests: [Name]

    @Option(
        help: ArgumentHelp("An interface, by MAC, alias or index; repeatable.", valueName: "interface"),
        completion: Completion.interfaces)
    var interface: [String] = []

    @Option(help: ArgumentHelp("A libvirt network.", valueName: "network"), completion: Completion.networks)
    var toNetwork: Name?

    @Option(help: ArgumentHelp("A bridge of the host.", valueName: "bridge"))
    var toBridge: Name?

    @Option(help: ArgumentHelp("A VF, by PCI address or as PF:INDEX.", valueName: "address"))
    var toVf: String?

    @Option(help: "With --to-network or --to-bridge: the emulated card; else virtio.")
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Drop features that the network or bridge cannot provide: vlan, virtualport.", valueName: "list"))
    var drop: [DropArgument] = []

    @Flag(help: "Move running guests' interfaces now, by hot-unplug and hot-plug.")
    var live = false

    @Option(
        help: ArgumentHelp("With --live: how long to wait for a guest to release its device.", valueName: "seconds"))
    var wait = SecondsArgument(20)

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var isLive: Bool { live }
    var editsGuests: Bool { true }

    func validate() throws {
        guard [toNetwork?.string, toBridge?.string, toVf].compactMap(\.self).count <= 1 else {
            throw ValidationError("--to-network, --to-bridge and --to-vf exclude each other")
        }
        if toVf != nil, guests.count > 1 { throw ValidationError("--to-vf goes with one guest: a VF has one holder") }
        if model != nil, toNetwork == nil, toBridge == nil {
            throw ValidationError("--model goes with --to-network or --to-bridge")
        }
    }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let target: UnbindTarget =
            if let toNetwork { .network(toNetwork) } else if let toBridge { .bridge(toBridge) } else if let toVf {
                .function(toVf)
            } else { .former }
        let requests = guests.deduplicated.map { guest in
            UnbindRequest(
                guest: guest, interfaces: interface, target: target,
                isBridge: toBridge.flatMap { host.isBridge($0) }, model: model, live: live, patience: wait.value,
                drop: Set(drop.flatMap(\.names)))
        }
        let state = host.noteBridges([toBridge].compactMap(\.self), in: state)
        let plan = try UnbindPlanner.plan(state, requests, History(journal, uri: host.uri))
        return Proposal(
            plan: plan, summary: Summary.guests(plan, verb: "Unbound"),
            question: plan.cutsLink ? "This cuts running guests' links for a moment" : nil,
            document: guests.count == 1 ? try state.guest(named: guests[0]).inactiveXML : nil)
    }
}
