import ArgumentParser
import FoundationEssentials
import Glibc
import Journal
import Model
import Reading
import Reporting
import SRIOV
import Text

struct ShowMetrics: Command {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print pools, VFs and checks as metrics for Prometheus",
        discussion: """
            In Prometheus' text format: who has which VF, the traffic of each VF, how many VFs of a pool are free, and \
            the results of `doctor`. What is unknown is left out, never 0: many drivers do not count the traffic of \
            VFs. Changes nothing. Needs no root, but shows less without it.

            With `--output` it replaces the whole file at once, as node_exporter's textfile collector needs. A package \
            has vfpool-metrics.timer, which does so every minute once it is enabled.

            Examples:
              $ vfpool metrics
              For node_exporter, on Debian:
                $ vfpool metrics --output /var/lib/prometheus/node-exporter/vfpool.prom
            """)

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The file to replace, with mode 0644; else stdout.", valueName: "file"),
        completion: .file(extensions: ["prom"]))
    var file: String?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if file?.isEmpty ?? false { throw ValidationError("the file's name is empty") }
    }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let host = try Host.open(connection.uri, readOnly: true, timeout: connection.patience)
        output.verbose("connected to \(host.uri), read-only")
        let state = try OneRead.state(host, output)
        let stateFolder = StateFolder.standard(Terminal.environment)
        let metrics = try Metrics(state, time: UInt64(max(0, Date().timeIntervalSince1970))) {
            (host.facts(state, stateFolder: stateFolder), Self.counters(host, state))
        }
        let text = try text(metrics, output)
        if let file {
            try SharedFile.write(text, to: file)
        } else if Terminal.isTerminal(STDOUT_FILENO) {
            output.data(text.lines.map { String($0).printableLine + "\n" }.joined())
        } else {
            // A collector gets names as they are: two that look alike stay two.
            output.data(text)
        }
        return ExitStatus.done
    }

    private func text(_ metrics: Metrics, _ output: Output) throws(Failure) -> String {
        if output.format == .json {
            return try JSONText.of(metrics.json, pretty: true) + "\n"
        }
        if output.isQuiet {
            return metrics.families.filter { !$0.samples.isEmpty }.map { $0.name + "\n" }.joined()
        }
        return metrics.text
    }

    /// Of the PFs of this machine whose drivers count.
    private static func counters(_ host: Host, _ state: State) -> [PCIAddress: [Int: VFCounters]] {
        guard host.isLocal else { return [:] }
        var counters: [PCIAddress: [Int: VFCounters]] = [:]
        let reader = VFCounterReader(host.sysfs)
        for pf in state.pfs { counters[pf.address] = reader.counters(of: pf) }
        return counters
    }
}
