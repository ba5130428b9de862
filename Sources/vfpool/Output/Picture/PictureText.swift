import Model
import Reporting
import Text

/// A picture as a tree of text: PF, pools, VFs, and behind each VF its guest.
enum PictureText {
    static func text(_ picture: Picture, _ style: Style) -> String {
        var lines: [String] = []
        let knowsNodes = picture.bands.contains { $0.node != nil }
        for band in picture.bands {
            if knowsNodes { lines.append(style(.bold, band.node.map { "NUMA node \($0)" } ?? "NUMA node unknown")) }
            for pf in band.pfs { lines += self.lines(pf, picture.guests, style) }
        }
        if !picture.findings.isEmpty { lines.append("") }
        for (place, finding) in picture.findings.enumerated() {
            let word = finding.isFailure ? style(.boldRed, "FAIL") : style(.yellow, "WARN")
            lines.append("[\(place + 1)] \(word)  \(finding.code)  \(finding.message.printable)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func lines(_ pf: Picture.PF, _ guests: [Name: Picture.Person], _ style: Style) -> [String] {
        let about = PictureBlock.lines(pf)
        var lines = [style(.bold, about[0]) + mark(pf.mark, style) + "  " + about.dropFirst().joined(separator: ", ")]
        // All lines to guests begin below each other.
        let width = pf.groups.flatMap(\.rows).reduce(0) { max($0, TextWidth.letters(title($1)) + marks($1)) }
        for (place, group) in pf.groups.enumerated() {
            let isLast = place == pf.groups.count - 1
            lines.append((isLast ? "└─ " : "├─ ") + heading(group.pool, style))
            for (number, row) in group.rows.enumerated() {
                let bars = (isLast ? "   " : "│  ") + (number == group.rows.count - 1 ? "└─ " : "├─ ")
                let more = (isLast ? "   " : "│  ") + (number == group.rows.count - 1 ? "   " : "│  ")
                lines += self.lines(row, bars, more, width, guests, style)
            }
        }
        return lines
    }

    private static func heading(_ pool: Picture.Pool?, _ style: Style) -> String {
        guard let pool else { return "no pool" }
        let about = PictureBlock.lines(pool)
        return style(.bold, about[0]) + mark(pool.mark, style) + "  " + about.dropFirst().joined(separator: ", ")
    }

    private static func title(_ row: Picture.Row) -> String {
        [row.title, row.address, row.state].compactMap(\.self).joined(separator: "  ")
    }

    private static func marks(_ row: Picture.Row) -> Int { mark(row.mark, .plain).utf8.count }

    private static func lines(
        _ row: Picture.Row, _ bars: String, _ more: String, _ width: Int, _ guests: [Name: Picture.Person],
        _ style: Style
    ) -> [String] {
        let title = title(row)
        let padding = String(repeating: " ", count: max(0, width - TextWidth.letters(title) - marks(row)))
        let start = bars + title + mark(row.mark, style)
        var ends = row.links.map { link in
            (link.isNext ? "┄┄ " : "── ") + self.guest(guests[link.guest], style)
                + (link.words.isEmpty ? "" : "  " + link.words.printable)
        }
        if row.more > 0 { ends.append("┄┄ and \(Words.count(row.more, "more guest"))") }
        if let reason = row.reason?.printable { ends.append("   " + reason) }
        guard let first = ends.first else { return [start] }
        let blank = more + String(repeating: " ", count: width)
        return [start + padding + " " + first] + ends.dropFirst().map { blank + " " + $0 }
    }

    private static func guest(_ person: Picture.Person?, _ style: Style) -> String {
        guard let person else { return "?" }
        let name = person.name.printable
        let mark = mark(person.mark, style)
        return switch person.isActive {
        case true?: name + mark
        case false?: style(.faint, "\(name) (off)") + mark
        case nil: "\(name) (?)" + mark
        }
    }

    private static func mark(_ mark: Picture.Mark, _ style: Style) -> String {
        guard !mark.numbers.isEmpty else { return "" }
        let text = "[" + mark.numbers.map(String.init).joined(separator: ",") + "]"
        return " " + style(mark.isFailure ? .boldRed : .yellow, text)
    }
}
