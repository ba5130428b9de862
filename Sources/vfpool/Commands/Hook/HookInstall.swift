import Applying
import ArgumentParser
import Hook
import Journal
import Model
import Planning
import Reading

struct HookInstall: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install the hook",
        discussion: """
            The hook applies VF settings (`vfpool set`) when a guest gets a VF, and restores the former values when it \
            releases the VF. Writes two scripts to /etc/libvirt/hooks, one for networks and one for guests; existing \
            hooks stay. Needs libvirt 6.5 or later. If libvirt had no hook of that kind before, its daemon has to be \
            restarted.

            Examples:
              $ vfpool hook install
              Only look:
                $ vfpool hook install --dry-run
            """)

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        let program = try OwnProgram.path()
        let plan = try HookPlan.install(
            state, KnownFiles(HookFile.paths, in: LocalFiles()), program: program, others: HookReport.others(),
            confinement: try Confinement.problem(running: program),
            weaknesses: try RootOnly().weaknesses(ofHookRunning: program))
        return Proposal(plan: plan, summary: ["Installed the hook for VF settings"])
    }
}
