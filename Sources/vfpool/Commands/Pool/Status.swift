import ArgumentParser
import Model
import Reporting
import Text

struct Status: Command {
    static let configuration = CommandConfiguration(
        abstract: "Show every VF and who has it",
        discussion: """
            Without a name: every pool, then every PF without a pool. With one: a pool, a PF with all its VFs, a VF, \
            or a guest with its interfaces, as they are now and as they will be after its next start. Needs no root, \
            but shows less without it.

            USE is one of: free; later (free, but the running pool hands it out only after its next start); taken (a \
            guest has it through the pool); outside (a running guest has it, but not through the pool); reserved (kept \
            for a guest that is shut off and has it pinned); host (the host uses it itself); unknown. ? means unknown, \
            — means none. MAC is the one in the guest's document, ACTUAL the one on the wire. On a narrow terminal, \
            columns are left out; `vfpool status | cat` shows all of them.

            Examples:
              $ vfpool status
              One PF, also VFs outside pools:
                $ vfpool status eth3
              A guest's interfaces, now and next:
                $ vfpool status vm1
              On which of many hosts a guest is:
                $ vfpool status vm1 --hosts 'kvm[1-40]'
              Which guest has the MAC:
                $ vfpool status --format json | jq '.pools[].status.functions[] | select(.mac == "52:54:00:6d:90:02")'
            """)

    @Argument(
        help: "A pool, a PF (netdev, PCI address or MAC), a VF's PCI address, or a guest.",
        completion: Completion.anything)
    var name: Name?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Fleet") var fleet: FleetOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func execute(_ output: Output) throws(Failure) -> Int32 {
        if let fleet = try FleetRead(fleet, connection, output) {
            return try fleet.run(
                [FleetCommand(name: "status", arguments: name.map { [$0] } ?? [])], FleetStatus(isNamed: name != nil))
        }
        var report = try OneRead.report(connection, output)
        if let name { report = try report.narrowed(to: name) }
        if output.format == .json {
            try output.json(report.json)
        } else if output.isQuiet {
            for name in StatusView.names(report, named: name) { output.line(name.printable) }
        } else {
            output.data(StatusView.text(report, named: name, output.dataStyle))
            if name == nil, let (message, hints) = StatusView.withoutPool(report) { output.note(message, hints: hints) }
            FindingView.say(report.findings, output)
        }
        return ExitStatus.done
    }
}
