import VFPoolCore

/// vfpool(1), made from the command tree, so that it is never behind it.
enum ManPage {
    /// - Throws: `output`.
    static func text() throws(Failure) -> String {
        let root = try ToolInfo.current().command
        let commands = root.commands
        var parts = [
            ".TH VFPOOL 1 \"\" \"vfpool \(VFPool.version)\" \"User Commands\"",
            ".nh", ".ad l",
            section("Name", "vfpool \\- \(Roff.text(root.abstract ?? ""))"),
            section("Synopsis", "\(Roff.bold("vfpool")) \(Roff.italic("command")) [\(Roff.italic("options"))]"),
            section("Description", Roff.paragraphs(root.discussion ?? "")),
            ".SH COMMANDS",
        ]
        parts += commands.map(command)
        parts += sharedOptions(commands)
        parts += [
            section("Exit status", Roff.literal(Topic.exitStatus)),
            section("Environment", Roff.literal(Topic.environment)),
            section("JSON", Roff.literal(Topic.json)),
            section(
                "Files",
                item(
                    "/var/lib/vfpool/changes",
                    "The journal: a folder for each change, with the documents before and after.")
                    + "\n" + item("/var/lib/vfpool/lock", "Held while a change is made; names who holds it.")
                    + "\n"
                    + item(
                        "/etc/libvirt/hooks/network.d/vfpool, /etc/libvirt/hooks/qemu.d/vfpool",
                        "The hook for VF settings, by `vfpool hook install`.")
                    + "\n" + item("/run/vfpool", "What VFs had before guests got them.")
                    + "\n" + item("/usr/share/libvirt/schemas", "libvirt's grammars, against which documents are held.")
            ),
            section("See also", "\(Roff.bold("virsh"))(1), \(Roff.bold("virt-host-validate"))(1)"),
        ]
        return parts.joined(separator: "\n") + "\n"
    }

    private static func section(_ title: String, _ body: String) -> String { ".SH \(title.uppercased())\n\(body)" }

    private static func item(_ name: String, _ text: String) -> String { ".TP\n\(Roff.bold(name))\n\(Roff.text(text))" }

    // MARK: Commands

    private static func command(_ command: ToolInfo.Command) -> String {
        let arguments = (command.arguments ?? []).filter { $0.shouldDisplay ?? true && !isBuiltIn($0) }
        let positional = arguments.filter { $0.kind == "positional" }
        let own = arguments.filter { $0.kind != "positional" && !isShared($0) }
        var lines = [
            ".SS \(Roff.text(command.commandName))",
            "\(Roff.bold("vfpool \(command.commandName)")) [\(Roff.italic("options"))]"
                + positional.map { " " + synopsis($0) }.joined(),
            ".PP",
            Roff.text(command.abstract ?? "") + ".",
        ]
        if let aliases = command.aliases, !aliases.isEmpty {
            lines.append("Also called \(aliases.map(Roff.bold).joined(separator: ", ")).")
        }
        if let discussion = command.discussion { lines += [".PP", Roff.paragraphs(discussion)] }
        lines += (positional + own).map(argument)
        return lines.joined(separator: "\n")
    }

    /// Every command has help, and none a version of its own.
    private static func isBuiltIn(_ argument: ToolInfo.Argument) -> Bool {
        argument.names?.contains { ["help", "version"].contains($0.name) } ?? false
    }

    private static let sharedTitles = ["VF settings", "Connection", "Change", "Output"]

    private static func isShared(_ argument: ToolInfo.Argument) -> Bool {
        argument.sectionTitle.map(sharedTitles.contains) ?? false
    }

    private static func synopsis(_ argument: ToolInfo.Argument) -> String {
        let name = Roff.italic(argument.valueName ?? "") + (argument.isRepeating ? " ..." : "")
        return argument.isOptional ? "[\(name)]" : name
    }

    private static func argument(_ argument: ToolInfo.Argument) -> String {
        let value = argument.kind == "option" ? " " + Roff.italic(argument.valueName ?? "") : ""
        // Short before long, as help has it.
        let names = (argument.names ?? []).map(\.spelling).sorted { $0.count < $1.count }
        let tag =
            names.isEmpty ? Roff.italic(argument.valueName ?? "") : names.map(Roff.bold).joined(separator: ", ") + value
        var text = argument.abstract ?? ""
        if let values = argument.allValues { text += " One of \(values.joined(separator: ", "))." }
        if let value = argument.defaultValue { text += " Without it: \(value)." }
        return ".TP\n\(tag)\n\(Roff.text(text))"
    }

    // MARK: Options that commands share

    private static func sharedOptions(_ commands: [ToolInfo.Command]) -> [String] {
        var lines = [
            ".SH OPTIONS OF SEVERAL COMMANDS", "Every command has \(Roff.bold("--help")).",
        ]
        for title in sharedTitles {
            let users = commands.filter { $0.arguments?.contains { $0.sectionTitle == title } ?? false }
            guard let first = users.first else { continue }
            lines.append(".SS \(title)")
            lines.append("Of \(users.map { Roff.bold($0.commandName) }.joined(separator: ", ")).")
            lines += (first.arguments ?? []).filter { $0.sectionTitle == title }.map(argument)
        }
        return lines
    }
}
