import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Text

/// `--hosts`: real child processes of vfpool, each on a host of libvirt's test driver.
@Suite struct FleetTests {
    /// Two hosts alike and another: `kvm1.xml` to `kvm3.xml`.
    private static func fleet() throws -> CLIHost {
        let host = try CLIHost()
        for (name, fixture) in [("kvm1", "usual"), ("kvm2", "usual"), ("kvm3", "elsewhere")] {
            let text = try Data(contentsOf: URL(filePath: "\(CLIHost.fixtures)/hosts/\(fixture).xml"))
            try text.write(to: URL(filePath: "\(host.folder)/\(name).xml"))
        }
        return host
    }

    private static func hosts(_ host: CLIHost, _ range: String = "[1-3]") -> String {
        "test://\(host.folder)/kvm\(range).xml"
    }

    /// With names that are as long wherever the tests run.
    private static func inventory(_ host: CLIHost) -> String {
        let variables = (1...3).map { #""kvm\#($0)": {"vfpool_uri": "\#(hosts(host, "\($0)"))"}"# }.joined(
            separator: ", ")
        return #"{"_meta": {"hostvars": {\#(variables)}}, "all": {"hosts": ["kvm1", "kvm2", "kvm3"]}}"#
    }

    private struct Answer: Decodable {
        struct Host: Decodable {
            struct Problem: Decodable {
                var code: String
                var message: String
                var cause: String?
            }

            struct Document: Decodable { var version: Int }

            var host: String
            var uri: String
            var result: String
            var document: Document?
            var error: Problem?
        }

        var version: Int
        var hosts: [Host]
    }

    private func answer(_ result: CommandResult) throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: Data(result.stdout.utf8))
    }

    @Test func prints() throws {
        let host = try Self.fleet()
        let spec = """
            version: 1
            pools:
              vfpool-eth3: {pf: ens1f0, vlan: 9}
              vfpool-eth5: {pf: eth5, vlan: 7}

            """
        try Data(spec.utf8).write(to: URL(filePath: host.folder + "/spec.yaml"))
        var text = ""
        for line in [
            "list --hosts -", "list --hosts - --quiet", "status --hosts -", "status vm9 --hosts -",
            "status nix --hosts -", "status --quiet vm1 --hosts -", "doctor --hosts - --problems",
            "doctor --hosts - --quiet", "picture --hosts -", "picture vm9 --hosts -",
            "diff -f \(host.folder)/spec.yaml --hosts -", "diff -f - --hosts -",
            "list --hosts - --connect x", "list --hosts a/b", "list --hosts kvm[1-",
        ] {
            let arguments = line.split(separator: " ").map(String.init)
            text += Golden.text(arguments, try host.run(arguments, input: Self.inventory(host))) + "\n"
        }
        try Golden.check("fleet", host.normalized(text))
    }

    @Test func specs() throws {
        let host = try Self.fleet()
        let result = try host.run(["export", "--hosts", "-"], input: Self.inventory(host))
        let one = try host.run(["export", "-c", Self.hosts(host, "3")])
        #expect(result.status == 0 && result.stdout.hasPrefix("--- # kvm1\n"), "\(result)")
        #expect(result.stdout.hasSuffix("--- # kvm3\n" + one.stdout), "\(result)")
        let quiet = try host.run(["export", "--quiet", "--hosts", "-"], input: Self.inventory(host))
        #expect(quiet.stdout.contains("kvm3\tvfpool-eth3\n"), "\(quiet)")
    }

    /// Each host's document is what it prints when it is asked alone.
    @Test func theDocumentsAreWhole() throws {
        let host = try Self.fleet()
        for command in [["list"], ["status"], ["status", "vm9"], ["doctor"], ["export"]] {
            let fleet = try host.run(command + ["--hosts", Self.hosts(host, "[1,3]"), "--format", "json"])
            #expect(fleet.stderr.isEmpty)
            let one = try host.run(command + ["-c", Self.hosts(host, "3"), "--format", "json"])
            let inner = one.stdout.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: "\n      ")
            #expect(fleet.stdout.contains("\"document\" : \(inner),\n"), "\(command): \(fleet)")
        }
    }

    /// The hosts that are well are whole, and the others are said by name.
    @Test func deadHostsAndSilentOnes() throws {
        let host = try Self.fleet()
        let silent = try SilentSocket(host.folder + "/silent")
        let list = """
            # rack 1
            \(Self.hosts(host, "1"))
            test:///nowhere.xml   # dead
            \(silent.uri)
            \(Self.hosts(host, "3"))
            """
        try Data(list.utf8).write(to: URL(filePath: host.folder + "/hosts"))
        let json = try host.run(["list", "--hosts", host.folder + "/hosts", "--timeout", "10", "--format", "json"])
        #expect(json.status == 6 && json.stderr.isEmpty, "\(json)")
        let answer = try answer(json)
        #expect(answer.hosts.map(\.result) == ["ok", "unreachable", "timeout", "ok"])
        #expect(answer.hosts.map { $0.error?.code } == [nil, "no-connection", "timeout", nil])
        #expect(answer.hosts.map { $0.document == nil } == [false, true, true, false])
        #expect(answer.hosts[2].error?.message == "no answer within 10 s")
        let table = try host.run(["list", "--hosts", "-", "--timeout", "10"], input: list)
        #expect(
            table.status == 6 && table.stdout.contains("vfpool-eth5") && table.stdout.contains("vfpool-eth3"),
            "\(table)")
        #expect(table.stderr.contains("error[no-connection]: test:///nowhere.xml: could not connect"), "\(table)")
        #expect(table.stderr.contains("error[timeout]: \(silent.uri): no answer within 10 s\n"), "\(table)")
        #expect(table.stderr.hasSuffix("note: 2 of 4 hosts answered\n"), "\(table)")
    }

    /// Why a host failed is known, in whatever form its answer was asked for; a spec's own faults are said once, before anybody is asked.
    @Test func specsThatGetNoAnswer() throws {
        let host = try Self.fleet()
        let export = try host.run(["export", "--hosts", "\(Self.hosts(host, "3")),test:///nowhere.xml"])
        #expect(export.status == 6 && export.stdout.contains("vfpool-eth3"), "\(export)")
        #expect(export.stderr.contains("error[no-connection]: test:///nowhere.xml: could not connect"), "\(export)")
        try Data("version: 1\nhost: elsewhere\n".utf8).write(to: URL(filePath: host.folder + "/other.yaml"))
        let other = try host.run(["diff", "-f", host.folder + "/other.yaml", "--hosts", Self.hosts(host, "[1,3]")])
        #expect(other.status == 1 && other.stdout.isEmpty, "\(other)")
        #expect(other.stderr.contains("error[other-host]") && !other.stderr.contains("answered"), "\(other)")
        try Data("version: 1\npolls: {}\n".utf8).write(to: URL(filePath: host.folder + "/bad.yaml"))
        for file in ["bad.yaml", "none.yaml"] {
            let bad = try host.run(["diff", "-f", host.folder + "/" + file, "--hosts", Self.hosts(host, "[1,3]")])
            #expect(bad.status == 1 && bad.stdout.isEmpty && bad.stderr.hasPrefix("error[bad-spec]"), "\(bad)")
        }
    }

    /// Children are copies of this process: nothing may run beside the thread that makes them.
    @Test func oneThreadMakesTheChildren() throws {
        let host = try Self.fleet()
        let silent = try SilentSocket(host.folder + "/silent")
        let result = try host.shell(
            """
            "$vfpool" list --hosts '\(Self.hosts(host, "1")),\(silent.uri)' --timeout 20 & id=$!
            until [ -n "$(cat /proc/$id/task/$id/children)" ]; do kill -0 $id || exit; sleep 0.1; done
            sleep 0.5; grep Threads /proc/$id/status; kill $id; wait $id
            """)
        #expect(result.stdout.contains("Threads:\t1\n"), "\(result)")
    }

    /// What many hosts have in common is said once.
    @Test func deadHostsFold() throws {
        let host = try CLIHost()
        let result = try host.run(["list", "--hosts", "test:///nowhere/kvm[1-40].xml"])
        #expect(result.status == 6 && result.stdout.isEmpty)
        #expect(
            result.stderr.contains("error[no-connection]: test:///nowhere/kvm[1-40].xml: could not connect to …"),
            "\(result)")
        #expect(result.stderr.split(separator: "\n").count { $0.hasPrefix("error") } == 1, "\(result)")
        #expect(result.stderr.contains("note: 0 of 40 hosts answered"))
    }

    @Test func whoIsNamedTwiceIsAskedOnce() throws {
        let host = try Self.fleet()
        let one = Self.hosts(host, "3")
        let result = try host.run(["list", "--hosts", "\(one),\(one)"])
        #expect(result.stderr == "note: named more than once, and asked once: \(one)\n")
        #expect(result.stdout.split(separator: "\n").count == 2)
    }

    @Test func whatAnsiblePrints() throws {
        let host = try Self.fleet()
        let result = try host.run(["list", "--hosts", "-"], input: Self.inventory(host))
        #expect(result.status == 0 && result.stdout.contains("\nkvm[1-2]  handmade"), "\(result)")
    }

    /// A ^C ends all children.
    @Test func interrupted() throws {
        let host = try CLIHost()
        let silent = try SilentSocket(host.folder + "/silent")
        let running = try host.start(["list", "--hosts", silent.uri, "--timeout", "0"])
        #expect(eventually { silent.isAsked })
        let children = try Self.children(of: running.id)
        #expect(children.count == 1)
        running.signal(SIGINT)
        #expect(try running.wait().status == 128 + SIGINT)
        #expect(eventually { children.allSatisfy { kill($0, 0) != 0 } })
    }

    private static func children(of parent: pid_t) throws -> [pid_t] {
        try String(contentsOfFile: "/proc/\(parent)/task/\(parent)/children", encoding: .utf8).split(separator: " ")
            .compactMap { pid_t($0) }
    }

    /// Whatever guests and pools are called, a terminal is shown nothing that it acts on, and JSON stays JSON.
    @Test func hostileNames() throws {
        let host = try CLIHost()
        for (index, name) in HostileNames.unprintable.enumerated() {
            try Data(HostFile.text(all: name).utf8).write(to: URL(filePath: "\(host.folder)/h\(index).xml"))
        }
        let hosts = "test://\(host.folder)/h[0-\(HostileNames.unprintable.count - 1)].xml"
        for command in ["list", "status", "doctor"] {
            for format in ["table", "json"] {
                let result = try host.run([command, "--hosts", hosts, "--format", format])
                let lines = (result.stdout + result.stderr).split(separator: "\n")
                #expect(lines.allSatisfy { !HostileNames.isActedOn(String($0)) }, "\(command) \(format)")
                if format == "json" { #expect(try answer(result).hosts.count == HostileNames.unprintable.count) }
            }
        }
    }
}

/// A libvirt that takes connections and says nothing.
private final class SilentSocket {
    private let file: Int32
    let uri: String

    init(_ path: String) throws {
        file = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        uri = "qemu+unix:///system?socket=\(path)"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, length) }
        }
        try #require(bound == 0 && listen(file, 64) == 0)
    }

    deinit { close(file) }

    /// Whether somebody has connected.
    var isAsked: Bool {
        var question = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
        return poll(&question, 1, 0) > 0
    }
}
