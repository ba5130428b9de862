import Model
import Reporting
import Text

/// Where the cards of a fleet's picture go: in columns, read downwards.
struct FleetPictureLayout {
    private typealias Places = PicturePlaces

    private let picture: FleetPicture
    private let cards: [FleetCard]
    private(set) var drawing: Drawing

    private static let gap = 12

    /// - Parameter all: whether every guest is named.
    init(_ picture: FleetPicture, title: String, all: Bool) {
        self.picture = picture
        cards = picture.cards.map { FleetCard($0, all: all) }
        drawing = Drawing(title: title.printable, summary: picture.summary)
        draw()
    }

    /// So many that the page is about one and a half times as wide as high.
    private static func columns(_ heights: [Int]) -> Int {
        let total = heights.reduce(0) { $0 + $1 + gap }
        func shape(_ columns: Int) -> Int {
            abs(columns * columns * (FleetCard.width + gap) * 10 - 15 * total) / columns
        }
        // What is explained below needs the room of two.
        return max(2, (1...max(1, heights.count)).min { shape($0) < shape($1) } ?? 1)
    }

    private mutating func draw() {
        let columns = Self.columns(cards.map(\.height))
        drawing.width = 2 * Places.margin + columns * (FleetCard.width + Self.gap) - Self.gap
        let room = drawing.width - 2 * Places.margin - 8
        drawing.words.append(
            .text(
                TextWidth.cut(drawing.title, to: room, size: 16), x: Places.margin + 4, y: Places.margin + 18,
                classes: "heading"))
        drawing.words.append(
            .text(
                TextWidth.cut(drawing.summary, to: room, size: Places.dim), x: Places.margin + 4, y: Places.margin + 38,
                classes: "dim"))
        var y = place(columns, Places.margin + 50) + Places.margin
        y = legend(y)
        drawing.end(at: findings(y))
    }

    /// - Returns: where the longest column ends.
    private mutating func place(_ columns: Int, _ top: Int) -> Int {
        let total = cards.reduce(0) { $0 + $1.height + Self.gap }
        var (column, y, bottom, filled) = (0, top, top, 0)
        for card in cards {
            // The next column begins where this one has its share.
            if y > top, column + 1 < columns, (filled + card.height / 2) * columns > total * (column + 1) {
                column += 1
                y = top
            }
            card.draw(on: &drawing, x: Places.margin + column * (FleetCard.width + Self.gap), y: y)
            y += card.height + Self.gap
            filled += card.height + Self.gap
            bottom = max(bottom, y - Self.gap)
        }
        return bottom
    }

    /// Those uses that there are.
    private mutating func legend(_ top: Int) -> Int {
        var x = Places.margin + 4
        for use in picture.uses {
            let (side, y) = (FleetCard.side, top + 2)
            drawing.words.append(
                .path("M\(x) \(y)h\(side)v\(side)h-\(side)z", classes: FleetCard.look(use)))
            if let letter = FleetCard.letter(use) {
                drawing.words.append(.text(letter, x: x + side / 2, y: y + 8, classes: "letter"))
            }
            drawing.words.append(.text(use.rawValue, x: x + side + 6, y: y + 9, classes: "dim"))
            x += side + 6 + TextWidth.pixels(use.rawValue, size: Places.dim) + 22
        }
        return picture.uses.isEmpty ? top : top + 24
    }

    private mutating func findings(_ top: Int) -> Int {
        var y = top
        let left = Places.margin + 4
        let most = min(180, (drawing.width - 2 * left - 24) * 1000 / (Places.dim * 602))
        for finding in picture.findings {
            y += 6
            drawing.words.append(
                .circle(x: left + 5, y: y + 8, radius: 5, classes: "badge \(finding.isFailure ? "fail" : "warn")"))
            let words = "\(finding.isFailure ? "FAIL" : "WARN") \(finding.code): \(finding.message.printable)"
            for line in TextWidth.wrapped(words, letters: most) {
                drawing.words.append(.text(line, x: left + 16, y: y + 12, classes: "dim"))
                y += 15
            }
        }
        return y
    }
}
