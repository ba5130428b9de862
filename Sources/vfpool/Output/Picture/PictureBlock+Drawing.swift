import Model
import Reporting
import Text

/// The block's shapes.
extension PictureBlock {
    private typealias Places = PicturePlaces

    /// - Parameters:
    ///   - x: of the block's corner on the page.
    ///   - people: the guests of the whole picture.
    func draw(on drawing: inout Drawing, x: Int, y: Int, _ people: [Name: Picture.Person]) {
        drawing.symbols.append(pfSymbol(x, y))
        for group in groups {
            if let pool = group.pool { drawing.symbols.append(symbol(pool, group, x, y)) }
            drawing.lines.append(connectors(group, x, y))
            for row in group.rows { draw(row, of: group.pool, on: &drawing, x, y, people) }
        }
        for guest in guests {
            if let person = people[guest.key] { drawing.symbols.append(symbol(person, guest, x, y)) }
        }
    }

    // MARK: PF and pools

    private func pfSymbol(_ x: Int, _ y: Int) -> Drawing.Symbol {
        let lines = Self.lines(pf)
        let title = "PF " + lines.joined(separator: ", ") + Self.words(pf.mark)
        let isGone = pf.address == nil
        return box(
            title, lines, Places.pf, x, y, height: height, radius: 8, classes: isGone ? "off" : "pf", mark: pf.mark)
    }

    private func symbol(_ pool: Picture.Pool, _ group: PlacedGroup, _ x: Int, _ y: Int) -> Drawing.Symbol {
        let lines = Self.lines(pool)
        let title = "pool " + lines.joined(separator: ", ") + " of PF \(pf.title.printable)" + Self.words(pool.mark)
        return box(
            title, lines, Places.pool, x, y + group.y, height: group.height, radius: 12,
            classes: pool.isActive ? "pool" : "off", mark: pool.mark)
    }

    private func box(
        _ title: String, _ lines: [String], _ column: PicturePlaces.Column, _ x: Int, _ y: Int, height: Int,
        radius: Int,
        classes: String, mark: Picture.Mark
    ) -> Drawing.Symbol {
        var symbol = Drawing.Symbol(title: title)
        symbol.shapes.append(
            .rectangle(
                x: x + column.x, y: y, width: column.width, height: height, radius: radius,
                classes: Self.classes(classes, mark)))
        // A box of few lines has them in its middle, a tall one at its top.
        let free = height - Places.lineHeight * lines.count
        let first = y + (free < 60 ? free / 2 : 10) + 12
        for (index, line) in lines.enumerated() {
            let size = index == 0 ? Places.size : Places.dim
            symbol.shapes.append(
                .text(
                    TextWidth.cut(line, to: column.width - 20, size: size), x: x + column.x + 10,
                    y: first + index * Places.lineHeight, classes: index == 0 ? "name" : "dim"))
        }
        symbol.shapes += mark.numbers.prefix(4).reversed().enumerated().flatMap { place, number in
            Self.badge(number, mark.isFailure, x: x + column.end - 14 - 15 * place, y: y)
        }
        return symbol
    }

    private func connectors(_ group: PlacedGroup, _ x: Int, _ y: Int) -> Drawing.Symbol {
        var symbol = Drawing.Symbol(title: "")
        let from = x + (group.pool == nil ? Places.pf.end : Places.pool.end)
        if group.pool != nil {
            symbol.shapes.append(
                .path(
                    "M\(x + Places.pf.end) \(y + group.y + group.height / 2)H\(x + Places.pool.x)", classes: "line"))
        } else if let row = group.rows.first {
            symbol.shapes.append(
                .text("no pool", x: x + Places.pool.x + 10, y: y + row.middle - 5, classes: "dim"))
        }
        for row in group.rows {
            let isNext = row.row.kind == .nextStart
            symbol.shapes.append(
                .path("M\(from) \(y + row.middle)H\(x + Places.vf.x)", classes: isNext ? "line next" : "line"))
        }
        return symbol
    }

    // MARK: VFs

    private func draw(
        _ placed: PlacedRow, of pool: Picture.Pool?, on drawing: inout Drawing, _ x: Int, _ y: Int,
        _ people: [Name: Picture.Person]
    ) {
        let row = placed.row
        drawing.symbols.append(symbol(row, placed, x, y))
        for (link, start) in zip(row.links, placed.starts) {
            guard let end = guests.first(where: { $0.key == link.guest }), let person = people[link.guest] else {
                continue
            }
            drawing.lines.append(line(link, of: row, from: start, to: end.middle, person, x, y))
        }
        let note = row.more > 0 ? "and \(Words.count(row.more, "more guest"))" : row.reason?.printable
        guard let note, let last = placed.starts.last else { return }
        drawing.words.append(
            .text(
                TextWidth.cut(note, to: Places.label.width - 10, size: Places.small), x: x + Places.label.x + 8,
                y: y + last + 4, classes: "small"))
    }

    private func symbol(_ row: Picture.Row, _ placed: PlacedRow, _ x: Int, _ y: Int) -> Drawing.Symbol {
        var parts = [row.title + " of PF \(pf.title.printable)"]
        parts += [row.address, row.state, row.reason?.printable].compactMap(\.self)
        parts += row.otherHolders.map { "also counted on by \($0.printable)" }
        var symbol = Drawing.Symbol(title: parts.joined(separator: ", ") + Self.words(row.mark))
        let left = x + Places.vf.x
        let height = placed.height - (Places.pitch - Places.rowHeight)
        let top = y + placed.middle - height / 2
        symbol.shapes.append(
            .rectangle(
                x: left, y: top, width: Places.vf.width, height: height, radius: 11,
                classes: Self.classes(Self.look(row), row.mark)))
        let base = y + placed.middle + 4
        symbol.shapes.append(.text(row.title, x: left + 11, y: base, classes: "name"))
        if let address = row.address {
            symbol.shapes.append(
                .text(
                    address, x: left + 19 + TextWidth.pixels(row.title, size: Places.size), y: base, classes: "small"))
        }
        if let state = row.state {
            symbol.shapes.append(.text(state, x: left + Places.vf.width - 11, y: base, classes: "small end"))
        }
        symbol.shapes += Self.badges(row.mark, left, y + placed.middle)
        return symbol
    }

    private static func look(_ row: Picture.Row) -> String {
        switch row.kind {
        case .vf(.taken), .someVF: "vf"
        case .vf(.free), .vf(.later), .others: "free"
        case .vf(.reserved): "other next"
        case .vf: "other"
        case .nextStart: "free next"
        }
    }

    private func line(
        _ link: Picture.Link, of row: Picture.Row, from start: Int, to end: Int, _ person: Picture.Person, _ x: Int,
        _ y: Int
    ) -> Drawing.Symbol {
        let words = link.words.printable
        let when = link.isNext ? "gets at its next start" : "has now"
        var symbol = Drawing.Symbol(
            title: "guest \(person.name.printable) \(when): \(row.title) of PF \(pf.title.printable)"
                + (words.isEmpty ? "" : ", \(words)"))
        let (left, turn, right) = (x + Places.label.x, x + Places.label.end, x + Places.guest.x)
        let middle = (turn + right) / 2
        let path =
            start == end
            ? "M\(left) \(y + start)H\(right)"
            : "M\(left) \(y + start)H\(turn)C\(middle) \(y + start) \(middle) \(y + end) \(right) \(y + end)"
        symbol.shapes.append(.path(path, classes: link.isNext ? "line next" : "line"))
        symbol.shapes.append(
            .text(
                TextWidth.cut(words, to: Places.label.width - 8, size: Places.small), x: left + 8, y: y + start - 3,
                classes: "small"))
        return symbol
    }

    // MARK: Guests

    private func symbol(_ person: Picture.Person, _ guest: PlacedGuest, _ x: Int, _ y: Int) -> Drawing.Symbol {
        let others = person.pfs.filter { $0 != pf.title }
        let state = person.isActive.map { $0 ? "running" : "shut off" } ?? "state unknown"
        let also = others.isEmpty ? nil : "also " + Words.list(others, most: 2).printable
        let title = ["guest \(person.name.printable)", state, also].compactMap(\.self).joined(separator: ", ")
        var symbol = Drawing.Symbol(title: title + Self.words(person.mark))
        let left = x + Places.guest.x
        let top = y + guest.middle - Places.rowHeight / 2
        let look = person.isActive == true ? "guest" : "off"
        symbol.shapes.append(
            .rectangle(
                x: left, y: top, width: Places.guest.width, height: Places.rowHeight, radius: 3,
                classes: Self.classes(look, person.mark)))
        let middle = y + guest.middle
        symbol.shapes.append(
            person.isActive == true
                ? .path("M\(left + 9) \(middle - 5)l9 5l-9 5z", classes: "running")
                : .path("M\(left + 9) \(middle - 4)h8v8h-8z", classes: "stopped"))
        let short = person.isActive == true ? nil : person.isActive == false ? "off" : "?"
        let right = [also, short].compactMap(\.self).joined(separator: ", ")
        let note = TextWidth.cut(right, letters: 15)
        let room = Places.guest.width - 24 - 9 - (note.isEmpty ? 0 : TextWidth.pixels(note, size: Places.small) + 7)
        symbol.shapes.append(
            .text(
                TextWidth.cut(person.name.printable, to: room, size: Places.size), x: left + 24, y: middle + 4,
                classes: "name"))
        if !note.isEmpty {
            symbol.shapes.append(.text(note, x: left + Places.guest.width - 9, y: middle + 4, classes: "small end"))
        }
        symbol.shapes += Self.badges(person.mark, left, middle)
        return symbol
    }

    // MARK: Marks

    private static func classes(_ look: String, _ mark: Picture.Mark) -> String {
        mark.numbers.isEmpty ? "box \(look)" : "box \(look) \(mark.isFailure ? "fail" : "warn")"
    }

    private static func words(_ mark: Picture.Mark) -> String {
        guard !mark.numbers.isEmpty else { return "" }
        return "; see \(mark.numbers.count == 1 ? "finding" : "findings") "
            + Words.list(mark.numbers.map(String.init))
    }

    /// On the left edge of what is only a line high: nothing is written there.
    private static func badges(_ mark: Picture.Mark, _ left: Int, _ middle: Int) -> [Drawing.Shape] {
        mark.numbers.prefix(2).reversed().enumerated().flatMap { place, number in
            badge(number, mark.isFailure, x: left - 1 - 15 * place, y: middle)
        }
    }

    static func badge(_ number: Int, _ isFailure: Bool, x: Int, y: Int) -> [Drawing.Shape] {
        [
            .circle(x: x, y: y, radius: Places.badge, classes: "badge \(isFailure ? "fail" : "warn")"),
            .text(String(number), x: x, y: y + 4, classes: "number"),
        ]
    }
}
