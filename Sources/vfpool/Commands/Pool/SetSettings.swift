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
        abstract: "Set VF options for a pool, portgroup or guest",
        discussion: """
            Sets trust, spoof check, rates, link state, VLAN priority and VLAN protocol, which libvirt itself cannot \
            set. The options are kept in the metadata of the network or the guest. vfpool's hook (`vfpool hook \
            install`) applies them when a guest gets a VF, and restores the former values when it releases the VF. \
            Interface settings override the portgroup's, and those the pool's; `default` clears one. A setting that \
            the PF's driver does not support is refused: it is first tried on a free VF.

            Examples:
              Limit every guest of the pool to 1 Gbit/s:
                $ vfpool set vfpool-eth3 --max-rate 1000
              Trust the VFs of one portgroup:
                $ vfpool set vfpool-eth3:dmz --trust on
              One interface of a guest:
                $ vfpool set vm1 --interface 52:54:00:6d:90:02 --trust on --spoof-check off
              Clear a setting:
                $ vfpool set vm1 --trust default
            """)

    @Argument(
        help: ArgumentHelp("A pool, a portgroup as POOL:PORTGROUP, or a guest.", valueName: "pool|guest"),
        completion: Completion.anything)
    var target: Name

    @Option(
        help: ArgumentHelp(
            "With a guest: one interface, by MAC, alias or index; else all that are on pools; repeatable.",
            valueName: "interface"),
        completion: Completion.interfaces)
    var interface: [String] = []

    @OptionGroup(title: "VF settings") var settings: SettingsOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    var editsGuests: Bool { true }

    func validate() throws {
        if settings.change.isEmpty { throw ValidationError("give at least one VF option, such as --trust on") }
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
