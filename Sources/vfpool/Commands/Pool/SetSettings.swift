import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading
import Text

struct SetSettings: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Say what VFs of a pool or a guest shall have",
        discussion: """
            Trust, spoof check, rates, link state, VLAN priority and protocol: what libvirt has no words for. It is kept in \
            the network's or the guest's metadata, and vfpool's hook (`vfpool hook install`) sees to it whenever a guest \
            starts, and takes it back when the guest stops. What an interface says goes before its portgroup's word, and \
            that before its pool's. The word `default` takes back what was said. A setting that the PF's driver does not \
            take is refused: it is tried on a VF that nobody has.

            Examples:
              Every guest of the pool is held to 1 Gbit/s:
                $ vfpool set vfpool-eth3 --max-rate 1000
              Those of one portgroup are trusted:
                $ vfpool set vfpool-eth3:dmz --trust on
              One interface of a guest:
                $ vfpool set vm1 --interface 52:54:00:6d:90:02 --trust on --spoof-check off
              No longer:
                $ vfpool set vm1 --trust default
            """)

    @Argument(
        help: ArgumentHelp("A pool, a portgroup as POOL:PORTGROUP, or a guest.", valueName: "pool|guest"),
        completion: Completion.anything)
    var target: Name

    @Option(
        help: ArgumentHelp(
            "Of a guest: an interface, by MAC, alias or index; else all on pools; repeatable.", valueName: "interface"),
        completion: Completion.interfaces)
    var interface: [String] = []

    @OptionGroup(title: "VF settings") var settings: SettingsOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var editsGuests: Bool { true }

    func validate() throws {
        if settings.change.isEmpty { throw ValidationError("say what shall be set, such as --trust on") }
    }

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let request = SetRequest(
            target: target, interfaces: interface, settings: try settings.request(host))
        let plan = try SettingsPlanner.plan(state, request)
        return Proposal(
            plan: plan,
            summary: ["Set \(settings.change.summary) for \(Words.list(plan.steps.map(\.subject.description)))"],
            document: (try? state.guest(named: target))?.inactiveXML ?? state.networkMeant(by: target)?.inactiveXML)
    }
}
