import FoundationEssentials
import TestSupport
import Testing

/// Where what is printed goes, and where it must not.
@Suite struct StreamTests {
    @Test func aClosedStreamIsNoPlaceForTheNextFile() throws {
        let host = try CLIHost()
        let closed = try host.shell("$vfpool create eth3 >&-; echo $?")
        #expect(closed.stdout == "1\n", "\(closed)")
        #expect(closed.stderr.contains("error[output]: "))
        #expect(try host.run(["log"]).stdout.isEmpty, "what can't be shown is not done")
        #expect(try host.shell("$vfpool create eth3 -v <&- >&- 2>&-; echo $?").stdout == "1\n")
        let lock = (try? Data(contentsOf: URL(filePath: host.stateFolder + "/lock"))) ?? Data()
        #expect(!String(decoding: lock, as: UTF8.self).contains("read "), "talk in the lock's file")
        #expect(try host.shell("$vfpool create eth3 2>&- >/dev/null; echo $?").stdout == "0\n")
    }

    /// libvirt's library reads documents in this process, too, and leaves what libxml2 then says to libxml2.
    @Test func libxml2IsSilent() throws {
        let guest = HostFile.guest("vm1").replacing(
            "<memory>", with: "<metadata><x:x xmlns:x='urn:x' xml:id='1 2'/></metadata><memory>")
        let host = try CLIHost(text: "<node>\n\(guest)\n</node>")
        for line in [["list"], ["status", "vm1"], ["list", "--format", "json"]] {
            let result = try host.run(line)
            let isOurs = result.stderr.split(separator: "\n").allSatisfy {
                $0.hasPrefix("note: ") || $0.hasPrefix("hint: ")
            }
            #expect(result.status == 0 && isOurs, "\(result)")
        }
        let refused = try host.run(["status", "vm2", "--format", "json"])
        #expect(try JSON(parsing: refused.stderr)["error"] != nil, "\(refused)")
    }

    @Test func aChangeThatCanNotBeShownIsNamed() throws {
        let host = try CLIHost()
        let result = try host.shell("$vfpool create eth3 --format json > /dev/full")
        #expect(result.status == 1)
        #expect(result.stderr.contains("was made, but could not write the output"), "\(result)")
        #expect(result.stderr.contains("vfpool log "))
        #expect(try host.run(["log"]).stdout.contains("done"))
    }

    @Test func quietKeepsWarnings() throws {
        let host = try CLIHost()
        let result = try host.run(["bind", "vm2", "--pool", "handmade", "--quiet"])
        #expect(result.status == 0, "\(result)")
        #expect(result.stderr.contains("warning: "), "\(result)")
        #expect(!result.stderr.contains("hint: ") && !result.stderr.contains("note: "))
    }

    @Test func printXMLIsOneDocument() throws {
        let host = try CLIHost()
        let two = try host.run(["bind", "vm2", "vm3", "--pool", "vfpool-eth5", "--print-xml"])
        #expect(two.status == 64 && two.stdout.isEmpty, "\(two)")
        let one = try host.run(["bind", "vm2", "--pool", "vfpool-eth5", "--print-xml"])
        #expect(one.stdout.matches(of: /<(domain|network)[ >]/).count == 1, "\(one)")
        #expect(try host.run(["create", "eth3"]).status == 0)
        try host.keep()
        let same = try host.run(["create", "eth3", "--print-xml"])
        #expect(same.stdout.hasPrefix("<network"), "the document as it is: \(same)")
        #expect(try host.run(["create", "eth3", "--print-xml", "--format", "json"]).status == 64)
        let gone = try host.run(["undo", "--print-xml"])
        #expect(gone.status == 1 && gone.stderr.contains("error[no-document]"), "\(gone)")
    }

    @Test func aPlanToUndoSeesSecrets() throws {
        let host = try CLIHost()
        #expect(try host.run(["bind", "vm2", "--pool", "vfpool-eth5"]).status == 0)
        try host.keep()
        let plan = try host.run(["undo", "--dry-run"])
        #expect(plan.status == 0, "\(plan)")
    }

    @Test func theUndoOfAChangeIsNamed() throws {
        let host = try CLIHost()
        let result = try host.run(["create", "eth3"])
        #expect(result.stderr.contains(/undo with `vfpool undo \d{8}-/), "\(result)")
    }

    @Test func otherHostsAreNamedInTheLog() throws {
        let host = try CLIHost()
        #expect(try host.run(["create", "eth3"]).status == 0)
        #expect(try !host.run(["log"]).stdout.contains("URI"))
        let elsewhere = try host.run(["log"], environment: ["LIBVIRT_DEFAULT_URI": "test:///default"])
        #expect(elsewhere.stdout.contains("URI") && elsewhere.stdout.contains("test://\(host.file)"), "\(elsewhere)")
    }

    @Test func connectionsThatFailAreNamed() throws {
        let host = try CLIHost()
        let missing = try host.run(["list"], environment: ["LIBVIRT_DEFAULT_URI": "foo:///bar"])
        #expect(missing.stderr.contains("could not connect to foo:///bar"), "\(missing)")
        let garbage = try host.run(["list", "-c", "garbage"])
        #expect(garbage.status == 1 && !garbage.stderr.contains("daemon running"), "\(garbage)")
    }

    @Test(arguments: [
        (["help", "nosuch"], "there is no command nosuch"), (["-c"], "-c needs a value"),
        (["log", ""], "the change's name is empty"), (["undo", ""], "the change's name is empty"),
        (["nosuch"], "there is no command nosuch"),
        (["bind", "vm1", "--drop", "mtu"], "following: filterref, bandwidth"),
    ])
    func badArguments(words: [String], message: String) throws {
        let result = try CLIHost().run(words)
        #expect(result.status == 64 && result.stdout.isEmpty, "\(result)")
        #expect(result.stderr.contains(message), "\(result)")
    }
}
