import ArgumentParser
import FoundationEssentials
import Model
import Reporting
import Text

struct Top: Command {
    static let configuration = CommandConfiguration(
        abstract: "Show what goes through VFs, as it goes",
        discussion: """
            Bytes, packets and dropped packets a second of each VF, with the guest that has it, every 2 s; below, what happens: a guest \
            starts, a VF changes hands. RX is what the guest receives. A — is what can't be known, never 0: many drivers do not count, and \
            the kernel's answer has room for 220 VFs of a PF. Changes nothing. Needs no root, though without it less can be known.

            Keys: q ends; r, t, g, v sort by RX, TX, guest, VF; s shows sums of guests. Where data goes to no terminal, or with `--batch` or \
            `--format json`, it prints one table, or one line of JSON, after another.

            Examples:
              $ vfpool top
              One PF, pool or guest:
                $ vfpool top eth3
              Once, over ten seconds, for a script:
                $ vfpool top --batch 1 --interval 10 --format json
            """)

    @Argument(
        help: "A pool, a PF (netdev, PCI address or MAC), a VF's PCI address, or a guest.",
        completion: Completion.anything)
    var name: Name?

    @Option(help: ArgumentHelp("From one look at the counters to the next; 0.1 at least.", valueName: "seconds"))
    var interval = SecondsArgument(2)

    @Option(help: "What stands first.")
    var sort: Traffic.Order = .rx

    @Option(help: ArgumentHelp("End after so many tables, and draw on no terminal.", valueName: "count"))
    var batch: CountArgument?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if interval.value < 0.1 { throw ValidationError("--interval is 0.1 at least") }
        if batch?.value == 0 { throw ValidationError("--batch is 1 at least") }
    }

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let live = try LiveHost(connection, output)
        let meter = try TrafficMeter(live, named: name)
        if meter.isEmpty { output.note("there is no VF" + (name.map { ": \($0)" } ?? "")) }
        if batch == nil, output.format == .table, !output.isQuiet, let screen = LiveScreen() {
            return TopRun(live, meter, screen, interval: interval.value, sort: sort, output).run()
        }
        try print(live, meter, output)
        return ExitStatus.done
    }

    private func print(_ live: LiveHost, _ meter: TrafficMeter, _ output: Output) throws(Failure) {
        var left = batch?.value
        var next = LiveHost.now + interval.value
        while left != 0 {
            var changes: [HostChange] = []
            repeat {
                guard let ready = LiveWait.wait(live.descriptors, until: next) else { return }
                for descriptor in ready { live.hear(descriptor) }
            } while LiveHost.now < next
            if let news = live.look() { changes = [news.connection].compactMap(\.self) + news.changes }
            let traffic = meter.measure()
            next = max(next + interval.value, LiveHost.now)
            try show(traffic, changes, live, output)
            try output.flush()
            if output.isClosed { return }
            left = left.map { $0 - 1 }
        }
    }

    private func show(
        _ traffic: Traffic, _ changes: [HostChange], _ live: LiveHost, _ output: Output
    ) throws(Failure) {
        if output.format == .json {
            var json = traffic.json
            json.add("uri", live.report.uri)
            json.add("time", Timestamp.text(Date()))
            json.add("changes", changes)
            output.line(try JSONText.of(json, pretty: false))
        } else if output.isQuiet {
            for row in traffic.sorted(sort) { output.line("\(row.pf.printable):\(row.index)") }
        } else {
            output.data(TopView.table(traffic.sorted(sort), output.dataStyle, width: nil))
            output.data(changes.map { $0.message.printable + "\n" }.joined() + "\n")
        }
    }
}

extension Traffic.Order: ExpressibleByArgument {}
