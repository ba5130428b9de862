import Model
import Reporting
import Text

/// One PF with its pools, VFs and guests: where each is, from the block's own corner.
struct PictureBlock {
    struct PlacedRow {
        var row: Picture.Row
        var y: Int
        var height: Int
        /// Where each of its lines begins.
        var starts: [Int]

        var middle: Int { y + height / 2 }
    }

    struct PlacedGroup {
        var pool: Picture.Pool?
        var y: Int
        var height: Int
        var rows: [PlacedRow]
    }

    struct PlacedGuest {
        var key: Name
        var middle: Int
    }

    let pf: Picture.PF
    private(set) var groups: [PlacedGroup] = []
    private(set) var guests: [PlacedGuest] = []
    private(set) var height = 0

    init(_ pf: Picture.PF) {
        self.pf = pf
        var y = 0
        for group in pf.groups {
            let placed = Self.place(group, y)
            groups.append(placed)
            y += placed.height + PicturePlaces.groupGap
        }
        guests = Self.place(groups)
        let last = guests.map { $0.middle + PicturePlaces.pitch / 2 }.max() ?? 0
        let lines = Self.lines(pf).count
        height = max(y - PicturePlaces.groupGap, last, PicturePlaces.lineHeight * lines + 18)
    }

    /// What stands in a PF's box.
    static func lines(_ pf: Picture.PF) -> [String] {
        let state = [pf.state, pf.driver].compactMap(\.self).joined(separator: ", ")
        return [pf.title.printable] + [pf.address, state, pf.vfs].compactMap { $0?.printable }
    }

    /// What stands in a pool's box.
    static func lines(_ pool: Picture.Pool) -> [String] {
        var lines = [pool.name.printable]
        if !pool.isActive { lines.append("not active") }
        if let counts = pool.counts {
            lines.append("\(ListView.free(counts)) of \(counts.total) free")
        } else {
            lines.append("VFs unknown")
        }
        if let vlan = pool.vlan { lines.append("VLAN \(vlan)") }
        if !pool.others.isEmpty { lines.append("also " + Words.list(pool.others, most: 2).printable) }
        for group in pool.portgroups.prefix(4) { lines.append(words(group)) }
        if pool.portgroups.count > 4 { lines.append("and \(pool.portgroups.count - 4) more portgroups") }
        return lines
    }

    private static func words(_ group: Portgroup) -> String {
        let vlan = group.vlan.map { "VLAN \($0)" } ?? "no VLAN"
        return "\(group.name.printable): \(vlan)" + (group.isDefault ? " (default)" : "")
    }

    private static func place(_ group: Picture.Group, _ top: Int) -> PlacedGroup {
        var y = top
        var rows: [PlacedRow] = []
        for row in group.rows {
            let slots = max(1, row.links.count + (row.more > 0 ? 1 : 0))
            let height = slots * PicturePlaces.pitch
            let starts = (0..<slots).map { y + $0 * PicturePlaces.pitch + PicturePlaces.pitch / 2 }
            rows.append(PlacedRow(row: row, y: y, height: height, starts: starts))
            y += height
        }
        let lines = group.pool.map { PicturePlaces.lineHeight * Self.lines($0).count + 14 } ?? 0
        return PlacedGroup(pool: group.pool, y: top, height: max(y - top, lines, PicturePlaces.pitch), rows: rows)
    }

    /// Each beside what leads to it, and none upon another.
    private static func place(_ groups: [PlacedGroup]) -> [PlacedGuest] {
        var order: [Name] = []
        var starts: [Name: [Int]] = [:]
        for row in groups.flatMap(\.rows) {
            for (link, start) in zip(row.row.links, row.starts) {
                if starts[link.guest] == nil { order.append(link.guest) }
                starts[link.guest, default: []].append(start)
            }
        }
        let wanted = order.enumerated().map { place, key in
            let own = starts[key] ?? []
            return (place: place, key: key, middle: own.reduce(0, +) / max(1, own.count))
        }.sorted { ($0.middle, $0.place) < ($1.middle, $1.place) }
        let middles = apart(wanted.map(\.middle))
        return zip(wanted, middles).map { PlacedGuest(key: $0.key, middle: $1) }
    }

    /// Sorted places moved as little as can be, so that there is a row's height from each to the next: where some stand too close, they
    /// stand around the middle of where they would be.
    static func apart(_ wanted: [Int]) -> [Int] {
        var clusters: [(sum: Int, count: Int)] = []
        for (index, place) in wanted.enumerated() {
            var cluster = (sum: place - index * PicturePlaces.pitch, count: 1)
            while let last = clusters.last, last.sum * cluster.count > cluster.sum * last.count {
                cluster = (last.sum + cluster.sum, last.count + cluster.count)
                clusters.removeLast()
            }
            clusters.append(cluster)
        }
        let bases = clusters.flatMap { Array(repeating: $0.sum / $0.count, count: $0.count) }
        return bases.enumerated().map { max($1, PicturePlaces.pitch / 2) + $0 * PicturePlaces.pitch }
    }
}
