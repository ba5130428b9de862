import Reporting
import Text

/// Pools, one a line.
enum ListView {
    static func table(_ report: Report, _ style: Style) -> String {
        var table = Table([
            Table.Column("POOL"), Table.Column("PF"), Table.Column("STATE"), Table.Column("VFS", isNumber: true),
            Table.Column("TAKEN", isNumber: true), Table.Column("FREE", isNumber: true),
            Table.Column("GUESTS", shrinks: true),
        ])
        for pool in report.pools {
            table.add([
                Table.Cell(pool.name),
                Table.Cell(
                    pool.pfs.map { ($0.title ?? $0.documentName)?.string ?? Table.unknown }.joined(separator: ", ")),
                pool.isActive ? Table.Cell("active", .green) : Table.Cell("inactive", .red),
                number(pool, String(pool.counts.total)), number(pool, String(pool.counts.taken)),
                number(pool, free(pool.counts)),
                Table.Cell(pool.guests.isEmpty ? Table.absent : pool.guests.joined(separator: ", ")),
            ])
        }
        return table.rendered(style)
    }

    private static func number(_ pool: PoolReport, _ text: String) -> Table.Cell {
        Table.Cell(pool.isCoverageKnown ? text : Table.unknown)
    }

    /// At most so many, where it can't be known what the host uses itself.
    static func free(_ counts: FunctionCounts) -> String {
        counts.perhapsFree == 0 ? String(counts.free) : "≤\(counts.free + counts.perhapsFree)"
    }
}
