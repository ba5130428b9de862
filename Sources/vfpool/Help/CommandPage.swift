import Text

/// A command's man page, `vfpool-bind(1)`: what it does, its examples, and all its options.
enum CommandPage {
    static func text(_ command: ToolInfo.Command) -> String {
        let arguments = (command.arguments ?? []).filter { $0.shouldDisplay ?? true && !isBuiltIn($0) }
        let positional = arguments.filter { $0.kind == "positional" }
        let name = "vfpool \(command.commandName)"
        var parts = [
            Roff.title(command.pageName),
            Roff.section("Name", "\(Roff.text(command.pageName)) \\- \(Roff.text(command.abstract ?? ""))"),
            Roff.section(
                "Synopsis",
                "\(Roff.bold(name)) [\(Roff.italic("options"))]" + positional.map { " " + synopsis($0) }.joined()),
        ]
        let (description, examples) = described(command)
        if !description.isEmpty { parts.append(Roff.section("Description", Roff.paragraphs(description))) }
        if !positional.isEmpty {
            parts.append(Roff.section("Arguments", positional.map(item).joined(separator: "\n")))
        }
        parts.append(Roff.section("Options", options(arguments.filter { $0.kind != "positional" })))
        if !examples.isEmpty {
            let text = examples.map(example).joined(separator: "\n")
            parts.append(Roff.section("Examples", String(text.without(prefix: ".PP\n") ?? text[...])))
        }
        parts.append(
            Roff.section(
                "See also",
                "\(Roff.bold("vfpool"))(1), which has the exit status, the environment, the JSON documents and the files."
            ))
        return parts.joined(separator: "\n") + "\n"
    }

    /// The discussion without its examples, which are its last part, and they.
    private static func described(_ command: ToolInfo.Command) -> (description: String, examples: [Substring]) {
        var text = command.discussion ?? ""
        if let aliases = command.aliases, !aliases.isEmpty {
            text += "\n\nAlso called \(aliases.joined(separator: ", "))."
        }
        let lines = text.split(byte: "\n", keepsEmpty: true)
        guard let heading = lines.firstIndex(where: { $0.isSame(as: "Examples:") || $0.isSame(as: "Example:") }) else {
            return (text, [])
        }
        let examples = lines[(heading + 1)...].prefix { $0.isEmpty || $0.hasPrefix(bytes: "  ") }
        let rest = lines[..<heading] + lines[(heading + 1 + examples.count)...]
        return (trimmed(rest), examples.filter { !$0.isEmpty })
    }

    /// A line of an example: what is typed, or what it is for.
    private static func example(_ line: Substring) -> String {
        let text = String(line.drop(bytes: { $0 == UInt8(ascii: " ") }))
        return text.hasPrefix(bytes: "$ ")
            ? ".RS 4\n.nf\n\(Roff.text(text))\n.fi\n.RE" : ".PP\n\(Roff.text(text))"
    }

    private static func trimmed(_ lines: ArraySlice<Substring>) -> String {
        lines.drop(while: \.isEmpty).reversed().drop(while: \.isEmpty).reversed().joined(separator: "\n")
    }

    /// Those of its own first, then those that it shares with other commands, under their titles.
    private static func options(_ arguments: [ToolInfo.Argument]) -> String {
        var titles: [String?] = [nil]
        for argument in arguments where !titles.contains(argument.sectionTitle) { titles.append(argument.sectionTitle) }
        let groups = titles.map { title in
            let items = arguments.filter { $0.sectionTitle == title }.map(item)
            return (items.isEmpty ? [] : title.map { [".SS \(Roff.text($0))"] } ?? []) + items
        }
        return (groups.flatMap(\.self) + [Roff.item(Roff.bold("-h") + ", " + Roff.bold("--help"), "Show help.")])
            .joined(separator: "\n")
    }

    /// Every command has help, and none a version of its own.
    private static func isBuiltIn(_ argument: ToolInfo.Argument) -> Bool {
        argument.names?.contains { ["help", "version"].contains($0.name) } ?? false
    }

    private static func synopsis(_ argument: ToolInfo.Argument) -> String {
        let name = Roff.italic(argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
        return argument.isOptional ? "[\(name)]" : name
    }

    private static func item(_ argument: ToolInfo.Argument) -> String {
        let value = argument.kind == "option" ? " " + Roff.italic(argument.valueName ?? "") : ""
        // Short before long, as help has it.
        let names = (argument.names ?? []).map(\.spelling).sorted { $0.utf8.count < $1.utf8.count }
        let tag =
            names.isEmpty ? Roff.italic(argument.valueName ?? "") : names.map(Roff.bold).joined(separator: ", ") + value
        var text = argument.abstract ?? ""
        if let values = argument.allValues { text += " One of \(values.joined(separator: ", "))." }
        if let value = argument.defaultValue { text += " Without it: \(value)." }
        return Roff.item(tag, text)
    }
}
