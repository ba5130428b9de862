import Model
import SRIOV
import Text
import YAML

extension HostSpec {
    /// The spec as YAML that reads the same, by vfpool and by any other reader.
    package var yaml: String { SpecWriter(self).text }
}

/// Writes a spec: blocks, with one line for what is short.
struct SpecWriter {
    private(set) var text = "version: 1\n"

    init(_ spec: HostSpec) {
        for note in spec.notes { text += Scalar.comment(note.string) + "\n" }
        if let host = spec.host { line(0, "host", Scalar.text(host.string)) }
        if !spec.pfs.isEmpty {
            line(0, "pfs", "")
            for pf in spec.pfs { write(pf) }
        }
        if !spec.pools.isEmpty {
            line(0, "pools", "")
            for pool in spec.pools { write(pool) }
        }
        if !spec.guests.isEmpty {
            line(0, "guests", "")
            for guest in spec.guests { write(guest) }
        }
    }

    private mutating func line(_ depth: Int, _ key: Name, _ value: String, note: Name? = nil) {
        let blanks = String(repeating: "  ", count: depth)
        text += "\(blanks)\(Scalar.text(key.string)):\(value.isEmpty ? "" : " " + value)\(Self.comment(note))\n"
    }

    /// A comment that can be read as nothing else.
    private static func comment(_ note: Name?) -> String {
        guard let note,
            Scalar.text(note.string).isSame(as: note.string) || MACAddress(note.string) != nil
                || PCIAddress(note.string) != nil
        else { return "" }
        return "  # \(note)"
    }

    private static func flow(_ pairs: [(Name, String?)]) -> String {
        "{"
            + pairs.compactMap { key, value in value.map { "\(Scalar.text(key.string)): \($0)" } }.joined(
                separator: ", ")
            + "}"
    }

    // MARK: PFs

    private mutating func write(_ pf: PFSpec) {
        let values: [(Name, String?)] = [
            ("vfs", pf.vfs.map(String.init)), ("boot", pf.boot.map(Self.word)),
            ("hostDriver", pf.hostDriver.map(Self.word)),
        ]
        line(1, pf.word, Self.flow(values), note: pf.title)
    }

    // MARK: Pools

    private mutating func write(_ pool: PoolSpec) {
        line(1, pool.name, "")
        let length = text.utf8.count
        writeValues(pool)
        guard text.utf8.count == length else { return }
        // Nothing said of it would be read as null.
        text.unicodeScalars.removeLast()
        text += " {}\n"
    }

    private mutating func writeValues(_ pool: PoolSpec) {
        if !pool.isManaged { line(2, "managed", "false") }
        writePFs(pool)
        if let selection = pool.selection { write(selection, 2) }
        if let order = pool.order { line(2, "order", order.rawValue) }
        said(2, "vlan", pool.vlan, Self.vlan)
        if let autostart = pool.autostart { line(2, "autostart", Self.word(autostart)) }
        if let active = pool.active { line(2, "active", Self.word(active)) }
        said(2, "driverModel", pool.driverModel) { Scalar.text($0.string) }
        said(2, "iommufd", pool.iommufd, Self.word)
        if let settings = Self.said(pool.settings) { line(2, "settings", settings) }
        guard pool.saysPortgroups else { return }
        guard !pool.hasNoOtherPortgroups else { return line(2, "portgroups", "null") }
        line(2, "portgroups", pool.portgroups.isEmpty ? "{}" : "")
        for group in pool.portgroups {
            guard !group.isRemoved else {
                line(3, group.name, "null")
                continue
            }
            var values: [(Name, String?)] = [
                ("vlan", Self.said(group.vlan, Self.vlan)), ("default", group.isDefault.map(Self.word)),
            ]
            values.append(("settings", Self.said(group.settings)))
            line(3, group.name, Self.flow(values))
        }
    }

    private mutating func writePFs(_ pool: PoolSpec) {
        guard let only = pool.pfs.first else { return }
        if pool.pfs.count == 1, only.selection == nil {
            return line(2, "pf", Scalar.text(only.word.string), note: only.title)
        }
        line(2, "pf", "")
        for pf in pool.pfs {
            var value = Scalar.text(pf.word.string)
            if let selection = pf.selection { value = Self.flow([("pf", value)] + Self.values(selection)) }
            text += "      - \(value)\(Self.comment(pf.title))\n"
        }
    }

    private mutating func write(_ selection: VFSelection, _ depth: Int) {
        for (key, value) in Self.values(selection) { if let value { line(depth, key, value) } }
    }

    private static func values(_ selection: VFSelection) -> [(Name, String?)] {
        [
            ("vfs", selection.included.map { indices($0) } ?? (selection.excluded.isEmpty ? "null" : nil)),
            ("exclude", selection.excluded.isEmpty ? nil : indices(selection.excluded)),
        ]
    }

    /// A comma would end it within braces.
    private static func indices(_ indices: IndexSet) -> String {
        let text = indices.description
        return text.contains(bytes: ",") || text.isEmpty ? "\"\(text)\"" : text
    }

    /// A trunk is a list.
    private static func vlan(_ vlan: SpecVLAN) -> String {
        guard let trunk = vlan.trunk else { return vlan.words }
        let tags = trunk.tags.map { tag in
            tag.nativeMode.map { "{id: \(tag.id), native: \(Scalar.text($0.string))}" } ?? String(tag.id)
        }
        return "[\(tags.joined(separator: ", "))]"
    }

    private mutating func said<Value>(_ depth: Int, _ key: Name, _ value: Said<Value>, _ words: (Value) -> String) {
        if let text = Self.said(value, words) { line(depth, key, text) }
    }

    private static func said<Value>(_ value: Said<Value>, _ words: (Value) -> String) -> String? {
        switch value {
        case .nothing: nil
        case .none: "null"
        case .value(let value): words(value)
        }
    }

    /// Nil where nothing is said of them.
    private static func said(_ change: SettingsChange) -> String? {
        guard !change.isEmpty else { return nil }
        return change.isNone ? "null" : flow(settings(change))
    }

    private static func settings(_ change: SettingsChange) -> [(Name, String?)] {
        WantedSettings.Name.allCases.map { name in
            let text = change.wanted[name]
            switch name {
            case .trust, .spoofCheck: return (name.key, text.map { word($0.isSame(as: "on")) } ?? removed(name, change))
            default: return (name.key, text ?? removed(name, change))
            }
        }
    }

    private static func removed(_ name: WantedSettings.Name, _ change: SettingsChange) -> String? {
        change.removed.contains(name) ? "null" : nil
    }

    private static func word(_ on: Bool) -> String { on ? "true" : "false" }

    // MARK: Guests

    private mutating func write(_ guest: GuestSpec) {
        line(1, guest.name, guest.interfaces.isEmpty ? "[]" : "")
        for interface in guest.interfaces {
            var values: [(Name, String?)] = [
                ("mac", Scalar.text(interface.mac.description)), ("pool", Scalar.text(interface.pool.string)),
                ("portgroup", Self.said(interface.portgroup) { Scalar.text($0.string) }),
                ("vlan", Self.said(interface.vlan, Self.vlan)),
                ("failover", Self.said(interface.failover) { Scalar.text($0.string) }),
            ]
            values.append(("settings", Self.said(interface.settings)))
            text += "    - \(Self.flow(values))\n"
        }
    }
}
