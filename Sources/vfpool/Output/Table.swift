import Text

/// Rows under a heading: columns padded, but the last; nothing for no rows.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
        /// On a terminal that is too narrow: which goes first, from 1; nil for one that stays.
        var dropped: Int?
        /// Whether its cells may be cut short there.
        var shrinks = false

        init(_ title: String, isNumber: Bool = false, dropped: Int? = nil, shrinks: Bool = false) {
            self.title = title
            self.isNumber = isNumber
            self.dropped = dropped
            self.shrinks = shrinks
        }
    }

    struct Cell: ExpressibleByStringInterpolation {
        var text: String
        var colour: Style.Colour?

        init(_ text: String, _ colour: Style.Colour? = nil) {
            self.text = text.printable
            self.colour = colour
        }

        init(_ name: Name, _ colour: Style.Colour? = nil) { self.init(name.string, colour) }

        init(stringLiteral value: String) { self.init(value) }

        /// In letters of the terminal.
        var width: Int { TextWidth.letters(text) }
    }

    /// What stands where there is none, and where it can't be known.
    static let absent = "—"
    static let unknown = "?"

    private var columns: [Column]
    private var rows: [[Cell]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [Cell]) { rows.append(cells) }

    func rendered(_ style: Style) -> String { rendered(style, width: style.isForFile ? nil : Terminal.width) }

    /// - Parameter width: of the terminal; nil where there is none, and everything is printed.
    func rendered(_ style: Style, width: Int?) -> String {
        guard !rows.isEmpty else { return "" }
        return width.map(fitted)?.text(style) ?? text(style)
    }

    private var widths: [Int] {
        columns.indices.map { column in
            rows.reduce(columns[column].title.count) { max($0, $1[column].width) }
        }
    }

    private var width: Int { widths.reduce(2 * (columns.count - 1), +) }

    /// The same without columns, least important first, and with long names cut short, until it fits.
    private func fitted(_ most: Int) -> Table {
        var table = self
        while table.width > most {
            let candidates = table.columns.indices.filter { table.columns[$0].dropped != nil }
            guard let index = candidates.min(by: { table.rank($0) < table.rank($1) }) else { break }
            table.columns.remove(at: index)
            for row in table.rows.indices { table.rows[row].remove(at: index) }
        }
        for index in table.columns.indices.reversed() where table.columns[index].shrinks && table.width > most {
            table.shorten(index, to: max(6, table.widths[index] - (table.width - most)))
        }
        return table
    }

    /// A column that says nothing goes before any other.
    private func rank(_ column: Int) -> Int {
        let isEmpty = rows.allSatisfy { [Self.absent, Self.unknown].contains($0[column].text) }
        return (columns[column].dropped ?? 0) - (isEmpty ? 100 : 0)
    }

    private mutating func shorten(_ column: Int, to length: Int) {
        for row in rows.indices where rows[row][column].width > length {
            rows[row][column].text = TextWidth.cut(rows[row][column].text, letters: length)
        }
    }

    private func text(_ style: Style) -> String {
        // Once for all lines: each look at them reads the whole table.
        let widths = widths
        let heading = line(columns.map { Cell($0.title, .bold) }, widths, style)
        return ([heading] + rows.map { line($0, widths, style) }).joined(separator: "\n") + "\n"
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - cell.width)
            let styled = style(cell.colour, cell.text)
            if index > 0 { text += "  " }
            if columns[index].isNumber {
                text += padding + styled
            } else {
                text += index == cells.count - 1 ? styled : styled + padding
            }
        }
        return text
    }
}
