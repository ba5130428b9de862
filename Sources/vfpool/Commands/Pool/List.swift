import ArgumentParser
import Model
import Reporting

struct List: Command {
    static let configuration = CommandConfiguration(
        abstract: "List pools",
        discussion: """
            Every network that hands out VFs, also those that vfpool did not make. Needs no root.

            Examples:
              $ vfpool list
              Names only, for scripts:
                $ vfpool list --quiet
              On another host:
                $ vfpool list --connect qemu+ssh://root@host2/system
              On many:
                $ vfpool list --hosts 'kvm[1-40]'
            """,
        aliases: ["ls"])

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Fleet") var fleet: FleetOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let fleet = try FleetRead(fleet, connection, output) {
            return try fleet.run([FleetCommand(name: "list")], FleetList())
        }
        let report = try OneRead.report(connection, output)
        if output.format == .json {
            try output.json(report.listJSON)
        } else if output.isQuiet {
            for pool in report.pools { output.line(pool.name.printable) }
        } else {
            output.data(ListView.table(report, output.dataStyle))
            if report.pools.isEmpty {
                output.note(
                    "there is no pool on this host",
                    hints: ["make one: `vfpool create PF`", "see this host's PFs: `vfpool status`"])
            }
            let ofPools: Set<Diagnostic.Code> = [.unknown, .poolNotActive, .transientPool, .noVFFree]
            FindingView.say(report.findings.filter { ofPools.contains($0.code) }, output)
        }
        return ExitStatus.done
    }
}
