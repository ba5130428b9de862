import Model
import Text

/// What is different between two reports of one host: pools, PFs, VFs, guests, their interfaces, in that order.
package enum HostChanges {
    package static func between(_ old: Report, _ new: Report) -> [HostChange] {
        pools(old.pools, new.pools) + pfs(old.pfs, new.pfs) + guests(old.guests, new.guests)
    }

    /// Those that both have, and those that only one has, in the order of the new ones.
    private static func pairs<Item>(
        _ old: [Item], _ new: [Item], _ key: (Item) -> Name
    ) -> (gone: [Item], come: [Item], both: [(old: Item, new: Item)]) {
        let before = Dictionary(old.map { (key($0), $0) }) { first, _ in first }
        let after = Set(new.map(key))
        return (
            old.filter { !after.contains(key($0)) }, new.filter { before[key($0)] == nil },
            new.compactMap { item in before[key(item)].map { ($0, item) } }
        )
    }

    /// One line where a value is another.
    private static func difference(
        _ kind: HostChange.Kind, _ what: String, _ subject: String, _ before: String, _ after: String
    ) -> HostChange? {
        guard !before.isSame(as: after) else { return nil }
        return HostChange(kind, what, "\(subject): \(before) → \(after)", before: before, after: after)
    }

    // MARK: Pools

    private static func pools(_ old: [PoolReport], _ new: [PoolReport]) -> [HostChange] {
        let (gone, come, both) = pairs(old, new) { Name($0.uuid) }
        let changes =
            gone.map { ($0, [HostChange(.pool, "removed", "pool \($0.name) is gone")]) }
            + come.map { pool in
                let state = pool.isActive ? "active" : "not active"
                return (pool, [HostChange(.pool, "added", "pool \(pool.name) is new, \(state)", after: state)])
            } + both.map { ($1, differences($0, $1)) }
        return changes.flatMap { pool, changes in
            changes.map { change in
                var change = change
                change.pool = pool.name
                return change
            }
        }
    }

    private static func differences(_ old: PoolReport, _ new: PoolReport) -> [HostChange] {
        let subject = "pool \(new.name)"
        var changes: [HostChange?] = []
        if old.isActive != new.isActive {
            let words = new.isActive ? "started" : "stopped"
            changes.append(
                HostChange(
                    .pool, words, "\(subject) \(words)", before: old.isActive ? "active" : "not active",
                    after: new.isActive ? "active" : "not active"))
        }
        func vlan(_ pool: PoolReport) -> String { pool.vlan.map { "VLAN \($0)" } ?? "no VLAN" }
        func groups(_ pool: PoolReport) -> String {
            let names = pool.portgroups.map { group in
                "\(group.name)" + (group.vlan.map { " VLAN \($0)" } ?? "") + (group.isDefault ? " default" : "")
            }
            return names.isEmpty ? "no portgroup" : names.joined(separator: ", ")
        }
        func pfs(_ pool: PoolReport) -> String {
            pool.pfs.map { ($0.title ?? $0.documentName)?.string ?? "?" }.joined(separator: ", ")
        }
        changes += [
            difference(.pool, "name", subject, old.name.string, new.name.string),
            difference(.pool, "vlan", subject, vlan(old), vlan(new)),
            difference(.pool, "portgroups", subject, groups(old), groups(new)),
            difference(.pool, "pfs", subject, pfs(old), pfs(new)),
            difference(
                .pool, "autostart", subject, old.autostart ? "starts at boot" : "does not start at boot",
                new.autostart ? "starts at boot" : "does not start at boot"),
        ]
        return changes.compactMap(\.self)
    }

    // MARK: PFs and VFs

    private static func pfs(_ old: [PFReport], _ new: [PFReport]) -> [HostChange] {
        let (gone, come, both) = pairs(old, new) { Name($0.address) }
        let ofPFs =
            gone.map { ($0, [HostChange(.pf, "removed", "PF \($0.title) (\($0.address)) is gone")]) }
            + come.map { ($0, [HostChange(.pf, "added", "PF \($0.title) (\($0.address)) is new")]) }
            + both.map { ($1, differences($0, $1)) }
        return ofPFs.flatMap { pf, changes in
            changes.map { change in
                var change = change
                change.pf = pf.title
                change.address = pf.address
                return change
            }
        } + both.flatMap { old, new in functions(old, new) }
    }

    private static func differences(_ old: PFReport, _ new: PFReport) -> [HostChange] {
        let subject = "PF \(new.title)"
        return [
            difference(.pf, "name", subject, old.title.string, new.title.string),
            difference(.pf, "link", subject, old.stateWords, new.stateWords),
            difference(
                .pf, "vfs", subject, Words.count(old.enabledVFs, "VF"), Words.count(new.enabledVFs, "VF")),
            difference(.pf, "driver", subject, old.driver.value ?? "no driver", new.driver.value ?? "no driver"),
        ].compactMap(\.self)
    }

    private static func functions(_ old: PFReport, _ new: PFReport) -> [HostChange] {
        pairs(old.functions, new.functions) { Name($0.address) }.both.flatMap { old, function in
            let subject = "VF \(function.index.map(String.init) ?? "?") of \(new.title)"
            let changes = [
                difference(.vf, "holder", subject, holder(old), holder(function)),
                difference(.vf, "mac", "\(subject), MAC", value(old.actualMAC), value(function.actualMAC)),
                difference(.vf, "vlan", subject, vlan(old), vlan(function)),
                difference(.vf, "driver", "\(subject), driver", value(old.driver), value(function.driver)),
            ]
            return changes.compactMap(\.self).map { change in
                var change = change
                change.pf = new.title
                change.vf = function.index
                change.address = function.address
                change.guest = function.guest
                change.uuid = function.guestUUID
                change.pool = function.pools.first
                return change
            }
        }
    }

    /// Who has it, in a few words: `free`, `vm1`, `vm1 (reserved)`, `host (address 192.0.2.1/24)`.
    private static func holder(_ function: FunctionReport) -> String {
        let use = function.use.rawValue
        guard let guest = function.guest else { return use + (function.reason.map { " (\($0))" } ?? "") }
        return function.use == .taken ? guest.string : "\(guest) (\(use))"
    }

    private static func value(_ fact: Fact<String>) -> String {
        switch fact {
        case .known(let value): value
        case .absent: "none"
        case .unknown: "unknown"
        }
    }

    private static func vlan(_ function: FunctionReport) -> String {
        function.vlan.value.map { "VLAN \($0)" } ?? "no VLAN"
    }
}
