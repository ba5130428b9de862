import Model
import Reporting
import Text

/// Rates as a table, and what fits of it on a terminal.
enum TopView {
    static func table(_ rows: [Traffic.Row], _ style: Style, width: Int?) -> String {
        var table = Table(columns(["VF", "GUEST", "POOL"]))
        for row in rows {
            table.add(
                [
                    Table.Cell("\(row.pf):\(row.index)"), guest(row),
                    Table.Cell(row.pool?.string ?? Table.absent),
                ] + cells(row.rate))
        }
        return table.rendered(style, width: width)
    }

    static func table(_ sums: [Traffic.Sum], _ style: Style, width: Int?) -> String {
        var table = Table(columns(["GUEST", "VFS"]))
        for sum in sums { table.add([Table.Cell(sum.guest), Table.Cell(String(sum.vfs))] + cells(sum.rate)) }
        return table.rendered(style, width: width)
    }

    /// The table's lines, no more than there is room for. What is not seen is not made.
    static func fitted<Row>(_ rows: [Row], lines most: Int, _ table: ([Row]) -> String) -> [String] {
        // The heading takes one, and how many are left out.
        let shown = rows.count < most ? rows.count : max(1, most - 2)
        let lines = table(Array(rows.prefix(shown))).split(byte: "\n", keepsEmpty: true).map(String.init).dropLast()
        guard shown < rows.count || lines.count > most else { return Array(lines) }
        let kept = lines.prefix(max(1, most - 1))
        return most < 2 ? Array(kept) : kept + ["… \(rows.count - kept.count + 1) more"]
    }

    /// A line that may have colours, no wider than the terminal: a wider one would go on in the next, over what stands there.
    static func cut(_ line: String, letters most: Int) -> String {
        var (result, room, isColour, hasColour) = (String.UnicodeScalarView(), most, false, false)
        for scalar in line.unicodeScalars {
            if scalar == "\u{1B}" { (isColour, hasColour) = (true, true) }
            if !isColour {
                room -= TextWidth.letters(String(scalar))
                guard room >= 0 else { break }
            }
            if isColour, scalar == "m" { isColour = false }
            result.append(scalar)
        }
        guard room < 0 else { return line }
        return String(result) + (hasColour ? "\u{1B}[0m" : "")
    }

    private static func columns(_ names: [String]) -> [Table.Column] {
        let first = names.map { name in
            Table.Column(
                name, isNumber: name == "VFS", dropped: name == "POOL" ? 2 : nil, shrinks: name == "GUEST")
        }
        return first + [
            Table.Column("RX B/s", isNumber: true), Table.Column("TX B/s", isNumber: true),
            Table.Column("RX pkt/s", isNumber: true, dropped: 3), Table.Column("TX pkt/s", isNumber: true, dropped: 4),
            Table.Column("DROP/s", isNumber: true, dropped: 1),
        ]
    }

    private static func guest(_ row: Traffic.Row) -> Table.Cell {
        let use = row.use.rawValue
        guard let guest = row.guest else { return Table.Cell("(\(use))", .faint) }
        return row.use == .taken ? Table.Cell(guest) : Table.Cell("\(guest) (\(use))", .yellow)
    }

    private static func cells(_ rate: Traffic.Rate) -> [Table.Cell] {
        [
            rate.receivedBytes, rate.transmittedBytes, rate.receivedPackets, rate.transmittedPackets, rate.dropped,
        ].map { Table.Cell($0.map(short) ?? Table.absent) }
    }

    /// `0`, `999`, `1.2k`, `34.5M`.
    static func short(_ value: Double) -> String {
        var value = value
        for unit in ["", "k", "M", "G"] {
            if value < (unit.isEmpty ? 999.5 : 999.95) || unit == "G" {
                return digits(value, isWhole: unit.isEmpty) + unit
            }
            value /= 1000
        }
        return digits(value, isWhole: false)
    }

    private static func digits(_ value: Double, isWhole: Bool) -> String {
        if isWhole { return String(Int(value.rounded())) }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
