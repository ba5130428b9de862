import Text

/// UUIDs as people and documents write them.
package enum UUIDText {
    /// As libvirt spells it: in lower case; nil for what has not the form of one, as virsh sees it: 32 hexadecimal digits with a
    /// hyphen after the 8th, 12th, 16th and 20th.
    package static func normal(_ text: String) -> String? {
        let parts = text.split(byte: "-", keepsEmpty: true)
        guard parts.map(\.utf8.count) == [8, 4, 4, 4, 12],
            parts.allSatisfy({ $0.utf8.allSatisfy { $0.isDigit || (0x61...0x66).contains($0 | 0x20) } })
        else { return nil }
        return text.asciiLowercased
    }
}
