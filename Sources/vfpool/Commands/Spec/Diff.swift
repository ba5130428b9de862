import ArgumentParser
import Model
import Planning
import Reading
import Reporting
import Spec
import Text

struct Diff: Command {
    static let configuration = CommandConfiguration(
        abstract: "Compare a host with a spec",
        discussion: """
            Prints one line for each difference: ~ it differs, + it is missing, - it is not in the spec (with \
            --prune), … it changes at the guest's or pool's next start, ! it can't be made so, and why. What the spec \
            does not mention is not compared. Changes nothing. Exits with 0 if nothing differs (what waits for a next \
            start is no difference), with 2 if something does, with 1 if the comparison failed. The format of specs: \
            `vfpool help spec`.

            Examples:
              $ vfpool diff -f kvm7.yaml
              A folder of fragments, or of one file per host:
                $ vfpool diff -f /etc/vfpool/spec
              The spec from stdin (an export always matches):
                $ vfpool export | vfpool diff -f -
              Many hosts, with a file for each in the folder (`host:`), or one file for all:
                $ vfpool diff -f /etc/vfpool/spec --hosts 'kvm[1-40]'
              For a monitoring system:
                $ vfpool diff -f kvm7.yaml --format json | jq .counts
            """)

    @OptionGroup(title: "Spec") var spec: SpecArguments
    @Option(
        help: ArgumentHelp(
            "Also write how many things differ to this file, for node_exporter's textfile collector.", valueName: "file"
        ),
        completion: .file(extensions: ["prom"]))
    var metrics: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Fleet") var fleet: FleetOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let fleet = try FleetRead(fleet, connection, output) {
            guard metrics == nil else { throw Failure(.usage, "--hosts and --metrics do not go together") }
            return try fleet.run([FleetCommand(name: "diff", options: try spec.optionsForEach)], FleetDiff())
        }
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        let wanted = try spec.spec(host)
        let state = host.noted(wanted, in: try OneRead.state(host, output))
        var options = try SpecOptions(host, state, wanted)
        options.prunes = spec.prune
        let found = try SpecPlan(state, wanted, options)
        if output.format == .json {
            try output.json(found.json(state.uri))
        } else if output.isQuiet {
            for name in DiffView.names(found.differences) { output.line(name) }
        } else {
            output.data(DiffView.text(found, output.dataStyle))
            for difference in found.blocked { DiffView.explain(difference, output) }
        }
        if let metrics { try DiffMetrics.write(found, to: metrics, output) }
        return found.differences.contains(where: \.isDrift) ? ExitStatus.differs : ExitStatus.done
    }
}
