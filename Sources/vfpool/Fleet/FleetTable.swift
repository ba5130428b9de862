import Fleet
import Model
import Text

/// Rows of many hosts: what is the same on several stands there once, with all of them.
struct FleetTable {
    private struct Row: Hashable {
        struct Cell: Hashable {
            var text: Name
            var colour: Style.Colour?
        }

        var cells: [Cell]
    }

    private let columns: [Table.Column]
    private var rows = Gathered<Row>()

    /// - Parameter columns: without that of the host.
    init(_ columns: [Table.Column]) { self.columns = columns }

    mutating func add(_ host: Name, _ cells: [[Table.Cell]]) {
        rows.add(host, cells.map { Row(cells: $0.map { Row.Cell(text: Name($0.text), colour: $0.colour) }) })
    }

    /// Whether it has no row of the host.
    func isSilent(_ host: Name) -> Bool { rows.isSilent(host) }

    func rendered(_ style: Style, order: [Name], all: Bool) -> String {
        var table = Table([Table.Column("HOST", shrinks: true)] + columns)
        for (row, hosts) in rows.inOrder(order) {
            table.add(
                [Table.Cell(FleetNames.words(hosts, all: all))] + row.cells.map { Table.Cell($0.text, $0.colour) })
        }
        return table.rendered(style)
    }
}
