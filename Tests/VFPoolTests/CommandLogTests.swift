import FoundationEssentials
import Model
import TestSupport
import Testing

/// Command lines that vfpool prints can be pasted, whatever guests are called.
@Suite struct CommandLogTests {
    private static let names = [
        "'\u{0301};touch a;'\u{0301}", "x;touch b", "$(touch c)", "a`touch d`b", "-x",
        "--connect=qemu+ext:?command=reboot",
    ]

    @Test(arguments: names) func undoAndLog(_ name: String) throws {
        let host = try CLIHost()
        try Self.rename("vm3", name, host)
        let uri = "test://\(host.file)"
        let words = ["bind", "-c", uri, "--pool", "vfpool-eth5", "--interface", "0", "--vlan", "5", "-y", "--", name]
        let result = try host.run(words)
        #expect(result.status == 0, "\(result)")
        let undo = try #require(
            Self.commands(result.stderr).last { $0.utf8.starts(with: "vfpool -c ".utf8) }, "\(result)")
        #expect(try Self.arguments(undo, host).prefix(3) == ["-c", uri, "undo"])
        // The column, and the same in the change's own view.
        let log = try host.run(["log"])
        let line = try #require(log.stdout.split(separator: "\n").last, "\(log)")
        let column = try #require(line.firstRange(of: " vfpool bind ")).lowerBound
        #expect(try Self.arguments(String(line[column...].dropFirst()), host) == words)
        let view = try host.run(["log", String(line.prefix { $0 != " " })])
        let shown = try #require(view.stdout.split(separator: "\n").first { $0.hasPrefix("command: ") }, "\(view)")
        #expect(try Self.arguments(String(shown.dropFirst("command: ".count)), host) == words)
        let undone = try host.run(["undo", "-n"])
        #expect(undone.status == 0, "\(undone)")
    }

    /// Hints with the name, from the pages that have most.
    @Test(arguments: names) func hints(_ name: String) throws {
        let host = try CLIHost()
        try Self.rename("vm1", name, host)
        try Self.rename("vfpool-eth5", name, host)
        for words in [
            ["status"], ["doctor"], ["migrate", "--all", "-n"], ["bind", "-n", "--", name],
            ["unbind", "-n", "--", name],
        ] {
            let result = try host.run(words)
            for command in Self.commands(result.stderr + result.stdout) where command.hasPrefix("vfpool ") {
                _ = try Self.arguments(command, host)
            }
        }
    }

    // MARK: Help

    /// Gives an object of the host another name.
    private static func rename(_ old: String, _ name: String, _ host: CLIHost) throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: host.file)), as: UTF8.self)
        let escaped = name.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
        let new = text.replacing("<name>\(old)</name>", with: "<name>\(escaped)</name>")
            .replacing("network='\(old)'", with: "network=\"\(escaped)\"")
        try Data(new.utf8).write(to: URL(filePath: host.file))
    }

    /// What stands in backticks, in hints.
    private static func commands(_ text: String) -> [String] {
        text.utf8.split(separator: 0x0A).compactMap { String($0) }.filter { $0.contains("hint: ") }.flatMap { line in
            let parts = line.utf8.split(separator: UInt8(ascii: "`"), omittingEmptySubsequences: false)
            return parts.enumerated().filter { $0.offset % 2 == 1 }.compactMap { String($0.element) }
        }
    }

    /// The arguments that vfpool would get, after that nothing else was run.
    private static func arguments(_ command: String, _ host: CLIHost) throws -> [String] {
        let folder = try TemporaryFolder()
        let script = "cd \(folder.path)\nvfpool() { for word; do printf '%s\\036' \"$word\"; done; }\n\(command)\n"
        let result = try RunningCommand(["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"]).wait()
        #expect(result.status == 0 && result.stderr.isEmpty, "\(command): \(result)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "\(command)")
        return result.stdout.utf8.split(separator: 0x1E).compactMap { String($0) }
    }
}
