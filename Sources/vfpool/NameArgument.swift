import ArgumentParser
import Text

/// A name as it was typed.
extension Name: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension [Name] {
    /// Each once, in the order in which they were named.
    var deduplicated: [Name] {
        var seen: Set<Name> = []
        return filter { seen.insert($0).inserted }
    }
}

extension [String] {
    /// Each once, in order, told apart by their bytes.
    var deduplicated: [String] { map { Name($0) }.deduplicated.map(\.string) }
}
