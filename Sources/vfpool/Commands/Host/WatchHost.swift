import ArgumentParser
import FoundationEssentials
import Glibc
import Model
import Reporting
import Text

struct WatchHost: Command {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print a line for each change of pools, PFs, VFs and guests",
        discussion: """
            Says what is another than it was: a pool starts, a guest gets a VF or an interface, a VF's MAC or VLAN is set, a PF's link goes down. It \
            hears libvirt's events and the kernel's, looks again then, and twice a minute in any case. Where libvirt's daemon is \
            started again, it says so, waits, and says what it missed. Ends when nobody reads any more. Changes nothing, and needs no \
            root, though without it less can be known.

            Examples:
              $ vfpool watch
              Names alone, of pools, PFs, VFs and guests that changed:
                $ vfpool watch --quiet
              For a program, an object a line:
                $ vfpool watch --format json | jq --unbuffered -r 'select(.kind == "vf") | .message'
            """)

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// What happens comes in swarms: so long is waited after the first.
    private static let swarm = 0.2

    func execute(_ output: Output) throws(Failure) -> Int32 {
        let live = try LiveHost(connection, output)
        let uri = live.report.uri
        if !output.isQuiet { output.note("watching \(uri)") }
        // Who reads has to know from when on.
        if output.format == .json {
            try say([HostChange(.connection, "watching", "watching \(uri)", after: uri)], isMissed: false, output)
        }
        while !output.isClosed {
            guard let ready = LiveWait.wait(live.descriptors, until: LiveHost.now + 1) else { break }
            if !ready.isEmpty {
                guard LiveWait.wait([], until: LiveHost.now + Self.swarm) != nil else { break }
                for descriptor in ready { live.hear(descriptor) }
            }
            guard let news = live.look() else { continue }
            if let change = news.connection { try say([change], isMissed: false, output) }
            try say(news.changes, isMissed: news.isMissed, output)
        }
        return ExitStatus.done
    }

    private func say(_ changes: [HostChange], isMissed: Bool, _ output: Output) throws(Failure) {
        let time = Timestamp.text(Date())
        if output.isQuiet, output.format == .table {
            // What happens at once to one thing is one.
            for name in changes.compactMap(\.name).deduplicated { output.line(name.printable) }
            return try output.flush()
        }
        for change in changes {
            if output.format == .json {
                var json = change.json
                json.add("time", time)
                json.add("missed", isMissed)
                output.line(try JSONText.of(json, pretty: false))
            } else {
                output.line("\(time)  \(isMissed ? "missed: " : "")\(change.message.printable)")
            }
        }
        try output.flush()
    }
}
