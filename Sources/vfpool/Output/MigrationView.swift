import Model
import Planning

/// What a migration does, as people read it: who goes where with which MAC, what the pools then have, who stays and why.
enum MigrationView {
    static func text(_ migration: Migration, _ style: Style) -> String {
        [rows(migration, style), capacity(migration, style)].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func rows(_ migration: Migration, _ style: Style) -> String {
        var table = Table([
            Table.Column("GUEST", shrinks: true), Table.Column("IF", isNumber: true), Table.Column("FROM"),
            Table.Column("TO"), Table.Column("MAC"), Table.Column("MAC FROM", dropped: 2),
            Table.Column("VLAN", isNumber: true, dropped: 1), Table.Column("TAKES EFFECT"),
        ])
        for row in migration.rows {
            table.add([
                Table.Cell(row.guest), Table.Cell(String(row.interface)), Table.Cell(row.from), Table.Cell(row.pool),
                Table.Cell(row.mac), Table.Cell(row.source),
                Table.Cell(row.vlan.map(String.init) ?? Table.absent), effect(row.effect),
            ])
        }
        return table.rendered(style)
    }

    private static func effect(_ effect: Migration.Effect) -> Table.Cell {
        switch effect {
        case .now: Table.Cell("now", .green)
        case .nextStart: Table.Cell("at its next start", .yellow)
        case .live: Table.Cell("now, link cut", .red)
        }
    }

    private static func capacity(_ migration: Migration, _ style: Style) -> String {
        var table = Table([
            Table.Column("POOL"), Table.Column("VFS", isNumber: true), Table.Column("HELD ELSEWHERE", isNumber: true),
            Table.Column("INTERFACES NOW", isNumber: true), Table.Column("THEN", isNumber: true),
            Table.Column("AT BOOT", isNumber: true),
        ])
        for pool in migration.capacity {
            table.add([
                Table.Cell(pool.pool), Table.Cell(String(pool.functions)), Table.Cell(String(pool.heldElsewhere)),
                Table.Cell(String(pool.before)), Table.Cell(String(pool.after)),
                Table.Cell(String(pool.autostart), pool.autostart > pool.available ? .red : nil),
            ])
        }
        return table.rendered(style)
    }

    /// How a migration that changes nothing ends, or the plan of one that leaves guests out; nil for one that is whole.
    static func ending(_ migration: Migration) -> String? {
        guard let left = left(migration) else { return nil }
        let guests = Set(migration.rows.map(\.guest)).count
        if guests == 0 { return "No guest to migrate: \(left)" }
        return "\(Words.count(guests, "guest")) to migrate; \(left)"
    }

    /// `3 guests left out, 1 with a macvtap`; nil for none.
    private static func left(_ migration: Migration) -> String? {
        let out = Set(migration.leftOut.map(\.guest)).count
        let macvtaps = migration.withMacvtap.count
        let others = migration.withOtherVF.count
        let parts = [
            out > 0 ? "\(Words.count(out, "guest")) left out" : nil,
            macvtaps > 0 ? "\(Words.count(macvtaps, "guest")) with a macvtap over a VF, which stays" : nil,
            others > 0 ? "\(Words.count(others, "guest")) with a VF that migrate can't change" : nil,
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    static func summary(_ migration: Migration) -> String {
        let guests = Set(migration.rows.map(\.guest)).count
        guard guests > 0 else {
            return Summary.reconcile(migration.plan) + (left(migration).map { "; \($0)" } ?? "")
        }
        let pools = Set(migration.rows.map(\.pool)).sorted()
        let waiting = Set(migration.rows.filter { $0.effect == .nextStart }.map(\.guest)).count
        var parts = ["\(Words.count(migration.rows.count, "interface")) on \(Words.list(pools))"]
        if waiting > 0 {
            let verb = waiting == 1 ? "switches at its" : "switch at their"
            parts.append("\(Words.count(waiting, "running guest")) \(verb) next start")
        }
        if let left = left(migration) { parts.append(left) }
        return "Migrated \(Words.count(guests, "guest")): \(parts.joined(separator: "; "))"
    }
}
