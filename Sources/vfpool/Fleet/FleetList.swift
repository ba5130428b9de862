import Fleet
import Model
import Text

/// The pools of many hosts.
struct FleetList: FleetView {
    let list: Name? = "pools"
    private var table = FleetTable([
        Table.Column("POOL"), Table.Column("PF"), Table.Column("STATE"), Table.Column("VFS", isNumber: true),
        Table.Column("TAKEN", isNumber: true), Table.Column("FREE", isNumber: true),
        Table.Column("GUESTS", shrinks: true),
    ])
    private var names: [Name: [Name]] = [:]
    private var order: [Name] = []

    func fields(_ format: OutputFormat) -> Set<Name> {
        format == .json
            ? []
            : [
                "name", "configuration", "pfs", "status", "active", "counts", "total", "taken", "free", "unknown",
                "guests",
            ]
    }

    mutating func add(_ host: FleetHost, _ documents: [JSONValue]) {
        let pools = documents[0]["pools"].items
        names[host.name] = pools.compactMap { $0["name"].text }
        table.add(host.name, pools.map(Self.cells))
    }

    mutating func finish(_ answered: [Name], missing: [Name]) { order = answered }

    private static func cells(_ pool: JSONValue) -> [Table.Cell] {
        let (status, counts) = (pool["status"], pool["status"]["counts"])
        let pfs = pool["configuration"]["pfs"].items.map { $0["name"].text?.string ?? Table.unknown }
        let guests = status["guests"].texts
        return [
            Table.Cell(pool["name"].text?.string ?? Table.unknown), Table.Cell(pfs.joined(separator: ", ")),
            status["active"].flag == true ? Table.Cell("active", .green) : Table.Cell("inactive", .red),
            number(counts["total"]), number(counts["taken"]), Table.Cell(free(counts)),
            Table.Cell(guests.isEmpty ? Table.absent : guests.joined(separator: ", ")),
        ]
    }

    private static func number(_ value: JSONValue) -> Table.Cell {
        Table.Cell(value.number.map(String.init) ?? Table.unknown)
    }

    /// At most so many, where it can't be known of some.
    private static func free(_ counts: JSONValue) -> String {
        guard let free = counts["free"].number, let unknown = counts["unknown"].number else { return Table.unknown }
        return unknown == 0 ? String(free) : "≤\(free.addingReportingOverflow(unknown).partialValue)"
    }

    func text(_ style: Style, all: Bool) -> String { table.rendered(style, order: order, all: all) }

    func show(_ output: Output) {
        if output.isQuiet {
            for host in order { for name in names[host] ?? [] { output.line("\(host.printable)\t\(name.printable)") } }
            return
        }
        output.data(text(output.dataStyle, all: output.isVerbose))
        let without = order.filter { names[$0]?.isEmpty ?? true }
        if !without.isEmpty { output.note("no pool on \(FleetNames.words(without, all: output.isVerbose))") }
    }
}
