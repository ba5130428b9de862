import Glibc
import Model
import Reporting
import SRIOV
import Text

/// The names of a host and its history that a bug report must not tell.
struct MaskWords {
    private(set) var words: [Masks.Word] = []

    init(_ reader: BugReportReader) {
        if let state = reader.state { add(state) }
        if let log = reader.log { add(log) }
        for pf in reader.pfs {
            for netdev in [pf.netdev].compactMap(\.self) + pf.otherNetdevs + pf.alternativeNames { add(netdev: netdev) }
        }
        for host in reader.hosts { add(host: host) }
        if let user = reader.uri.flatMap(BugReportReader.login) { add(.user, Name(user)) }
        for user in Self.users { add(.user, Name(user)) }
    }

    private mutating func add(_ state: State) {
        for guest in state.guests.sorted(by: { $0.name < $1.name }) {
            add(.guest, guest.name)
            add(guest.titles)
            for interface in guest.interfaces + guest.liveInterfaces {
                if let alias = interface.alias, alias.string.hasPrefix(bytes: "ua-") { add(.alias, alias) }
                switch interface.attachment {
                case .network(let name, let portgroup):
                    add(state.network(name)?.isPool ?? true ? .pool : .network, name)
                    if let portgroup { add(.portgroup, portgroup) }
                case .bridge(let name): add(bridge: name)
                case .direct(let device, _): add(netdev: device)
                case .hostdevInterface, .hostdev, .other: break
                }
            }
        }
        for network in state.networks.sorted(by: { $0.name < $1.name }) {
            add(network.isPool ? .pool : .network, network.name)
            add(network.settings.titles)
            for group in network.settings.portgroups { add(.portgroup, group.name) }
            if let bridge = network.settings.bridge { add(bridge: bridge) }
            for netdev in network.settings.devices { add(netdev: netdev) }
            for port in network.ports ?? [] { add(.guest, port.ownerName) }
        }
        for bridge in (state.bridges ?? []).sorted() { add(bridge: bridge) }
        for pf in state.pfs {
            for netdev in [pf.netdev].compactMap(\.self) + pf.otherNetdevs + pf.alternativeNames + pf.bridges {
                add(netdev: netdev)
            }
            for function in pf.functions {
                if let netdev = function.netdev { add(netdev: netdev) }
                for case .upper(_, let netdev) in function.hostUses { add(netdev: netdev) }
            }
        }
    }

    private mutating func add(_ log: LogReport) {
        for change in log.changes {
            let header = change.entry.header
            add(.user, Name(header.user))
            if let name = header.host?.name { add(host: name) }
            for server in BugReportReader.servers(header.uri) { add(host: server) }
            if let user = BugReportReader.login(header.uri) { add(.user, Name(user)) }
            for step in change.entry.steps {
                switch step.kind {
                case .defineGuest, .unplug, .plug: add(.guest, step.name)
                case .writeFile: break
                case .setPF: add(netdev: step.name)
                default: add(.pool, step.name)
                }
                if let reservation = step.reservation { add(.guest, reservation.ownerName) }
            }
        }
    }

    private mutating func add(_ titles: Titles) {
        for text in [titles.title, titles.description].compactMap(\.self) { add(.text, text) }
    }

    private mutating func add(bridge name: Name) {
        if !NetdevName.isUsual(name.string) { add(.bridge, name) }
    }

    private mutating func add(netdev name: Name) {
        if !NetdevName.isUsual(name.string) { add(.netdev, name) }
    }

    private mutating func add(host name: String) {
        if name.isEmpty || ["localhost", "localhost.localdomain"].contains(bytes: name) { return }
        add(.host, Name(name))
        guard let (short, zone) = name.cut(at: "."), !short.utf8.allSatisfy(\.isDigit) else { return }
        add(.host, Name(short))
        add(.dnsDomain, Name(zone))
    }

    /// Those that every host has tell nothing.
    private mutating func add(_ kind: Masks.Kind, _ name: Name) {
        if ["root", "default", Reservation.hostName].contains(name) { return }
        let text = name.string
        words.append(Masks.Word(kind, name, spellings: [text.printable, ShellWord(text).shellText]))
    }

    /// Who runs it.
    private static var users: [String] {
        let own = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
        let environment = Terminal.environment
        return [own, environment["SUDO_USER"], environment["USER"], environment["LOGNAME"]]
            .compactMap(\.self).filter { !$0.isEmpty }.deduplicated
    }
}
