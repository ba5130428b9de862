import Model
import Text

/// A systemd unit with its drop-ins, as `systemctl cat` shows it.
struct UnitFile {
    struct Entry {
        var section: Name
        var key: Name
        var value: String
        var place: Place
    }

    var name: String
    /// Its own file; drop-ins may say more.
    var path: String
    var entries: [Entry] = []

    static let folders = [
        "/etc/systemd/system", "/run/systemd/system", "/run/systemd/generator", "/usr/local/lib/systemd/system",
        "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/generator.late",
    ]

    /// - Returns: nil where there is no such unit, or it is masked.
    init?(_ name: String, _ files: BootFiles) {
        let template = Self.template(name)
        let names = [name, template].compactMap(\.self)
        let paths = names.flatMap { name in Self.folders.map { "\($0)/\(name)" } }
        guard let path = paths.first(where: files.exists), let text = files.text(path) else { return nil }
        (self.name, self.path) = (name, path)
        add(text, path)
        let folders = Self.folders.flatMap { folder in Self.dropIns(names).map { "\(folder)/\($0).d" } }
        for (_, path) in files.merged(folders, ending: ".conf") {
            if let text = files.text(path) { add(text, path) }
        }
    }

    private mutating func add(_ text: String, _ path: String) {
        entries += INIText(text, joins: true).entries.map {
            Entry(section: $0.section, key: $0.key, value: $0.value, place: Place(path: path, line: $0.line))
        }
    }

    /// Names whose `.d` folders are for this unit: its own, its prefixes (`a-b.service`: `a-.service`), its type.
    private static func dropIns(_ names: [String]) -> [String] {
        guard let first = names.first, let dot = first.utf8.lastIndex(of: UInt8(ascii: ".")) else { return names }
        let type = first[first.utf8.index(after: dot)...]
        let stem = first[..<dot].prefix(bytes: { $0 != UInt8(ascii: "@") })
        let dashes = stem.utf8.indices.filter { stem.utf8[$0] == UInt8(ascii: "-") }
        return names + dashes.reversed().map { "\(stem[...$0]).\(type)" } + [String(type)]
    }

    /// `vfpool-vfs@.service` of `vfpool-vfs@0000:03:00.0.service`.
    static func template(_ unit: String) -> String? {
        guard let (stem, rest) = unit.cut(at: "@"), !rest.hasPrefix(bytes: "."),
            let dot = rest.utf8.lastIndex(of: UInt8(ascii: "."))
        else { return nil }
        return "\(stem)@\(rest[dot...])"
    }

    // MARK: Values

    /// What a list of that key has at the end: an empty line empties it.
    func list(_ section: Name, _ key: Name) -> [Entry] {
        entries.reduce(into: []) { list, entry in
            guard entry.section == section, entry.key == key else { return }
            if entry.value.isEmpty { list = [] } else { list.append(entry) }
        }
    }

    func value(_ section: Name, _ key: Name) -> String? { list(section, key).last?.value }

    /// Units that a dependency names.
    func units(_ key: Name) -> [String] {
        list("Unit", key).flatMap { $0.value.words.map { specified(String($0)) } }
    }

    /// With specifiers replaced: `%i`, `%n`, and others of the unit's own name.
    func specified(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let stem = name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name[..<$0] } ?? name[...]
        let (prefix, instance) = stem.cut(at: "@") ?? (stem, "")
        var result = ""
        var rest = text[...]
        while let (before, after) = rest.cut(at: "%") {
            result += before
            switch after.utf8.first {
            case UInt8(ascii: "i"): result += instance
            case UInt8(ascii: "I"): result += Self.unescaped(instance)
            case UInt8(ascii: "n"): result += name
            case UInt8(ascii: "N"): result += stem
            case UInt8(ascii: "p"), UInt8(ascii: "P"): result += prefix
            case UInt8(ascii: "j"), UInt8(ascii: "J"): result += prefix.split(byte: "-").last ?? prefix
            case UInt8(ascii: "%"): result += "%"
            default: result += Glob.unknown
            }
            rest = after.dropFirstBytes(1)
        }
        return result + rest
    }

    /// `a-b\x2dc` as systemd-escape(1) undoes it: `a/b-c`.
    private static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let code = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte == UInt8(ascii: "-") ? UInt8(ascii: "/") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
