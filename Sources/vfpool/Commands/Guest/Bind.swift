import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading
import Text

struct Bind: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Point guests' interfaces at a pool",
        discussion: """
            Binds guests' interfaces, not drivers. Without --interface: every interface with a pinned VF of a pool's \
            PF, to that pool; if there is none, the guest's only interface. The interface keeps its MAC, its PCI \
            address in the guest, boot order, VLAN and everything else that a VF can provide. A running guest changes \
            at its next start, or now with --live, which cuts its link for a moment.

            Examples:
              The pinned VFs of two guests:
                $ vfpool bind vm1 vm2
              One interface of many, by MAC, alias or index:
                $ vfpool bind vm1 --pool vfpool-eth3 --interface 52:54:00:6d:90:02
              One more interface, with a generated MAC:
                $ vfpool bind vm1 --pool vfpool-eth3 --add --new-mac
              For live migration, a failover pair: a VF, and a virtio card with the same MAC on a bridge:
                $ vfpool bind vm1 --failover br0
              Now, while the guest runs:
                $ vfpool bind vm1 --live
            """)

    @Argument(help: ArgumentHelp("The guests.", valueName: "guest"), completion: Completion.guests)
    var guests: [Name]

    @Option(help: "The pool; needed if there are several to choose from.", completion: Completion.pools)
    var pool: Name?

    @Option(
        help: ArgumentHelp("An interface, by MAC, alias or index; repeatable.", valueName: "interface"),
        completion: Completion.interfaces)
    var interface: [String] = []

    @Flag(help: "Add a new interface instead of changing one.")
    var add = false

    @Option(help: "The MAC of a new interface, or of one whose MAC is not known.")
    var mac: MACArgument?

    @Flag(help: "Generate a MAC where none is known.")
    var newMac = false

    @Option(help: ArgumentHelp("The interface's VLAN, 1-4094.", valueName: "id"))
    var vlan: VLANArgument?

    @Option(help: "A portgroup of the pool.", completion: Completion.portgroups)
    var portgroup: Name?

    @Option(
        help: ArgumentHelp(
            "Make a pair with a virtio card on this network or bridge, for live migration.",
            valueName: "network|bridge"),
        completion: Completion.networks)
    var failover: Name?

    @Flag(help: "Move running guests' interfaces now, by hot-unplug and hot-plug.")
    var live = false

    @Option(
        help: ArgumentHelp("With --live: how long to wait for a guest to release its device.", valueName: "seconds"))
    var wait = SecondsArgument(20)

    @Option(help: DropArgument.forPool)
    var drop: [DropArgument] = []

    @OptionGroup(title: "VF settings") var settings: SettingsOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var isLive: Bool { live }
    var editsGuests: Bool { true }

    func validate() throws {
        if mac != nil, newMac { throw ValidationError("--mac and --new-mac exclude each other") }
        if mac != nil, guests.count > 1 { throw ValidationError("--mac goes with one guest") }
        if mac != nil, interface.count > 1 { throw ValidationError("--mac goes with one interface") }
        if add, !interface.isEmpty { throw ValidationError("--add makes a new interface, so --interface names none") }
    }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let settings = try settings.request(host)
        // Each guest gets a MAC of its own.
        let fresh = newMac ? Planning.Arguments.newMACs(guests.count, state) : []
        let path = failover.map { FailoverRequest($0, isBridge: host.isBridge($0)) }
        var requests: [BindRequest] = []
        for (index, guest) in guests.deduplicated.enumerated() {
            requests.append(
                BindRequest(
                    guest: guest, pool: pool, interfaces: interface, adds: add,
                    mac: mac.flatMap { Planning.Arguments.mac($0.text) },
                    newMAC: fresh.indices.contains(index) ? fresh[index] : nil,
                    vlan: try vlan?.tag("guest \(guest)"), portgroup: portgroup, failover: path,
                    live: live,
                    drop: Set(drop.flatMap(\.names)), patience: wait.value, settings: settings))
        }
        let known = failover.map { host.noteBridges([$0], in: state) } ?? state
        let plan = try BindPlanner.plan(
            host.completed(known) { state in requests.flatMap { BindPlanner.guestsToAsk(state, $0) } }, requests)
        return Proposal(
            plan: plan, summary: Summary.guests(plan, verb: "Bound"),
            question: plan.cutsLink ? "This cuts running guests' links for a moment" : nil,
            document: guests.count == 1 ? try state.guest(named: guests[0]).inactiveXML : nil)
    }
}
