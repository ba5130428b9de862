import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading

struct Resize: ChangeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change how many VFs a PF has",
        discussion: """
            To change the count, the kernel first removes all VFs, even those in use. So this is refused while a guest \
            or the host uses one, and the error says which; from 0 it is always possible. Guests that are shut off and \
            have a VF pinned find it again. The PF's pools are stopped before and started after, and then hand out the \
            new VFs. Needs root on the host itself.

            Examples:
              $ vfpool resize eth3 16
              Without a host driver on the VFs, so that the host does not use them:
                $ vfpool resize eth3 16 --no-host-driver
              Also at every boot:
                $ vfpool resize eth3 16 --persist
              Is it possible now, and what would be done?
                $ vfpool resize eth3 16 --dry-run
            """)

    @Argument(help: "The PF: its netdev, PCI address or MAC.", completion: Completion.pfs)
    var pf: String

    @Argument(help: "The new number of VFs.")
    var number: CountArgument

    @Flag(
        inversion: .prefixedNo,
        help: "Let the host's drivers take new VFs, or not (sriov_drivers_autoprobe); else unchanged.")
    var hostDriver: Bool?

    @Flag(
        help: "Also create them at every boot, as `vfpool boot` does. If that was done before, it follows by itself.")
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
