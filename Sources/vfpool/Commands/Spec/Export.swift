import ArgumentParser
import Journal
import Model
import Planning
import Reading
import Spec
import Text

struct Export: Command {
    static let configuration = CommandConfiguration(
        abstract: "Print the state of a host as a spec",
        discussion: """
            A spec is a YAML file that says what should be: how many VFs a PF has, which pools and portgroups there \
            are, and which guests' interfaces are on them. `vfpool diff` compares it with a host, `vfpool apply` makes \
            the host match it. Without names: everything. An export matches the host exactly, so `vfpool export | \
            vfpool diff -f -` finds nothing. Interfaces that are not on a pool are not part of a spec. The format: \
            `vfpool help spec`.

            Examples:
              The whole host, for Git:
                $ vfpool export > kvm7.yaml
              One guest, or a pool and its PF:
                $ vfpool export vm1
                $ vfpool export vfpool-eth3 eth3
              Many hosts, a YAML document for each:
                $ vfpool export --hosts 'kvm[1-40]'
              Also what is absent, so that a VLAN, portgroup or VF setting added later is a difference:
                $ vfpool export --full > kvm7.yaml
            """)

    @Argument(
        help: ArgumentHelp("PFs, pools and guests; else all.", valueName: "pf|pool|guest"),
        completion: Completion.anything)
    var names: [Name] = []

    @Flag(help: "Also write what is absent: no VLAN, no portgroup, no VF settings, PFs without VFs.")
    var full = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Fleet") var fleet: FleetOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let fleet = try FleetRead(fleet, connection, output) {
            return try fleet.run(
                [FleetCommand(name: "export", options: full ? ["--full"] : [], arguments: names)], FleetExport())
        }
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        let state = try OneRead.state(host, output)
        var spec = try HostExport.spec(
            state, boot: try host.bootSetup(of: state), names: names, isFull: full)
        spec.host = host.identity().name.map { Name($0) }
        if output.isQuiet {
            for name in spec.pfs.map(\.word) + spec.pools.map(\.name) + spec.guests.map(\.name) {
                output.line(name.printable)
            }
        } else if output.format == .json {
            // JSON is YAML: what is printed is read as a spec again.
            try output.json(spec.json)
        } else {
            output.data(spec.yaml)
            for note in spec.notes { output.note(note.string) }
        }
        return ExitStatus.done
    }
}
