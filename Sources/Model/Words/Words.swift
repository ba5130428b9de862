package import Text

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

    package static func list(_ items: [Name], most: Int = 5, last word: String = "and") -> String {
        list(items.map(\.string), most: most, last: word)
    }

    /// `1 guest`, `3 guests`.
    package static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `VF 3`, `VFs 4-7`.
    package static func vfs(_ indices: [Int]) -> String {
        indices.count == 1 ? "VF \(indices[0])" : "VFs \(IndexSet(indices))"
    }
}
