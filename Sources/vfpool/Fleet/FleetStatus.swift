import Fleet
import Model
import Text

/// Who has which VF on many hosts: hosts that say the same stand there once.
struct FleetStatus: FleetView {
    let list: Name? = "pools"
    /// Whether something was named: then a guest's interfaces are shown, too.
    let isNamed: Bool
    private var functions = FleetTable([
        Table.Column("PF"), Table.Column("VF", isNumber: true), Table.Column("ADDRESS"), Table.Column("USE"),
        Table.Column("HOLDER", shrinks: true), Table.Column("MAC", dropped: 4),
        Table.Column("VLAN", isNumber: true, dropped: 3),
        Table.Column("DRIVER", dropped: 1), Table.Column("POOL", dropped: 2),
    ])
    private var interfaces = FleetTable([
        Table.Column("GUEST"), Table.Column("IF", isNumber: true), Table.Column("MAC"),
        Table.Column("VLAN", isNumber: true),
        Table.Column("NOW", shrinks: true), Table.Column("NEXT START", shrinks: true),
    ])
    private var names: [Name: [Name]] = [:]
    private var findings = FleetFindings()
    private var order: [Name] = []

    init(isNamed: Bool) { self.isNamed = isNamed }

    func fields(_ format: OutputFormat) -> Set<Name> {
        format == .json
            ? []
            : [
                "name", "configuration", "status", "pools", "functions", "pf", "index", "address", "use", "reason",
                "guest",
                "mac", "vlan", "driver", "unknown", "hostUse", "ports", "guests", "interfaces", "kind", "portgroup",
                "findings", "code", "severity", "message", "hints",
            ]
    }

    mutating func add(_ host: FleetHost, _ documents: [JSONValue]) {
        let document = documents[0]
        let shown = functions(of: document)
        names[host.name] = shown.compactMap { $0["address"].text }
        if isNamed {
            names[host.name, default: []] += document["guests"].items.flatMap { $0["interfaces"].items }.compactMap {
                $0["mac"].text ?? $0["index"].number.map { "\($0)" }
            }
        }
        functions.add(host.name, shown.map(FleetStatusCells.function))
        if isNamed {
            for guest in document["guests"].items {
                interfaces.add(host.name, guest["interfaces"].items.map { FleetStatusCells.interface($0, of: guest) })
            }
        }
        findings.add(host, document["findings"])
    }

    /// Those of pools, then those of PFs that no pool's table has; each once.
    private func functions(of document: JSONValue) -> [JSONValue] {
        let pfs = document["ports"].items.filter { isNamed || $0["configuration"]["pools"].items.isEmpty }
        var seen: Set<Name> = []
        return (document["pools"].items + pfs).flatMap { $0["status"]["functions"].items }.filter { function in
            function["address"].text.map { seen.insert($0).inserted } ?? false
        }
    }

    mutating func finish(_ answered: [Name], missing: [Name]) { order = answered }

    func show(_ output: Output) {
        if output.isQuiet {
            for host in order {
                for name in names[host] ?? [] { output.line("\(host.printable)\t\(name.printable)") }
            }
        } else {
            let tables = [functions, interfaces].map {
                $0.rendered(output.dataStyle, order: order, all: output.isVerbose)
            }
            output.data(tables.filter { !$0.isEmpty }.joined(separator: "\n"))
            let without = order.filter { functions.isSilent($0) }
            if !without.isEmpty, !isNamed {
                output.note("no VF on \(FleetNames.words(without, all: output.isVerbose))")
            }
        }
        findings.show(output, order: order)
    }
}
