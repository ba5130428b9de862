import FoundationEssentials
import TestSupport

/// vfpool's commands as the program itself tells of them.
struct CommandTree: Decodable {
    struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?

        /// Those that do something: the words that lead to each, and its arguments.
        func leaves(_ path: [String] = []) -> [Leaf] {
            guard let subcommands, !subcommands.isEmpty else { return [Leaf(path: path, arguments: arguments ?? [])] }
            return subcommands.flatMap { $0.leaves(path + [$0.commandName]) }
        }
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }

        var kind: String
        var names: [Name]?
        var valueName: String?
        var isOptional: Bool

        var option: String? { names?.last.map { ($0.kind == "short" ? "-" : "--") + $0.name } }
    }

    struct Leaf {
        var path: [String]
        var arguments: [Argument]

        var name: String { path.joined(separator: " ") }
        var required: Int { arguments.count { $0.kind == "positional" && !$0.isOptional } }
        func has(_ option: String) -> Bool { arguments.contains { $0.option == option } }
    }

    private var command: Command

    /// Of the program that was built with these tests. `help` is ArgumentParser's own, and looks at nothing.
    static func leaves() throws -> [Leaf] {
        let text = try RunningCommand([Rig.vfpool, "--experimental-dump-help"], environment: [:]).wait().stdout
        return try JSONDecoder().decode(CommandTree.self, from: Data(text.utf8)).command.leaves()
            .filter { $0.path != ["help"] }
    }
}
