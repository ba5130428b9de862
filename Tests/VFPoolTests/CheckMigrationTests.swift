import FoundationEssentials
import TestSupport
import Testing

/// `check-migration` between two hosts of libvirt's test driver, which has neither PFs nor QEMU.
@Suite struct CheckMigrationTests {
    private let here: CLIHost
    private let there: CLIHost

    init() throws {
        here = try CLIHost("failover")
        there = try CLIHost("elsewhere")
    }

    private var uri: String { "test://\(there.file)" }

    private func run(_ words: String...) throws -> CommandResult { try here.run(["check-migration"] + words) }

    @Test func prints() throws {
        let lines = [
            ["vm1", "--to", uri], ["vm2", "--to", uri, "--problems"], ["vm2", "--to", uri, "--quiet"],
            ["vm3", "--to", uri], ["vm3", "--to", uri, "--problems", "--format", "json"], ["nix", "--to", uri],
            ["vm1", "--to", "nix:///system"], ["vm1", "--to", "nix:///system", "--format", "json"],
            ["vm1", "--to", "test://\(here.file)", "--problems"], ["vm1"], ["vm1", "--to", ""],
        ]
        var text = ""
        for line in lines {
            let arguments = ["check-migration"] + line
            text += Golden.text(arguments, try here.run(arguments)) + "\n"
        }
        try Golden.check(
            "check-migration", here.normalized(text.replacing(there.folder, with: "/THERE")))
    }

    @Test func statusTellsWhetherSomethingFailed() throws {
        let well = try run("vm1", "--to", uri, "--quiet")
        #expect(well.status == 0 && well.stdout.isEmpty && well.stderr.isEmpty, "\(well)")
        let ill = try run("vm2", "--to", uri, "--quiet")
        #expect(ill.status == 2, "\(ill)")
        #expect(ill.stdout.split(separator: "\n").contains("target-portgroup"))
    }

    @Test func isOneDocument() throws {
        let result = try run("vm1", "--to", uri, "--format", "json")
        #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
        let object = try JSON(parsing: result.stdout)
        #expect(object.keys == ["version", "uri", "target", "guest", "checks", "verdicts"])
        #expect(object["target"]?.text == uri && object["guest"]?.text == "vm1")
    }

    @Test func changesNothing() throws {
        _ = try run("vm2", "--to", uri)
        for host in [here, there] { #expect(!FileManager.default.fileExists(atPath: host.stateFolder)) }
    }
}
