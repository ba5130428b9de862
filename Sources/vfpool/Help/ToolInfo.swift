import ArgumentParser
import FoundationEssentials
import Model
import Text

/// The command tree as ArgumentParser tells it (`--experimental-dump-help`, version 0): as much as a man page needs.
struct ToolInfo: Decodable {
    struct Command: Decodable {
        var commandName: String
        var aliases: [String]?
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String

            var spelling: String { kind == "long" ? "--" + name : "-" + name }
        }

        /// `positional`, `option`, `flag`.
        var kind: String
        var shouldDisplay: Bool?
        var sectionTitle: String?
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var completionKind: CompletionKind?
    }

    /// Which values an argument takes; one of these is there, or none.
    struct CompletionKind: Decodable {
        struct List: Decodable { var values: [String] }
        struct Detail: Decodable {}

        var list: List?
        var file: Detail?
        /// Asked of the host.
        var custom: Detail?
    }

    var command: Command

    /// - Throws: `output`.
    static func current() throws(Failure) -> ToolInfo {
        do {
            return try JSONDecoder().decode(ToolInfo.self, from: Data(VFPool._dumpHelp().utf8))
        } catch {
            throw Failure(.output, "could not read the command tree", cause: "\(error)")
        }
    }
}

extension ToolInfo.Command {
    /// Of its man page: `vfpool-hook-install`.
    var pageName: String { "vfpool-" + commandName.split(byte: " ").joined(separator: "-") }

    /// Everything that can be run, by its full name: `status`, `hook install`.
    var commands: [Self] {
        (subcommands ?? []).filter { $0.shouldDisplay ?? true && $0.commandName != "help" }.flatMap { command in
            let below = command.commands
            return below.isEmpty
                ? [command]
                : below.map { part in
                    var part = part
                    part.commandName = command.commandName + " " + part.commandName
                    return part
                }
        }
    }
}
