import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading

struct Resize: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change how many virtual functions a PF has",
        discussion: """
            From one number to another the kernel goes through 0, which takes every VF away from whoever has it. So this \
            is refused while a guest or the host has one, naming who; from 0 on it is always possible. Guests that are \
            off and have a VF fixed find it again. The PF's pools follow: they are stopped before and started after, \
            and hand out the new VFs. Needs root on the host itself.

            Examples:
              $ vfpool resize eth3 16
              VFs that no driver of the host's gets, so that nothing there uses them:
                $ vfpool resize eth3 16 --no-host-driver
              Also after the next boot:
                $ vfpool resize eth3 16 --persist
              Is it possible now, and what would be done?
                $ vfpool resize eth3 16 --dry-run
            """)

    @Argument(help: "The PF: its netdev, PCI address or MAC.", completion: Completion.pfs)
    var pf: String

    @Argument(help: "How many VFs it is to have.")
    var number: CountArgument

    @Flag(
        inversion: .prefixedNo,
        help: "Whether new VFs get a driver of the host's (sriov_drivers_autoprobe); else this stays as it is.")
    var hostDriver: Bool?

    @Flag(
        help: "Also have them there at boot, as `vfpool boot` does. Where that was done before, it follows by itself.")
    var persist = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        if !change.isDry { try host.checkMayChangeItself() }
        let pf = try host.pf(pf, in: state)
        let boot = try host.bootSetup(of: state) ?? BootSetup()
        let persists = number.value > 0 && (persist || BootPlanner.isSet(pf, boot))
        let request = ResizeRequest(
            pf: pf, count: number.value, hostDrivers: hostDriver, boot: persists ? nil : boot)
        var plan = try ResizePlanner.plan(state, request)
        if persists {
            plan =
                plan
                + (try BootPlanner.plan(
                    state,
                    try Boot.request(host, state, pf, count: number.value, hostDrivers: hostDriver),
                    Boot.files(pf)))
        }
        return Proposal(plan: plan, summary: [Summary.resize(plan, request)])
    }
}
