import FoundationEssentials
import Glibc
import Journal
import TestSupport
import Testing
import Text

/// How the process behaves: exit status, streams, signals, locks.
@Suite struct BehaviourTests {
    @Test func aReaderThatGoesAwayIsNoFailure() throws {
        let host = try CLIHost()
        let result = try host.shell("exec 3> >(exit 0); sleep 0.3; $vfpool status >&3; echo $?")
        #expect(result.stdout == "0\n", "\(result)")
        // Without care the signal would have ended it.
        let other = try host.shell("exec 3> >(exit 0); sleep 0.3; /bin/cat /etc/passwd >&3; echo $?")
        #expect(other.stdout != "0\n")
    }

    @Test func aChangeGoesOnWithoutAReader() throws {
        let host = try CLIHost()
        let result = try host.shell("exec 3> >(exit 0); sleep 0.3; $vfpool create eth3 >&3; echo $?")
        #expect(result.stdout == "0\n", "\(result)")
        #expect(try host.run(["log"]).stdout.contains("done"))
    }

    @Test func aFullDiskIsAFailure() throws {
        let host = try CLIHost()
        let result = try host.shell("$vfpool list > /dev/full")
        #expect(result.status == 1)
        #expect(result.stderr.contains("error[output]: "))
    }

    @Test func whatCanNotBeShownIsNotDone() throws {
        let host = try CLIHost()
        #expect(try host.shell("$vfpool create eth3 > /dev/full").status == 1)
        #expect(try host.run(["log"]).stdout.isEmpty)
    }

    @Test func aMissingLibvirtIsSaid() throws {
        let host = try CLIHost()
        try Data("not a library".utf8).write(to: URL(filePath: host.folder + "/libvirt.so.0"))
        let result = try host.run(["list"], environment: ["LD_LIBRARY_PATH": host.folder])
        #expect(result.status == 1)
        #expect(result.stderr.hasPrefix("error[no-connection]: "), "\(result)")
        #expect(result.stderr.contains("libvirt0"))
        // What needs no libvirt works without.
        #expect(try host.run(["--version"], environment: ["LD_LIBRARY_PATH": host.folder]).status == 0)
        #expect(try host.run(["log"], environment: ["LD_LIBRARY_PATH": host.folder]).status == 0)
    }

    @Test func noDaemonIsSaid() throws {
        let host = try CLIHost()
        let result = try host.run(["-c", "nix:///system", "list", "--format", "json"])
        #expect(result.status == 1)
        #expect(result.stdout.isEmpty)
        #expect(try JSONDecoder().decode(ErrorShape.self, from: Data(result.stderr.utf8)).error.code == "no-connection")
    }

    @Test func theLockNamesItsHolder() throws {
        let host = try CLIHost()
        let name = try String(contentsOfFile: "/proc/self/comm", encoding: .utf8).split(separator: "\n")[0]
        let lock = try HostLock(StateFolder(path: host.stateFolder), command: ["vfpool", "bind", "x"], patience: 0) {
            _ in
        }
        let result = try host.run(["create", "eth3", "--lock-wait", "0.2"])
        #expect(result.status == 1)
        let holder = "process \(getpid()) (\(name), user "
        #expect(result.stderr.contains("note: waiting for the lock on this host, held by \(holder)"))
        #expect(result.stderr.contains("), `vfpool bind x`\n"))
        #expect(result.stderr.contains("error[lock-held]: "))
        #expect(try host.run(["create", "eth3", "--dry-run"]).status == 0, "a plan needs no lock")
        #expect(try host.run(["status"]).status == 0)
        Self.end(lock)
        #expect(try host.run(["create", "eth3", "--lock-wait", "0"]).status == 0)
    }

    private static func end(_ lock: consuming HostLock) {}

    @Test func interruptedBeforeTheChange() throws {
        let host = try CLIHost()
        let lock = try HostLock(StateFolder(path: host.stateFolder), command: ["vfpool"], patience: 0) { _ in }
        let waiting = try host.start(["create", "eth3", "--lock-wait", "60"])
        #expect(eventually { !waiting.stderr.isEmpty })
        waiting.signal(SIGINT)
        #expect(try waiting.wait().status == 130)
        Self.end(lock)
        #expect(try host.run(["log"]).stdout.isEmpty)
    }

    @Test func batchesAreAskedFor() throws {
        let host = try CLIHost()
        #expect(try host.run(["bind", "vm2", "vm3", "--pool", "vfpool-eth5"]).status == 0, "naming is consent")
        try host.keep()
        let refused = try host.run(["undo"])
        #expect(refused.status == 4)
        #expect(refused.stderr.contains("error[not-confirmed]: `--yes` is required when not on a terminal"))
        #expect(try host.run(["undo", "--yes"]).status == 0)
    }

    @Test func passwordsAreKeptAndHidden() throws {
        let host = try CLIHost()
        let result = try host.run(["bind", "vm2", "--pool", "vfpool-eth5"])
        #expect(!result.stdout.contains("secret"))
        #expect(result.stdout.contains("passwd=\"••••\""))
        let xml = try host.run(["bind", "vm2", "--pool", "vfpool-eth5", "--print-xml"])
        #expect(xml.stdout.contains("passwd='secret'") || xml.stdout.contains("passwd=\"secret\""))
        #expect(xml.stdout.hasPrefix("<domain"))
        // The journal keeps them, for nobody else to read.
        let kept = try host.shell("grep -rl secret $VFPOOL_STATE_DIR | xargs stat -c %a | sort -u")
        #expect(kept.stdout == "600\n")
    }

    /// A template is a file or what the shell has opened; nothing is waited for, nothing endless is read.
    @Test func templatesAreFilesOfASize() throws {
        let host = try CLIHost()
        let shipped = CLIHost.fixtures + "/../../templates/network.xml"
        for (how, fits) in [
            ("--template \(shipped)", true), ("--template /dev/stdin < \(shipped)", true),
            ("--template <(cat \(shipped))", true), ("--template /dev/stdin < /dev/zero", false),
            ("--template /dev/zero", false), ("--template <(cat /dev/zero)", false),
            ("--template \(host.folder)/pipe", false), ("--template \(host.folder)/large", false),
        ] {
            let result = try host.shell(
                "cd \(host.folder); [ -p pipe ] || mkfifo pipe; truncate -s 2M large; "
                    + "timeout 60 $vfpool create eth3 --name other --vfs 7 --dry-run \(how)")
            #expect(result.status == (fits ? 0 : 1), "\(how): \(result)")
            #expect(result.stderr.contains("error[invalid-template]") != fits, "\(how): \(result)")
        }
    }

    @Test func optionsMayStandBeforeTheCommand() throws {
        let host = try CLIHost()
        let first = try host.run(
            ["-c", "test://\(host.file)", "--format=json", "list"], environment: ["LIBVIRT_DEFAULT_URI": ""])
        #expect(first.status == 0)
        let last = try host.run(["list", "--format", "json"])
        #expect(first == last)
    }

    @Test func coloursObeyTheirSwitches() throws {
        let host = try CLIHost()
        let escape = "\u{1B}["
        let plain = try host.run(["list"])
        #expect(!plain.stdout.contains(escape), "no terminal")
        #expect(try host.run(["list", "--color", "always"], environment: ["NO_COLOR": "1"]).stdout.contains(escape))
        #expect(try host.run(["list", "--color", "never"]) == plain)
        #expect(try host.run(["statos", "--color=always"]).stderr.contains(escape))
    }

    struct ErrorShape: Decodable {
        struct Problem: Decodable {
            var code: String
            var message: String
            var cause: String?
            var hints: [String]
        }
        var version: Int
        var error: Problem
    }
}
