import FoundationEssentials
import Glibc
import TestSupport

/// A host of libvirt's test driver, a journal, and the built vfpool to run on them; all gone with the value.
///
/// The test driver forgets what a process changed when it ends. `keep` writes what the journal says libvirt stored
/// back into the host's file, so that the next command finds it.
final class CLIHost {
    let folder: String
    private var objects: [(kind: String, name: String, xml: String)]

    convenience init(_ fixture: String = "usual") throws {
        try self.init(
            text: String(
                decoding: Data(contentsOf: URL(filePath: "\(Self.fixtures)/hosts/\(fixture).xml")), as: UTF8.self))
    }

    /// - Parameter text: the document of the test driver, with each object's end at the end of a line.
    init(text: String) throws {
        folder = "/tmp/vfpool-cli.\(getpid()).\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        objects = Self.elements(text)
        try write()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static let fixtures = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Fixtures"

    var file: String { folder + "/host.xml" }
    var stateFolder: String { folder + "/state" }

    var environment: [String: String] {
        [
            "LIBVIRT_DEFAULT_URI": "test://\(file)", "VFPOOL_STATE_DIR": stateFolder, "PATH": "/usr/bin:/bin",
            "SUDO_USER": "tester", "TZ": "UTC", "HOME": folder, "COLUMNS": "100", "LC_ALL": "C.UTF-8",
        ]
    }

    /// Runs vfpool, without a terminal.
    func run(_ arguments: [String], environment: [String: String] = [:], input: String = "") throws -> CommandResult {
        try start(arguments, environment: environment, input: input).wait()
    }

    func start(
        _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) throws -> RunningCommand {
        try RunningCommand(
            [Rig.vfpool] + arguments, environment: self.environment.merging(environment) { $1 }, input: input)
    }

    /// Runs a line of shell in which `$vfpool` is vfpool.
    func shell(_ line: String) throws -> CommandResult {
        try RunningCommand(
            ["/bin/bash", "-c", line], environment: environment.merging(["vfpool": Rig.vfpool]) { $1 }
        ).wait()
    }

    // MARK: What lasts

    /// Makes the last change last.
    func keep() throws {
        let changes = stateFolder + "/changes"
        guard let last = try FileManager.default.contentsOfDirectory(atPath: changes).max() else { return }
        let files = try FileManager.default.contentsOfDirectory(atPath: "\(changes)/\(last)").sorted()
        for file in files where file.hasSuffix(".stored.xml") {
            let text = String(
                decoding: try Data(contentsOf: URL(filePath: "\(changes)/\(last)/\(file)")), as: UTF8.self)
            replace(file.contains("-guest-") ? "domain" : "network", text)
        }
        try write()
    }

    /// What an undo took away.
    func remove(_ kind: String, _ name: String) throws {
        objects.removeAll { $0.kind == kind && $0.name == name }
        try write()
    }

    private func replace(_ kind: String, _ text: String) {
        var text = text
        let name = Self.name(text)
        let index = objects.firstIndex { $0.kind == kind && $0.name == name }
        // How the test driver is told that a guest is off is no part of what it prints.
        if let index, let state = objects[index].xml.firstMatch(of: /<test:runstate>\d<\/test:runstate>/) {
            text = text.replacing("</domain>", with: "\(state.output)</domain>")
            text = text.replacing(
                "<domain ", with: "<domain xmlns:test='http://libvirt.org/schemas/domain/test/1.0' ", maxReplacements: 1
            )
        }
        if let index { objects[index].xml = text } else { objects.insert((kind, name, text), at: 0) }
    }

    private func write() throws {
        let text = "<node>\n\(objects.map(\.xml).joined(separator: "\n"))\n</node>\n"
        try Data(text.utf8).write(to: URL(filePath: file))
    }

    /// The elements of the host's file: one object each.
    private static func elements(_ text: String) -> [(kind: String, name: String, xml: String)] {
        text.matches(of: /<(domain|network|device|interface)[ >](?s:.*?)<\/\1>(?=\n)/).map { match in
            (String(match.output.1), name(String(match.output.0)), String(match.output.0))
        }
    }

    private static func name(_ xml: String) -> String {
        xml.firstMatch(of: /<name>(.*?)<\/name>/).map { String($0.output.1) } ?? ""
    }

    // MARK: What differs from run to run

    /// Text with everything replaced that no two runs, or systems, have in common.
    func normalized(_ text: String) -> String {
        text.replacing(folder, with: "/HOST")
            .replacing(/\d{8}-\d{6}-\d{3}/, with: "CHANGE-OF-THIS-TEST")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00/, with: "2026-01-01T00:00:00+00:00")
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/in \d+ ms/, with: "in 0 ms")
            .replacing(/(?m)^host: \S+$/, with: "host: HOST")
            .replacing(/"host" : "[^"]*"/, with: "\"host\" : \"HOST\"")
            .replacing(/(?m)libvirt \d+\.\d+\.\d+$/, with: "libvirt VERSION")
            .replacing(/52:54:00:(?!6d:90)[0-9a-f:]{8}/, with: "52:54:00:NE:WO:NE")
    }
}
