import ArgumentParser
import Hook
import Journal
import Model
import Reading

struct HookStatus: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show whether the hook is installed, and when libvirt ran it",
        discussion: """
            Reads files on this machine only; does not connect to libvirt.

            Examples:
              $ vfpool hook status
            """)

    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let report = HookReport.ofThisHost(LocalFiles(), program: (try? OwnProgram.path()) ?? "")
        if output.format == .json {
            try output.json(report.json)
        } else {
            HookView.show(report, output)
        }
        return ExitStatus.done
    }
}
