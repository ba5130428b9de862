import Journal
import Model
import Text

/// vfpool(1), made from the command tree, so that it is never behind it: the commands, and what goes for all of them.
enum ManPage {
    /// The words behind `vfpool help man`: none for this page, a command's for its own, `vfpool.yaml` for the format of specs, `--list` for the commands' names.
    ///
    /// - Throws: `usage`, `output`.
    static func page(_ words: [String]) throws(Failure) -> String {
        let root = try ToolInfo.current().command
        let name = words.joined(separator: " ")
        switch name {
        case "": return text(root)
        case "vfpool.yaml": return SpecTopic.page
        case "--list": return root.commands.map(\.commandName).joined(separator: "\n") + "\n"
        default:
            guard let command = root.commands.first(where: { $0.commandName.isSame(as: name) }) else {
                throw CommandLineError.unknown(name)
                    ?? Failure(
                        .usage, "\(name) is no command with a man page",
                        hints: ["list those that have one: `vfpool help man --list`"])
            }
            return CommandPage.text(command)
        }
    }

    private static func text(_ root: ToolInfo.Command) -> String {
        let parts = [
            Roff.title("vfpool"),
            Roff.section("Name", "vfpool \\- \(Roff.text(root.abstract ?? ""))"),
            Roff.section("Synopsis", "\(Roff.bold("vfpool")) \(Roff.italic("command")) [\(Roff.italic("options"))]"),
            Roff.section("Description", Roff.paragraphs(root.discussion ?? "")),
            Roff.section(
                "Commands", root.commands.map { Roff.item(reference($0), $0.abstract ?? "") }.joined(separator: "\n")),
            Roff.section("Exit status", Roff.literal(Topic.exitStatus)),
            Roff.section("Environment", Roff.literal(Topic.environment)),
            Roff.section("Many hosts", Roff.literal(Topic.hosts)),
            Roff.section("JSON", Roff.literal(Topic.json)),
            Roff.section("Files", files.map { Roff.item(Roff.bold($0.path), $0.text) }.joined(separator: "\n")),
            Roff.section(
                "See also",
                (root.commands.map(reference) + [
                    "\(Roff.bold("vfpool.yaml"))(5)", "\(Roff.bold("virsh"))(1)",
                    "\(Roff.bold("virt-host-validate"))(1)",
                ])
                .joined(separator: ",\n")),
        ]
        return parts.joined(separator: "\n") + "\n"
    }

    private static func reference(_ command: ToolInfo.Command) -> String { "\(Roff.bold(command.pageName))(1)" }

    private static let files: [(path: String, text: String)] = [
        ("/var/lib/vfpool/changes", "The journal: a folder for each change, with the documents before and after."),
        ("/var/lib/vfpool/lock, /run/vfpool.lock", "Held while a change is made; names who holds it."),
        (
            "/etc/systemd/system/vfpool-*, /etc/vfpool/vfs-*.conf",
            "Units by `vfpool boot`, and the VF counts that they read."
        ),
        ("/etc/vfpool/spec", "The host's spec, a file or a folder, if vfpool-drift.timer is to compare with it."),
        (
            "/etc/libvirt/hooks/network.d/vfpool, /etc/libvirt/hooks/qemu.d/vfpool",
            "The hook for VF settings, by `vfpool hook install`."
        ),
        ("/run/vfpool", "What VFs had before guests got them."),
        ("/usr/share/libvirt/schemas", "libvirt's grammars, against which documents are held."),
        (
            "/usr/share/doc/vfpool",
            "Where a package put them: a tutorial, how-tos, what each code means, how to undo and recover."
        ),
    ]
}
