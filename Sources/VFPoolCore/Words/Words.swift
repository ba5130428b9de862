/// Small helpers for sentences.
package enum Words {
    /// `a`, `a and b`, `a, b and 3 more`.
    package static func list(_ items: [String], most: Int = 5, last word: String = "and") -> String {
        guard items.count > 1 else { return items.first ?? "" }
        if items.count > most {
            return items.prefix(most - 1).joined(separator: ", ") + " and \(items.count - most + 1) more"
        }
        return items.dropLast().joined(separator: ", ") + " \(word) " + (items.last ?? "")
    }

    /// A name as one word of a shell command, for hints that are to be copied.
    package static func quoted(_ name: String) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "@%+=:,./_-".utf8.contains(byte)
        }
        guard !isPlain || name.isEmpty || name.hasPrefix("-") else { return name }
        return "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// `1 guest`, `3 guests`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
