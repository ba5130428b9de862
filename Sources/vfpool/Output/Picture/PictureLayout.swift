import Model
import Reporting
import Text

/// Where everything of a picture goes: bands of NUMA nodes, in them PFs below and beside each other.
struct PictureLayout {
    private typealias Places = PicturePlaces

    private let picture: Picture
    private let bands: [(node: Int?, blocks: [PictureBlock])]
    private let columns: Int
    private(set) var drawing: Drawing

    init(_ picture: Picture, title: String) {
        self.picture = picture
        bands = picture.bands.map { ($0.node, $0.pfs.map { PictureBlock($0) }) }
        columns = Self.columns(bands.map { $0.blocks.map(\.height) })
        drawing = Drawing(title: title.printable, summary: picture.summary)
        draw()
    }

    private static let bandWidth = PicturePlaces.width + 2 * PicturePlaces.padding
    /// Between the top of a band and its first PF: there its name and those of the columns stand.
    private static let bandHead = 50

    /// How many PFs stand beside each other, so that a large host's picture is not one long strip.
    private static func columns(_ bands: [[Int]]) -> Int {
        let heights = bands.flatMap(\.self)
        let total = heights.reduce(0) { $0 + $1 + PicturePlaces.pfGap }
        guard total > 1500 else { return 1 }
        let most = bands.map(\.count).max() ?? 1
        return (1...max(1, most)).min { shape($0, total) < shape($1, total) } ?? 1
    }

    /// How far from one and a half times as wide as high.
    private static func shape(_ columns: Int, _ total: Int) -> Int {
        abs(columns * columns * bandWidth * 10 - 15 * total) / columns
    }

    private mutating func draw() {
        drawing.width = 2 * Places.margin + columns * Self.bandWidth + (columns - 1) * Places.margin
        var y = Places.margin
        drawing.words.append(
            .text(
                TextWidth.cut(drawing.title, to: drawing.width - 2 * Places.margin - 12, size: 16),
                x: Places.margin + 4, y: y + 18, classes: "heading"))
        y += 34
        if picture.pfs.isEmpty {
            drawing.words.append(
                .text("no PF that can have VFs is seen here", x: Places.margin + 4, y: y + 14, classes: "dim"))
            y += 30
        }
        for band in bands { y = draw(band.blocks, band.node, y) + Places.margin }
        y = legend(y)
        drawing.end(at: findings(y))
    }

    /// - Returns: where it ends.
    private mutating func draw(_ blocks: [PictureBlock], _ node: Int?, _ top: Int) -> Int {
        let total = blocks.reduce(0) { $0 + $1.height + Places.pfGap }
        var (column, y, bottom) = (0, top + Self.bandHead, top)
        var filled = 0
        for block in blocks {
            // The next column begins where this one has its share.
            if y > top + Self.bandHead, column + 1 < columns,
                (filled + block.height / 2) * columns > total * (column + 1)
            {
                column += 1
                y = top + Self.bandHead
            }
            let x = Places.margin + column * (Self.bandWidth + Places.margin) + Places.padding
            if y == top + Self.bandHead { headings(x, y - 11) }
            block.draw(on: &drawing, x: x, y: y, picture.guests)
            y += block.height + Places.pfGap
            filled += block.height + Places.pfGap
            bottom = max(bottom, y - Places.pfGap)
        }
        let end = bottom + Places.padding
        drawing.ground.append(
            .rectangle(
                x: Places.margin, y: top, width: drawing.width - 2 * Places.margin, height: end - top, radius: 8,
                classes: "band"))
        // Without any node known there is nothing to tell apart.
        if node != nil || bands.contains(where: { $0.node != nil }) {
            drawing.words.append(
                .text(
                    node.map { "NUMA node \($0)" } ?? "NUMA node unknown", x: Places.margin + Places.padding,
                    y: top + 18,
                    classes: "column"))
        }
        return end
    }

    private mutating func headings(_ x: Int, _ y: Int) {
        let names = [
            ("PF", Places.pf.x), ("pool", Places.pool.x), ("VF", Places.vf.x), ("interface", Places.label.x + 8),
            ("guest", Places.guest.x),
        ]
        for (name, place) in names { drawing.words.append(.text(name, x: x + place, y: y, classes: "column")) }
    }

    // MARK: Explanations

    private mutating func legend(_ top: Int) -> Int {
        var x = Places.margin + Places.padding
        let middle = top + 8
        func words(_ text: String) -> Drawing.Shape { .text(text, x: x + 44, y: middle + 4, classes: "dim") }
        let entries: [(words: String, shapes: (Int) -> [Drawing.Shape])] = [
            ("has it now", { [.path("M\($0) \(middle)h36", classes: "line")] }),
            ("gets it at its next start", { [.path("M\($0) \(middle)h36", classes: "line next")] }),
            (
                "running",
                {
                    [
                        .rectangle(x: $0, y: middle - 9, width: 36, height: 18, radius: 3, classes: "box guest"),
                        .path("M\($0 + 14) \(middle - 5)l9 5l-9 5z", classes: "running"),
                    ]
                }
            ),
            (
                "shut off",
                {
                    [
                        .rectangle(x: $0, y: middle - 9, width: 36, height: 18, radius: 3, classes: "box off"),
                        .path("M\($0 + 14) \(middle - 4)h8v8h-8z", classes: "stopped"),
                    ]
                }
            ),
        ]
        for entry in entries {
            drawing.words += entry.shapes(x) + [words(entry.words)]
            x += 44 + TextWidth.pixels(entry.words, size: Places.dim) + 28
        }
        return top + 24
    }

    /// So many are listed; doctor has all.
    private static let mostFindings = 12

    private mutating func findings(_ top: Int) -> Int {
        var y = top
        let left = Places.margin + Places.padding
        let most = min(180, (drawing.width - 2 * left - 24) * 1000 / (Places.dim * 602))
        for (place, finding) in picture.findings.prefix(Self.mostFindings).enumerated() {
            y += 6
            drawing.words += PictureBlock.badge(place + 1, finding.isFailure, x: left + 7, y: y + 8)
            let word = finding.isFailure ? "FAIL" : "WARN"
            for line in TextWidth.wrapped("\(word) \(finding.code): \(finding.message.printable)", letters: most) {
                drawing.words.append(.text(line, x: left + 22, y: y + 12, classes: "dim"))
                y += 15
            }
        }
        let rest = picture.findings.count - Self.mostFindings
        guard rest > 0 else { return y }
        drawing.words.append(
            .text("and \(rest) more: vfpool doctor --problems", x: left + 22, y: y + 18, classes: "dim"))
        return y + 22
    }
}
