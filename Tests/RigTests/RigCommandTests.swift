import FoundationEssentials
import Glibc
import TestSupport
import Testing

/// Commands on a rig, and that nothing else can be reached from it or is left of it.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RigCommandTests {
    @Test func `a command has its own streams, status, environment and signals`() throws {
        try Rig.with(.noDaemon) { rig in
            let result = try rig.run("sh", "-c", "cat; echo $WORD >&2; exit 3", environment: ["WORD": "b"], input: "a")
            #expect(result == CommandResult(stdout: "a", stderr: "b\n", status: 3))
            #expect(try rig.sh("kill -9 $$").status == 137)
            #expect(try rig.run("no-such-program").status == 127)
            let trapped = try rig.start([
                "sh", "-c", "trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.01; done",
            ])
            #expect(eventually { !trapped.stdout.isEmpty })
            trapped.signal(SIGINT)
            #expect(try trapped.wait() == CommandResult(stdout: "ready\ncaught\n", stderr: "", status: 5))
            let killed = try rig.start(["sleep", "4321"])
            while try rig.sh("pgrep -f '[s]leep 4321'").status != 0 { usleep(1000) }
            killed.signal(SIGKILL)
            #expect(try killed.wait().status == 137)
            while try rig.sh("pgrep -f '[s]leep 4321'").status == 0 { usleep(1000) }
            #expect(throws: RigError.self) { try rig.start(["sleep", "60"]).wait(seconds: 0.05) }
            #expect(try rig.vfpool("--help").status == 0)
        }
    }

    @Test func `a command can have a terminal`() throws {
        try Rig.with(.noDaemon) { rig in
            let terminal = try rig.terminal(
                "sh", "-c", "test -t 0 && test -t 1 && stty size; read -r word; echo got-$word; cat", columns: 90,
                rows: 30)
            try terminal.expect("30 90")
            terminal.type("yes\n")
            try terminal.expect("got-yes")
            terminal.type("more\n")
            try terminal.expect("more\r\nmore")  // once by the terminal, once by cat
            terminal.type("\u{3}")
            #expect(try terminal.wait().status == 130)
        }
    }

    @Test func `no other network or guest is in reach`() throws {
        try Rig.with(.pf("eth3", vfs: 1)) { rig throws in
            #expect(try rig.sh("ip route; ip -6 route | grep default").stdout == "")
            #expect(try rig.sh("ip -o link | wc -l").stdout == "3\n")  // lo, eth3, eth3v0
            #expect(try rig.virsh("list", "--all").stdout == "")
            #expect(rig.folder.utf8.count < 60)
        }
    }

    @Test func `hosts live side by side`() throws {
        let rigs = try (1...3).map { try Rig([.pf("eth3", vfs: $0), .named("host\($0)")]) }
        defer { rigs.forEach { $0.stop() } }
        for (index, rig) in rigs.enumerated() {
            #expect(try rig.state().pf("eth3")?.vfs.count == index + 1)
            #expect(try rig.virsh("hostname").stdout == "host\(index + 1)\n")
        }
        #expect(Set(rigs.map(\.folder)).count == 3)
    }

    @Test func `a rig that is stopped leaves nothing`() throws {
        let rig = try Rig([.pf("eth3", vfs: 1), .pool("eth3"), .guest("vm1", .pinned("eth3", 0), running: true)])
        #expect(Self.processes(of: rig.folder) > 0)
        rig.stop()
        #expect(access(rig.folder, F_OK) != 0)
        #expect(Self.processes(of: rig.folder) == 0)
        #expect(throws: RigError.self) { try rig.state() }
    }

    /// A program that starts a rig with a running guest, prints its folder, and waits.
    static let driver = """
        import json, subprocess, sys, tempfile, time
        host = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump({"pfs": [{"name": "eth3", "vfs": 1}], "guests": [
            {"name": "vm1", "nics": [{"attached": "pinned", "pf": "eth3", "vf": 0}], "running": True}]}, host)
        host.flush()
        rig = subprocess.Popen([sys.argv[1], "--serve", host.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        folder = json.loads(rig.stdout.readline())["folder"]
        assert json.loads(rig.stdout.readline()) == {"ready": True}
        host.close()
        print(folder, rig.pid, flush=True)
        time.sleep(600)
        """

    static func startDriver() throws -> (RunningCommand, folder: String, rig: Int32) {
        let rig = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Rig/rig"
        let command = try RunningCommand(
            ["/usr/bin/python3", "-c", driver, rig], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"])
        _ = eventually { command.stdout.hasSuffix("\n") || command.hasEnded }
        let words = command.stdout.split(whereSeparator: \.isWhitespace)
        try #require(words.count == 2, "\(command.stderr)")
        return (command, String(words[0]), try #require(Int32(words[1])))
    }

    /// Not even a process that has ended and was not asked for its status: no exit test would end beside it.
    @Test func `of a command that nobody waits for nothing is left`() throws {
        var ids: [Int32] = [try RunningCommand(["/bin/sleep", "1000"], environment: [:]).id]
        try Rig.with(.pf("eth3", vfs: 1)) { rig throws in
            ids.append(try rig.start(["sleep", "1000"]).id)
            #expect(ids.map { access("/proc/\($0)", F_OK) == 0 } == [false, true])
        }
        for id in ids { #expect(access("/proc/\(id)", F_OK) != 0) }
    }

    @Test func `nothing is left when the driver is killed`() throws {
        let (command, folder, _) = try Self.startDriver()
        #expect(Self.processes(of: folder) > 0)
        command.signal(SIGKILL)
        #expect(try command.wait().status == 137)
        #expect(eventually { access(folder, F_OK) != 0 })
        #expect(Self.processes(of: folder) == 0)
    }

    @Test func `when all that could clean up is killed, nothing runs on, and the next rig sweeps`() throws {
        let (command, folder, rig) = try Self.startDriver()
        kill(rig, SIGKILL)
        #expect(eventually { Self.processes(of: folder) == 0 })
        try Rig.with(.noDaemon) { _ in #expect(access(folder, F_OK) != 0) }
        command.signal(SIGKILL)
        _ = try command.wait()
    }

    /// How many processes of this machine have the rig's folder as their own: each has it in its mounts.
    static func processes(of folder: String) -> Int {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return -1 }
        return names.count { name in
            guard Int(name) != nil, let mounts = FileManager.default.contents(atPath: "/proc/\(name)/mountinfo") else {
                return false
            }
            return String(decoding: mounts, as: UTF8.self).contains(folder + "/")
        }
    }
}
