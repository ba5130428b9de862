import TestSupport
import Testing
import Text

@testable import vfpool

/// Completion from the host: what the shells' scripts ask for.
@Suite struct CompletionTests {
    /// What bash gets for a line, whose last word it replaces.
    private func complete(_ host: CLIHost, _ line: String) throws -> [String] {
        let word = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).last ?? []
        let result = try host.run(["---complete", "bash", "vfpool " + line, String(decoding: word, as: UTF8.self)])
        #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
        let lines = result.stdout.split(separator: "\n").map(String.init)
        #expect(lines.first == "words")
        return Array(lines.dropFirst())
    }

    @Test func namesComeFromTheHost() throws {
        let host = try CLIHost()
        #expect(try complete(host, "bind ") == (1...8).map { "vm\($0)" })
        #expect(try complete(host, "bind vm1 vm2 v").count == 8)
        #expect(try complete(host, "check-migration ").count == 8)
        #expect(try complete(host, "bind vm1 --pool ") == ["handmade", "vfpool-eth5"])
        #expect(try complete(host, "bind --pool=v") == ["--pool=vfpool-eth5"])
        #expect(try complete(host, "create ") == ["eth3", "eth4", "eth5"])
        #expect(try complete(host, "unbind vm1 --to-network ") == ["default", "handmade", "vfpool-eth5"])
        #expect(try complete(host, "status ").contains("vm1"))
        #expect(try complete(host, "bind vm1 --interface ").contains("52:54:00:6d:90:01"))
        #expect(try complete(host, "bind vm1 --pool vfpool-eth5 --portgroup ").isEmpty)
        #expect(try complete(host, "undo ").isEmpty)
        #expect(try host.run(["create", "eth3"]).status == 0)
        #expect(try complete(host, "undo ").count == 1)
    }

    @Test func wordsComeFromTheCommands() throws {
        let host = try CLIHost()
        #expect(try complete(host, "s") == ["set", "status"])
        #expect(try complete(host, "-c test:///default li") == ["list"])
        #expect(try complete(host, "hook ") == ["install", "remove", "status"])
        #expect(try complete(host, "help exit") == ["exit-status"])
        #expect(try complete(host, "bind vm1 --drop f") == ["filterref"])
        #expect(try complete(host, "list --format ") == ["table", "json"])
        #expect(try complete(host, "--format ") == ["table", "json"])
        #expect(try complete(host, "rm --dr") == ["--dry-run"])
        #expect(try complete(host, "rm --dry-run --dr").isEmpty, "once is enough")
        #expect(try complete(host, "migrate --except vm1 --exc") == ["--except"], "given again and again")
        #expect(try complete(host, "list ").contains("--format"))
        #expect(try complete(host, "bind -- --dr").isEmpty)
        #expect(try complete(host, "create eth3 eth").contains("eth5"))
        #expect(try complete(host, "boot eth3 eth").isEmpty, "one is all it takes")
        #expect(try complete(host, "nosuch ").isEmpty)
        let files = try host.run(["---complete", "bash", "vfpool create eth3 --template ", ""])
        #expect(files.stdout == "files\n")
    }

    @Test func silentWithoutAHost() throws {
        let host = try CLIHost()
        #expect(try complete(host, "-c nix:///system bind ").isEmpty)
        // Which host it is only the shell would know.
        #expect(try complete(host, "-c $HOST bind ").isEmpty)
        #expect(try complete(host, "bind --connect=\"$HOST\" ").isEmpty)
        #expect(try complete(host, "bind $GUEST --pool ").count == 2)
    }

    @Test(arguments: [
        (["-c", "qemu:///system", "x"], "qemu:///system"), (["--connect=test:///default"], "test:///default"),
        (["list"], nil), (["-c"], nil),
    ])
    func theConnectionIsFound(words: [String], uri: String?) {
        #expect(Completion.uri(words) == uri)
    }

    /// libvirt runs what these name.
    @Test(arguments: [
        ("qemu:///system", true), ("qemu+ssh://root@host/system?keyfile=/k&no_tty=1", true), ("garbage", true),
        ("qemu+ext:///system?command=/bin/x", false), ("qemu+ext://host/system", false),
        ("qemu+ssh://host/system?mode=auto&netcat=/bin/x", false), ("qemu+ssh://host/system?command=x", false),
        ("qemu+ssh://host/system?mode=auto;%63ommand=x", false),
    ])
    func noProgramIsRun(uri: String, isHarmless: Bool) {
        #expect(Completion.startsNothing(uri) == isHarmless)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func scriptsExpandNothing(shell: String) throws {
        let script = try CLIHost().run(["completion", shell])
        #expect(script.status == 0 && script.stdout.contains("vfpool ---complete \(shell) "))
        for word in ["compgen", "eval", "-W"] { #expect(!script.stdout.contains(word)) }
        if TypedLines.has(shell) {
            let check = try RunningCommand(
                ["/usr/bin/" + shell, "-n"], environment: ["HOME": "/nowhere"], input: script.stdout
            ).wait()
            #expect(check.status == 0, "\(check)")
        }
    }

    /// A script that ArgumentParser wrote would expand what it gets.
    @Test func olderScriptsGetNoNames() throws {
        let result = try CLIHost().run(["---completion", "bind", "--", "positional@0", "2", "0", "vfpool", "bind", ""])
        #expect(result.status == 0 && result.stdout.isEmpty && result.stderr.isEmpty)
    }
}
