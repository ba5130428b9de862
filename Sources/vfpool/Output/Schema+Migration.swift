import Model
import Planning
import Text

extension Schema {
    /// What a migration does, guest by guest.
    struct Migration: Encodable {
        struct Interface: Encodable {
            var guest: Name
            var interface: Int
            var from: String
            var pool: Name
            var mac: String
            /// Where the MAC came from, in words.
            var macSource: String
            @Nullable var vlan: Int?
            /// `now`, `next start`, or `live`.
            var takesEffect: String
        }

        struct LeftOut: Encodable {
            var guest: Name
            var error: Problem
        }

        struct Capacity: Encodable {
            var pool: Name
            var vfs: Int
            var heldElsewhere: Int
            /// Interfaces on the pool before and after, and those, after, of guests that start at boot.
            var interfacesNow: Int
            var interfacesThen: Int
            var interfacesAtBoot: Int
        }

        var interfaces: [Interface]
        var leftOut: [LeftOut]
        var capacity: [Capacity]
    }
}

extension Schema.Migration {
    init(_ migration: Planning.Migration) {
        interfaces = migration.rows.map { row in
            Interface(
                guest: row.guest, interface: row.interface, from: row.from, pool: row.pool, mac: row.mac,
                macSource: row.source, vlan: row.vlan, takesEffect: row.effect.rawValue)
        }
        leftOut = migration.leftOut.map { left in
            LeftOut(
                guest: left.guest,
                error: Schema.Problem(
                    code: left.failure.code.rawValue, message: left.failure.message, cause: left.failure.cause,
                    hints: left.failure.hints.map(\.text)))
        }
        capacity = migration.capacity.map { pool in
            Capacity(
                pool: pool.pool, vfs: pool.functions, heldElsewhere: pool.heldElsewhere, interfacesNow: pool.before,
                interfacesThen: pool.after, interfacesAtBoot: pool.autostart)
        }
    }
}
