import Applying
import ArgumentParser
import Journal
import Model
import Planning
import Reading

struct HookRemove: ChangeCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove the hook",
        discussion: """
            VFs of running guests keep their settings. Settings of guests and pools are kept but no longer applied.

            Examples:
              $ vfpool hook remove
            """)

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Change") var change: ChangeOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func propose(_ host: Host, _ state: State, _ journal: Journal) throws(Failure) -> Proposal<ChangeWords> {
        Proposal(
            plan: try HookPlan.remove(state, KnownFiles(HookFile.paths, in: LocalFiles())),
            summary: ["Removed the hook for VF settings"])
    }
}
