import Fleet
import Model
import Reporting
import Text

/// One host, or several of which all is the same, with its PFs: the lines of its card, and how high it is.
struct FleetCard {
    /// A line, or several, of the card.
    enum Part {
        case text(String, size: Int, classes: String)
        /// A name, and what is said of it behind it.
        case named(String, about: String, indent: Int, title: String?)
        case strip([VFUse])
        case finding(String, isFailure: Bool)
        case gap
    }

    static let width = 456
    static let padding = 12
    /// Of a strip's VFs.
    static let pitch = 13
    static let side = 10
    /// In one line of a strip.
    static let perLine = 32
    /// Lines of guests that a group has, at most, unless all are asked for.
    private static let mostLines = 4

    private typealias Places = PicturePlaces

    let title: String
    /// Of its box.
    private let look: String
    private(set) var parts: [Part] = []
    private(set) var height = 0

    private static let room = width - 2 * padding

    /// - Parameter all: whether every guest is named, however many there are.
    init(_ card: FleetPicture.Card, all: Bool) {
        let names = Self.names(card.hosts)
        switch card.content {
        case .missing(let reason):
            look = "box off next fail"
            title = "host \(names): no answer: \(reason.printable)"
            parts = Self.wrapped(Self.apart(names), Places.size, "name") + Self.wrapped("no answer", Places.dim, "dim")
            parts += Self.wrapped(reason.printable, Places.small, "small")
        case .host(let host):
            look = "box free" + (host.failures.isEmpty ? host.warnings.isEmpty ? "" : " warn" : " fail")
            title = "\(card.hosts.count == 1 ? "host" : "hosts") \(names): \(host.summary)"
            parts = Self.wrapped(Self.apart(names), Places.size, "name") + Self.wrapped(host.summary, Places.dim, "dim")
            for pf in host.pfs { add(pf, of: names, all) }
            let findings = [(host.failures, true), (host.warnings, false)].filter { !$0.0.isEmpty }
            if !findings.isEmpty { parts.append(.gap) }
            for (codes, isFailure) in findings {
                let words = "\(isFailure ? "FAIL" : "WARN") \(codes.joined(separator: ", "))".printable
                parts.append(.finding(words, isFailure: isFailure))
            }
        }
        height = 2 * Self.padding + parts.reduce(0) { $0 + Self.height(of: $1) }
    }

    /// All of them: `kvm1, kvm[3-7]`.
    static func names(_ hosts: [Name]) -> String { HostNames.folded(hosts).printable }

    /// So many stand in a line of a card. A browser may draw each a whole number of pixels wide.
    private static func letters(_ size: Int) -> Int {
        let width = size * 602
        return room * 1000 / max(width, (width + 500) / 1000 * 1000)
    }

    /// A list of hosts may be broken behind each comma, but for those within brackets.
    private static func apart(_ names: String) -> String {
        var (text, isWithin) = ("", false)
        for scalar in names.unicodeScalars {
            isWithin = scalar == "[" || isWithin && scalar != "]"
            text.unicodeScalars.append(scalar)
            if scalar == ",", !isWithin { text += " " }
        }
        return text
    }

    private static func wrapped(_ text: String, _ size: Int, _ classes: String) -> [Part] {
        TextWidth.wrapped(text, letters: letters(size)).map {
            .text($0, size: size, classes: classes)
        }
    }

    private mutating func add(_ pf: FleetPicture.PF, of host: String, _ all: Bool) {
        parts.append(.gap)
        let about = pf.about.joined(separator: ", ").printable
        parts.append(
            .named(pf.title.printable, about: about, indent: 0, title: "PF \(pf.title.printable) of \(host), \(about)"))
        for group in pf.groups {
            parts.append(
                .named(
                    group.pool?.printable ?? "no pool", about: group.about.joined(separator: ", ").printable,
                    indent: 10, title: Self.title(group, of: pf, host)))
            parts.append(.strip(group.uses))
            let words = Self.guests(group)
            var lines = Self.wrapped(words, Places.small, "small")
            if !all, lines.count > Self.mostLines {
                // As many guests as there is room for; how many are left out is said.
                lines = Self.wrapped(Self.guests(group, most: Self.mostGuests(group)), Places.small, "small")
            }
            parts += lines
        }
    }

    private static func title(_ group: FleetPicture.Group, of pf: FleetPicture.PF, _ host: String) -> String {
        let name = group.pool.map { "pool \($0.printable)" } ?? "VFs in no pool"
        return (["\(name) of PF \(pf.title.printable) of \(host)"] + group.about.map(\.printable) + [guests(group)])
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }

    // MARK: Guests

    /// `vm1, vm2 (outside); at next start: vm3`.
    ///
    /// - Parameter most: so many of each are named.
    static func guests(_ group: FleetPicture.Group, most: Int = .max) -> String {
        let now = group.guests.map { guest in
            guest.use == .taken ? guest.name.printable : "\(guest.name.printable) (\(guest.use.rawValue))"
        }
        let next = group.next.map(\.printable)
        return [
            list(now, most), next.isEmpty ? nil : "at next start: " + (list(next, most) ?? ""),
        ].compactMap(\.self).joined(separator: "; ")
    }

    private static func list(_ names: [String], _ most: Int) -> String? {
        guard !names.isEmpty else { return nil }
        guard names.count > most else { return names.joined(separator: ", ") }
        return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
    }

    private static func mostGuests(_ group: FleetPicture.Group) -> Int {
        let letters = letters(Places.small)
        var most = max(group.guests.count, group.next.count)
        while most > 1, TextWidth.wrapped(guests(group, most: most), letters: letters).count > mostLines {
            most = most * 3 / 4
        }
        return most
    }

    // MARK: Drawing

    static func lines(ofStrip count: Int) -> Int { max(1, (count + perLine - 1) / perLine) }

    private static func height(of part: Part) -> Int {
        switch part {
        case .text(_, let size, _): size == Places.small ? 13 : Places.lineHeight
        case .named: Places.lineHeight + 1
        case .strip(let uses): uses.isEmpty ? 0 : lines(ofStrip: uses.count) * pitch + 5
        case .finding: Places.lineHeight
        case .gap: 8
        }
    }

    func draw(on drawing: inout Drawing, x: Int, y: Int) {
        var card = Drawing.Symbol(title: title)
        card.shapes.append(
            .rectangle(x: x, y: y, width: Self.width, height: height, radius: 6, classes: look))
        var y = y + Self.padding
        let left = x + Self.padding
        var things: [Drawing.Symbol] = []
        for part in parts {
            switch part {
            case .text(let text, let size, let classes):
                // What belongs to a PF is said with it.
                let shape = Drawing.Shape.text(text, x: left, y: y + size, classes: classes)
                if things.isEmpty { card.shapes.append(shape) } else { things[things.count - 1].shapes.append(shape) }
            case .named(let name, let about, let indent, let title):
                things.append(Drawing.Symbol(title: title ?? ""))
                things[things.count - 1].shapes += Self.shapes(name, about, left + indent, y + 12, Self.room - indent)
            case .strip(let uses):
                let shapes = Self.shapes(uses, left, y + 2)
                if !things.isEmpty { things[things.count - 1].shapes += shapes }
            case .finding(let text, let isFailure):
                card.shapes += [
                    .circle(x: left + 5, y: y + 8, radius: 5, classes: "badge \(isFailure ? "fail" : "warn")"),
                    .text(
                        TextWidth.cut(text, to: Self.room - 16, size: Places.dim), x: left + 16, y: y + 12,
                        classes: "dim"),
                ]
            case .gap: break
            }
            y += Self.height(of: part)
        }
        drawing.symbols.append(card)
        drawing.symbols += things
    }

    private static func shapes(_ name: String, _ about: String, _ x: Int, _ base: Int, _ room: Int) -> [Drawing.Shape] {
        let name = TextWidth.cut(name, to: room * 2 / 5, size: Places.size)
        let after = TextWidth.pixels(name, size: Places.size) + 8
        return [
            .text(name, x: x, y: base, classes: "name"),
            .text(
                TextWidth.cut(about, to: room - after, size: Places.small), x: x + after, y: base, classes: "small"),
        ]
    }

    /// One path for all VFs of a use; a letter in those that are neither free nor taken.
    private static func shapes(_ uses: [VFUse], _ x: Int, _ y: Int) -> [Drawing.Shape] {
        var shapes: [Drawing.Shape] = FleetPicture.order.compactMap { use in
            let path = uses.indices.filter { uses[$0] == use }.map { index in
                "M\(x + index % perLine * pitch) \(y + index / perLine * pitch)h\(side)v\(side)h-\(side)z"
            }.joined()
            return path.isEmpty ? nil : .path(path, classes: look(use))
        }
        for (index, use) in uses.enumerated() {
            guard let letter = letter(use) else { continue }
            shapes.append(
                .text(
                    letter, x: x + index % perLine * pitch + side / 2, y: y + index / perLine * pitch + 8,
                    classes: "letter"))
        }
        return shapes
    }

    static func look(_ use: VFUse) -> String {
        switch use {
        case .taken: "box held"
        case .free, .later: "box free"
        case .reserved: "box other next"
        case .outside, .host, .unknown: "box other"
        }
    }

    /// So that none is told by its colour alone.
    static func letter(_ use: VFUse) -> String? {
        switch use {
        case .taken, .free: nil
        case .reserved: "r"
        case .outside: "o"
        case .host: "h"
        case .later: "l"
        case .unknown: "?"
        }
    }
}
