import TestSupport
import Testing
import Text

@testable import vfpool

/// Completion from the host: what the shells' scripts ask for.
@Suite struct CompletionTests {
    /// What stands for the word after `words`.
    private func complete(_ host: CLIHost, _ command: String, _ argument: String, _ words: [String]) throws -> [String]
    {
        let line = ["vfpool", command] + words + [""]
        let result = try host.run(["---completion", command, "--", argument, "\(line.count - 1)", "0"] + line)
        #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
        return result.stdout.split(separator: "\n").map(String.init)
    }

    @Test func namesComeFromTheHost() throws {
        let host = try CLIHost()
        #expect(try complete(host, "bind", "positional@0", []) == (1...8).map { "vm\($0)" })
        #expect(try complete(host, "check-migration", "positional@0", []).count == 8)
        #expect(try complete(host, "bind", "--pool", ["vm1"]) == ["handmade", "vfpool-eth5"])
        #expect(try complete(host, "create", "positional@0", []) == ["eth3", "eth4", "eth5"])
        #expect(try complete(host, "unbind", "--to-network", ["vm1"]) == ["default", "handmade", "vfpool-eth5"])
        #expect(try complete(host, "status", "positional@0", []).contains("vm1"))
        #expect(try complete(host, "bind", "--interface", ["vm1"]).contains("52:54:00:6d:90:01"))
        #expect(try complete(host, "bind", "--portgroup", ["vm1", "--pool", "vfpool-eth5"]).isEmpty)
        #expect(try host.run(["completion", "bash"]).stdout.contains("filterref"))
        #expect(try complete(host, "undo", "positional@0", []).isEmpty)
        #expect(try host.run(["create", "eth3"]).status == 0)
        #expect(try complete(host, "undo", "positional@0", []).count == 1)
    }

    @Test func silentWithoutAHost() throws {
        let host = try CLIHost()
        #expect(try complete(host, "bind", "positional@0", ["-c", "nix:///system"]).isEmpty)
    }

    @Test(arguments: [
        (["vfpool", "-c", "qemu:///system", "x"], "qemu:///system"),
        (["vfpool", "--connect=test:///default"], "test:///default"),
        (["vfpool", "-c", "qemu+ssh", ":", "//root", "@", "host/system", "x"], "qemu+ssh://root@host/system"),
        (["vfpool", "--connect", "=", "test", ":", "///default"], "test:///default"),
        (["vfpool", "-c", "'test:///a b'"], "test:///a b"), (["vfpool", "list"], nil), (["vfpool", "-c"], nil),
    ])
    func theConnectionIsFound(words: [String], uri: String?) {
        #expect(Completion.uri(words) == uri)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func everyShellHasAScript(shell: String) throws {
        let host = try CLIHost()
        let script = try host.run(["completion", shell])
        #expect(script.status == 0)
        for command in ["create", "bind", "undo"] { #expect(script.stdout.contains(command)) }
        if shell == "bash" {
            #expect(try host.shell("$vfpool completion bash | bash -n").status == 0)
        }
    }
}
