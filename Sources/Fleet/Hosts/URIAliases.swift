package import Text

/// The names for which libvirt's own configuration has a URI: `uri_aliases` of libvirt.conf.
package enum URIAliases {
    /// - Parameter text: the file.
    package static func names(_ text: String) -> Set<Name> {
        let lines = text.lines.map { String($0.trimmed) }
        guard
            let start = lines.firstIndex(where: {
                $0.split(byte: "=").first?.trimmed.isSame(as: "uri_aliases") ?? false
            })
        else { return [] }
        var names: Set<Name> = []
        for line in lines[start...] where !line.hasPrefix(bytes: "#") {
            let parts = line.split(byte: "\"", keepsEmpty: true)
            for (index, part) in parts.enumerated() {
                if index % 2 == 1, let (name, _) = part.cut(at: "=") { names.insert(Name(name)) }
                // Between the texts.
                if index % 2 == 0, part.utf8.contains(UInt8(ascii: "]")) { return names }
            }
        }
        return names
    }
}
