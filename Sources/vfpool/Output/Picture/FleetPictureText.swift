import Model
import Reporting
import Text

/// A fleet's picture as a tree of text: hosts, PFs, pools, a sign for each VF, and the guests that have them.
enum FleetPictureText {
    /// So many letters of guests stand in a line, and so many lines of them, unless all are asked for.
    private static let width = 100
    private static let mostLines = 3

    static func text(_ picture: FleetPicture, _ style: Style, all: Bool) -> String {
        var lines: [String] = []
        for card in picture.cards {
            let names = FleetCard.names(card.hosts)
            switch card.content {
            case .missing(let reason):
                lines.append(style(.boldRed, names) + "  no answer: " + reason.printable)
            case .host(let host):
                lines.append(style(.bold, names) + "  " + host.summary + marks(host, style))
                for (place, pf) in host.pfs.enumerated() {
                    lines += self.lines(pf, isLast: place == host.pfs.count - 1, style, all: all)
                }
            }
        }
        let signs = signs(in: picture)
        if !signs.isEmpty { lines += ["", signs] }
        for finding in picture.findings {
            let word = finding.isFailure ? style(.boldRed, "FAIL") : style(.yellow, "WARN")
            lines.append("\(word)  \(finding.code)  \(finding.message.printable)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func marks(_ host: FleetPicture.Host, _ style: Style) -> String {
        let failures = host.failures.joined(separator: ", ").printable
        let warnings = host.warnings.joined(separator: ", ").printable
        return (failures.isEmpty ? "" : "; " + style(.boldRed, "FAIL") + " " + failures)
            + (warnings.isEmpty ? "" : "; " + style(.yellow, "WARN") + " " + warnings)
    }

    private static func lines(_ pf: FleetPicture.PF, isLast: Bool, _ style: Style, all: Bool) -> [String] {
        let about = pf.about.joined(separator: ", ").printable
        var lines = [(isLast ? "└─ " : "├─ ") + style(.bold, pf.title.printable) + "  " + about]
        for (place, group) in pf.groups.enumerated() {
            let isLastGroup = place == pf.groups.count - 1
            let bar = isLast ? "   " : "│  "
            let about = group.about.joined(separator: ", ").printable
            let name = group.pool.map { style(.bold, $0.printable) } ?? "no pool"
            lines.append(bar + (isLastGroup ? "└─ " : "├─ ") + name + (about.isEmpty ? "" : "  " + about))
            let more = bar + (isLastGroup ? "   " : "│  ")
            let signs = group.uses.map(sign)
            for start in stride(from: 0, to: signs.count, by: 64) {
                lines.append(more + signs[start..<min(start + 64, signs.count)].joined())
            }
            lines += guests(group, all: all).map { more + $0 }
        }
        return lines
    }

    private static func guests(_ group: FleetPicture.Group, all: Bool) -> [String] {
        var most = max(group.guests.count, group.next.count)
        while true {
            let lines = TextWidth.wrapped(FleetCard.guests(group, most: most), letters: width)
            if all || lines.count <= mostLines || most <= 1 { return lines }
            most = most * 3 / 4
        }
    }

    private static func sign(_ use: VFUse) -> String {
        switch use {
        case .taken: "■"
        case .free: "□"
        default: FleetCard.letter(use) ?? "?"
        }
    }

    /// What the signs that there are mean.
    private static func signs(in picture: FleetPicture) -> String {
        picture.uses.map { "\(sign($0)) \($0.rawValue)" }.joined(separator: "  ")
    }
}
