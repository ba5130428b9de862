import Model
import Text

/// What is different of guests.
extension HostChanges {
    static func guests(_ old: [GuestReport], _ new: [GuestReport]) -> [HostChange] {
        let before = Dictionary(old.map { (Name($0.uuid), $0) }) { first, _ in first }
        let after = Set(new.map { Name($0.uuid) })
        var changes = old.filter { !after.contains(Name($0.uuid)) }.flatMap { guest in
            of(guest, [HostChange(.guest, "removed", "guest \(guest.name) is gone")])
        }
        for guest in new {
            guard let former = before[Name(guest.uuid)] else {
                let state = guest.isActive ? "running" : "shut off"
                changes += of(
                    guest, [HostChange(.guest, "added", "guest \(guest.name) is new, \(state)", after: state)])
                continue
            }
            changes += of(guest, differences(former, guest))
        }
        return changes
    }

    private static func of(_ guest: GuestReport, _ changes: [HostChange]) -> [HostChange] {
        changes.map { change in
            var change = change
            change.guest = guest.name
            change.uuid = guest.uuid
            return change
        }
    }

    private static func differences(_ old: GuestReport, _ new: GuestReport) -> [HostChange] {
        var changes: [HostChange] = []
        if old.isActive != new.isActive {
            let word = new.isActive ? "started" : "stopped"
            changes.append(
                HostChange(
                    .guest, word, "guest \(new.name) \(word)", before: old.isActive ? "running" : "shut off",
                    after: new.isActive ? "running" : "shut off"))
        }
        if old.name != new.name {
            changes.append(
                HostChange(
                    .guest, "name", "guest \(old.name) is called \(new.name)", before: old.name.string,
                    after: new.name.string))
        }
        return changes + interfaces(old, new)
    }

    private static func interfaces(_ old: GuestReport, _ new: GuestReport) -> [HostChange] {
        let (before, after) = (numbered(old.interfaces), numbered(new.interfaces))
        let isSameRun = old.isActive == new.isActive
        let gone = old.interfaces.indices.filter { after[before.keys[$0]] == nil }.map { index in
            let interface = old.interfaces[index]
            return change("removed", interface, of: new, words(interface), nil)
        }
        return gone
            + new.interfaces.indices.flatMap { index -> [HostChange] in
                let interface = new.interfaces[index]
                guard let former = before[after.keys[index]].map({ old.interfaces[$0] }) else {
                    return [change("added", interface, of: new, nil, words(interface))]
                }
                var changes: [HostChange] = []
                let (next, later) = (words(former.next), words(interface.next))
                if !next.isSame(as: later) { changes.append(change("next", interface, of: new, next, later)) }
                let (now, since) = (words(former.live), words(interface.live))
                // That a guest started or stopped is said of the guest.
                if isSameRun, !now.isSame(as: since) { changes.append(change("now", interface, of: new, now, since)) }
                if former.vlan != interface.vlan {
                    changes.append(
                        change("vlan", interface, of: new, vlan(former.vlan), vlan(interface.vlan)))
                }
                return changes
            }
    }

    /// By MAC; of those without one, and of several with one, by their order.
    private static func numbered(_ interfaces: [InterfaceReport]) -> InterfaceKeys { InterfaceKeys(interfaces) }

    private static func change(
        _ what: String, _ interface: InterfaceReport, of guest: GuestReport, _ before: String?, _ after: String?
    ) -> HostChange {
        let name = interface.mac ?? interface.index.map(String.init) ?? interface.alias?.string ?? "?"
        let subject = "guest \(guest.name), interface \(name)"
        let message =
            switch (what, before, after) {
            case ("added", _, let after?): "\(subject) is new: \(after)"
            case ("removed", _, _): "\(subject) is gone"
            case ("next", let before?, let after?): "\(subject), at the next start: \(before) → \(after)"
            default: "\(subject): \(before ?? "nothing") → \(after ?? "nothing")"
            }
        var change = HostChange(.interface, what, message, before: before, after: after)
        change.mac = interface.mac
        return change
    }

    private static func words(_ interface: InterfaceReport) -> String { words(interface.live ?? interface.next) }

    private static func words(_ connection: ConnectionReport?) -> String { connection?.words ?? "nothing" }

    private static func vlan(_ vlan: Int?) -> String { vlan.map { "VLAN \($0)" } ?? "no VLAN" }
}

/// What tells interfaces of a guest apart in two reports.
private struct InterfaceKeys {
    let keys: [Name]
    private let places: [Name: Int]

    init(_ interfaces: [InterfaceReport]) {
        var counts: [Name: Int] = [:]
        keys = interfaces.map { interface in
            let base = Name(interface.mac ?? "none")
            counts[base, default: 0] += 1
            return Name("\(base) \(counts[base] ?? 0)")
        }
        places = Dictionary(keys.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    subscript(key: Name) -> Int? { places[key] }
}
