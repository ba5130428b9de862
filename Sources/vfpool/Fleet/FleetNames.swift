import Fleet
import Model
import Text

/// Hosts as they stand in a line: all of them in few words, or the first where these are many.
enum FleetNames {
    private static let longest = 72

    static func words(_ names: [Name], all: Bool = false) -> String {
        let folded = HostNames.folded(names)
        guard !all, folded.utf8.count > longest else { return folded }
        // Parts between commas, but for those within brackets.
        let first = names.prefix(3).map(\.string).joined(separator: ",")
        return names.count > 3 ? "\(first) and \(names.count - 3) more" : folded
    }
}
