import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Text
import XML

/// The hostile names through every command, output format, hint and file of vfpool's, on one host that is full of them.
///
/// Commands and their options are asked of the program itself: a new one is found here until it is run below. Completion is in
/// ShellCompletionTests.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct HostileNamesOnRigTests {
    private static let worst = HostileHost.worst
    private static let netdevs = HostileHost.netdevs
    private static let handmade = HostileHost.handmade
    private static let state = "/var/lib/st'\u{301};>P;`>P`\u{9B}"
    private static let program = "/usr/local/lib/$(>P)'\u{301};>P;'`>P`\u{9B} %n\"\\/vfpool"

    private static let odd = "qemu:///`>P`'\u{301};>P;'"
    private static let damaged = "\(worst[1])\n'\u{301};>P;'"
    private static let uriStart = "qemu+unix:///system?socket="
    private static let uri = uriStart + "/run/'$(P)!*~"

    @Test func `names are names, wherever vfpool says or writes them`() throws {
        let leaves = try CommandTree.leaves()
        let guests = HostileHost.names
        try Rig.with(HostileHost.parts(guests: guests)) { rig throws in
            let session = try HostileSession(rig)
            try #require(rig.state().guests.count == guests.count)
            try Self.readAndPlan(session, guests)
            try Self.fail(session, leaves)
            try Self.changeAll(session, guests)
            try Self.specs(session)
            try Self.live(session)
            try Self.environments(session)
            try Self.journal(session)
            try Self.files(session, guests)
            session.checkCoverage(leaves)
            session.checkText()
            let words = try session.checkCommands(
                guests + Self.worst + Self.netdevs + Self.netdevs.map { "vfpool-\($0)" } + Self.handmade
                    + Self.handmade.map { "\($0):\(Self.worst[1])" } + HostileHost.bridges + [
                        HostileHost.pool, HostileHost.portgroup,
                        Self.state, Self.program, Self.odd, Self.uri, Self.damaged,
                    ]
                    + HostileNames.all, damage: Self.damaged)
            // Each was looked at alone, and has something to be done about.
            let missing = Self.worst.filter { name in
                !words.contains(Name(name)) && name.utf8.contains { $0 > 0x7E || $0.isOne(of: " ;>&$'`") }
            }
            #expect(missing.isEmpty, "no hint ever named \(missing.map(\.escapedForReport))")
            try session.checkFolders()
        }
    }

    // MARK: What is run

    private static func readAndPlan(_ session: HostileSession, _ guests: [String]) throws {
        for command in ["list", "log", "hook status", "status", "doctor", "metrics"] { try session.show(command) }
        for command in ["list", "log", "hook status", "status", "doctor"] {
            try session.run(command.split(byte: " ").map(String.init) + HostileSession.talkative)
        }
        for shell in ["bash", "zsh", "fish"] { try session.show("completion", [], [shell]) }
        try session.show("doctor", ["--problems"])
        for (index, format) in (HostileSession.formats + [HostileSession.talkative]).enumerated() {
            try session.run(["bugreport", "-y", "--output=/run/bugreport-\(index)"] + format)
        }
        for name in worst + handmade + netdevs {
            try session.run(["status"] + HostileSession.formats[name.utf8.count % 3] + ["--", name])
            try session.run(["doctor"] + HostileSession.formats[(name.utf8.count + 1) % 3] + ["--", name])
        }
        try session.show("check-migration", ["--to", "qemu:///system"], [worst[0]])
        try session.plan(
            "create", ["--name=\(HostileHost.pool)", "--portgroup=\(HostileHost.portgroup):vlan=5"], ["eth3"])
        for name in [netdevs[0], netdevs[4]] { try session.plan("create", [], [name]) }
        try session.plan("create", ["--adopt", "--name=\(handmade[0])"], [netdevs[0]])
        try session.plan("set", ["--trust", "on"], [handmade[0]])
        try session.plan("set", ["--trust", "on"], ["\(handmade[0]):\(HostileHost.portgroup)"])
        try session.plan("migrate", ["--all", "--create-pools"])
        try session.plan("bind", ["--pool=\(handmade[1])"], guests)
        try session.plan("resize", [], [netdevs[4], "1"])
        for name in netdevs.prefix(6) { try session.plan("boot", [], [name]) }
        try session.plan("hook install")
        try session.plan("reconcile")
    }

    /// Each argument of each command with a name that it can't take, in a format and then the next.
    private static func fail(_ session: HostileSession, _ leaves: [CommandTree.Leaf]) throws {
        let names = HostileNames.all.filter { !$0.utf8.contains(0) }
        var next = 0
        func name() -> String {
            next += 1
            return names[next % names.count]
        }
        // Nothing is there but what is asked for, which answers at once.
        let elsewhere = ["LIBVIRT_DEFAULT_URI": "test:///default"]
        for leaf in leaves {
            for format in HostileSession.formats {
                try session.run(leaf.path + format + ["--nosuch=\(name())"], environment: elsewhere)
            }
            let dry = leaf.has("--dry-run") ? ["-n"] : []
            for argument in leaf.arguments where argument.kind != "flag" {
                // Any name is one of a file, which it writes.
                if ["metrics", "picture"].contains(leaf.name), argument.option == "--output" { continue }
                let option = argument.option.map { ["\($0)=\(name())"] } ?? []
                let operands = (0..<max(leaf.required, option.isEmpty ? 1 : 0)).map { _ in name() }
                // The first that is named decides how to say that another is none.
                let format = argument.option == "--format" ? [] : HostileSession.formats[next % 3]
                try session.run(
                    leaf.path + dry + option + format + (operands.isEmpty ? [] : ["--"])
                        + operands, environment: elsewhere)
            }
        }
    }

    private static func changeAll(_ session: HostileSession, _ guests: [String]) throws {
        let pool = HostileHost.pool
        try session.change("create", ["--name=\(pool)", "--portgroup=\(HostileHost.portgroup):vlan=5"], ["eth3"])
        try session.plan("delete", [], [pool])
        try session.change("bind", ["--pool=\(pool)"] + HostileSession.talkative, guests)
        try session.plan("undo")
        try session.show("log")
        try session.plan("unbind", [], guests)
        try session.change("unbind", ["--format", "json"], Array(guests.prefix(40)))
        try session.change("undo", ["--format", "json"])
        try session.change("undo", [])
        // The question, and how far it is, on a terminal.
        let terminal = try session.rig.terminal(Rig.vfpool, "migrate", "--all")
        try #require((try? terminal.expect("[y/N]")) != nil, "\(terminal.screen.escapedForReport)")
        terminal.type("y\n")
        let migrated = try terminal.wait()
        #expect(migrated.status == 0, "\(migrated.stdout.escapedForReport)")
        session.add(
            Printed(
                words: ["migrate", "--all"], status: 0,
                stdout: Array(
                    migrated.stdout.replacing(bytes: "\r\u{1B}[K", with: "\n").replacing(bytes: "\r\n", with: "\n")
                        .replacing(bytes: "\r", with: "\n").utf8), stderr: []))
        try session.plan("set", ["--trust", "on"], [pool])
        try session.change("set", ["--trust", "on"], [pool])
        // The first four are networks, too, so that nobody can tell which is meant.
        for name in worst.prefix(4) { try session.run(["set", "--spoof-check", "off", "-y", "--", name]) }
        for name in worst.dropFirst(4) { try session.change("set", ["--spoof-check", "off"], [name]) }
        try session.change("reconcile")
        for id in 1...4 { try session.show("log", [], [String(id)]) }
    }

    /// What is there as a spec, which is then the same; another; and a guest's document.
    private static func specs(_ session: HostileSession) throws {
        let file = "/run/spec.yaml"
        let pool = HostileHost.pool
        try session.show("export", ["--full"], [worst[4], pool])
        for format in HostileSession.formats.prefix(2) {
            let all = try session.run(["export"] + format)
            #expect(all.status == 0, "\(all.about)")
            try session.rig.write(file, String(decoding: all.stdout, as: UTF8.self))
            try session.show("diff", ["--file=\(file)", "--prune"])
            try session.plan("apply", ["--file=\(file)"])
        }
        try session.show("export")
        let own = try session.run(["export", "--format", "json", "--", pool])
        let other = String(decoding: own.stdout, as: UTF8.self)
            .replacing(bytes: "\"pf\" : ", with: "\"vlan\" : 9, \"pf\" : ")
        try session.rig.write(file, other)
        let diff = try session.run(["diff", "--file=\(file)"])
        #expect(diff.status == 2, "\(diff.about)")
        try session.plan("apply", ["--file=\(file)"])
        try session.change("apply", ["--file=\(file)"])
        try session.change("undo")
        for format in HostileSession.formats {
            let made = try session.run(
                ["rewrite", "--pool=\(pool)"] + format, input: HostileHost.guest(worst[0], 0))
            #expect(made.status == 0, "\(made.about)")
        }
    }

    /// What is drawn, what goes through VFs, and what changes.
    private static func live(_ session: HostileSession) throws {
        for format in ["text", "svg", "html"] { try session.run(["picture", "--format", format]) }
        try session.run(["picture", "--", worst[4]])
        try session.show("top", ["--batch", "1", "--interval", "0.1"])
        try session.show("top", ["--batch", "1", "--interval", "0.1"], [worst[4]])
        let watches = try HostileSession.formats.map { format in
            (format: format, command: try session.rig.start([Rig.vfpool, "watch"] + format, folder: session.folder))
        }
        let (table, json) = (watches[0].command, watches[1].command)
        #expect(eventually { table.stderr.contains("watching") && json.stdout.contains("watching") })
        #expect(try session.rig.virsh("start", "--", worst[4]).status == 0)
        #expect(eventually { table.stdout.contains("started") && json.stdout.contains("started") })
        for (format, command) in watches {
            command.signal(SIGTERM)
            _ = try command.wait()
            let (stdout, stderr) = command.bytes
            // An object a line.
            for part in format.contains("json") ? stdout.split(separator: 0x0A).map(Array.init) : [stdout] {
                session.add(Printed(words: ["watch"] + format, status: 0, stdout: part, stderr: stderr))
            }
        }
        #expect(try session.rig.virsh("destroy", "--", worst[4]).status == 0)
    }

    /// What comes from the environment, and by the URI.
    private static func environments(_ session: HostileSession) throws {
        for format in HostileSession.formats {
            try session.run(["list"] + format, environment: ["LIBVIRT_DEFAULT_URI": odd])
            try session.run(["reconcile", "-n"] + format, environment: ["VFPOOL_SCHEMA_DIR": state])
        }
        _ = try session.rig.run("ln", "-s", "/run/libvirt/libvirt-sock", String(uri.dropFirst(uriStart.utf8.count)))
        let own = ["VFPOOL_STATE_DIR": state, "SUDO_USER": worst[1], "HOME": state]
        try session.change("set", ["-c", uri, "--max-rate", "100"], [HostileHost.pool], environment: own)
        for words in [["log"], ["log", "1"], ["undo", "-n"]] {
            for format in HostileSession.formats { try session.run(words + format, environment: own) }
        }
        try session.change("undo", ["-c", uri], environment: own)
        _ = try session.rig.run("chmod", "777", state)
        for command in ["log", "undo", "doctor"] { try session.show(command, environment: own) }
        try session.show("set", ["--trust", "on"], [HostileHost.pool], environment: own)
    }

    /// A journal in which one text after the other is hostile.
    private static func journal(_ session: HostileSession) throws {
        let made = try session.rig.run("python3", "-c", damage, damaged)
        let count = try #require(Int(String(made.stdout.trimmed)), "\(made)")
        try #require(count > 10)
        for index in 0..<count {
            let own = ["VFPOOL_STATE_DIR": "/var/lib/damaged/\(index)", "LIBVIRT_DEFAULT_URI": "test:///default"]
            try session.run(["log"] + HostileSession.formats[index % 3], environment: own)
            try session.run(["log", "1"] + HostileSession.formats[index % 2], environment: own)
            try session.run(["undo", "-n"] + HostileSession.formats[(index + 1) % 2], environment: own)
        }
    }

    private static let damage = """
        import json, os, shutil, sys
        changes = "/var/lib/vfpool/changes"
        change = sorted(os.listdir(changes))[0]
        def places(value, at=()):
            if isinstance(value, str): yield at
            pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
            for key, part in pairs: yield from places(part, at + (key,))
        with open(f"{changes}/{change}/change.json") as file: text = file.read()
        kinds = {tuple("" if isinstance(key, int) else key for key in at): at for at in places(json.loads(text))}
        all = list(kinds.values())
        for index, place in enumerate(all):
            document = json.loads(text)
            part = document
            for key in place[:-1]: part = part[key]
            part[place[-1]] = sys.argv[1]
            folder = f"/var/lib/damaged/{index}"
            os.makedirs(folder, mode=0o700)
            shutil.copytree(changes, f"{folder}/changes", ignore=lambda at, names: [n for n in names if at == changes and n != change])
            with open(f"{folder}/changes/{change}/change.json", "w") as file: json.dump(document, file)
        print(len(all))
        """

    // MARK: What is written

    private static func files(_ session: HostileSession, _ guests: [String]) throws {
        let rig = session.rig
        let copy = "mkdir -p \"${1%/*}\" && cp \"$2\" \"$1\""
        try #require(rig.run("sh", "-c", copy, "sh", program, Rig.vfpool).status == 0)
        try session.change("hook install", program: program)
        try session.show("hook status")
        for name in netdevs[4...5] {
            try session.change("boot", ["--vfs-count", "2"], [name], program: program)
        }
        try session.plan("boot", ["--remove"], [netdevs[4]])
        try rig.daemon(.restart)
        try hookRuns(session)
        try documents(rig, session)
        try scripts(rig, session)
        try session.plan("hook remove")
        try session.change("hook remove")
    }

    /// libvirt runs the hook, and that this vfpool, for guests of such names.
    private static func hookRuns(_ session: HostileSession) throws {
        let rig = session.rig
        for name in [worst[0], worst[2]] {
            let started = try rig.start(["virsh", "-q", "start", "--", name], folder: session.folder).wait()
            #expect(started.status == 0, "\(started.stderr.escapedForReport)")
        }
        let records = try rig.start(["sh", "-c", "cat /run/vfpool/functions/*.json | tr '\\n' ' '"])
        _ = try records.wait()
        let text = String(decoding: records.bytes.stdout, as: UTF8.self)
        let found = text.split(byte: "}").count { $0.contains(bytes: "guestName") }
        #expect(found == 2, "\(text.escapedForReport)")
        try session.show("status")
        for name in [worst[0], worst[2]] {
            let words = ["hook", "run", "network", name, "port-created", "begin", "-"]
            let refused = try session.run(words, input: "<hookData>\(HostileHost.escaped(name))</hookData>")
            #expect(refused.status == 1)
            try session.run(["hook", "run", "qemu", name, "start", "begin", "-"], input: "<domain>\u{9B}\u{202E}<")
            _ = try rig.start(["virsh", "-q", "destroy", "--", name]).wait()
        }
    }

    /// The journal's documents and libvirt's, and the journal's own words.
    private static func documents(_ rig: Rig, _ session: HostileSession) throws {
        func contents(_ kind: String) throws -> [[UInt8]] {
            let script =
                "find /var/lib/vfpool -name '*.\(kind)' -exec sh -c 'for f; do cat \"$f\"; printf \"\\034\"; done' sh {} +"
            let command = try rig.start(["sh", "-c", script])
            #expect(try command.wait().status == 0)
            return command.bytes.stdout.split(separator: 0x1C).map(Array.init)
        }
        let names = Set((HostileHost.names + [HostileHost.pool]).map { Name($0) })
        for text in try contents("xml") {
            let name = try Document(parsing: text).root.first("name")?.text
            #expect(name.map { names.contains(Name($0)) } ?? false, "\(name?.escapedForReport ?? "")")
        }
        let given = Set(session.printed.map { Name($0.words.joined(separator: "\u{1E}")) })
        let journal = try contents("json").compactMap(Printed.json)
        #expect(journal.count > 10)
        for entry in journal {
            let words = entry.texts(under: "command")
            #expect(
                words.isEmpty || given.contains(Name(words.dropFirst().joined(separator: "\u{1E}"))),
                "\(words.map(\.escapedForReport))")
        }
    }

    /// The hook and the units run this vfpool, whose path they are full of.
    private static func scripts(_ rig: Rig, _ session: HostileSession) throws {
        try rig.write(program, "#!/bin/sh\nprintf '%s\\036' \"$0\" \"$@\"\n", mode: "755")
        func words(_ command: [String]) throws -> [String] {
            let running = try rig.start(command, folder: session.folder)
            _ = try running.wait()
            return running.bytes.stdout.split(separator: 0x1E).map { String(decoding: $0, as: UTF8.self) }
        }
        for (kind, operation) in [("network", "port-created"), ("qemu", "start")] {
            let script = "/etc/libvirt/hooks/\(kind).d/vfpool"
            #expect(try rig.run("sh", "-n", script) == CommandResult(stdout: "", stderr: "", status: 0))
            let run = try words([script, worst[0], operation, "begin", "-"])
            #expect(
                run.isSame(as: [program, "hook", "run", kind, worst[0], operation, "begin", "-"]),
                "\(run.map(\.escapedForReport))")
        }
        let unit = try rig.sh("cat /etc/systemd/system/vfpool-reconcile.service").stdout
        let start = try #require(unit.split(byte: "\n").compactMap { $0.without(prefix: "ExecStart=") }.last)
        let run = try words(Self.unitWords(String(start)))
        #expect(
            run.first.map { $0.isSame(as: program) } ?? false && run.contains("reconcile"),
            "\(run.map(\.escapedForReport))")
        // A shell's assignments and nothing else, for systemd as for people.
        for file in try rig.sh("ls /etc/vfpool/*.conf").stdout.split(byte: "\n") {
            let lines = try rig.run("cat", String(file)).stdout.split(byte: "\n").filter { !$0.hasPrefix(bytes: "#") }
            #expect(
                lines == ["VFS=2", "HOST_DRIVER=yes"] || lines == ["VFS=2", "HOST_DRIVER=no"],
                "\(lines.map { String($0).escapedForReport })")
            #expect(try rig.run("sh", "-n", String(file)).status == 0)
        }
    }

    /// Words of a unit's command, as systemd.service(5) has them: quotes, `\xHH`, `%%` and `$$`.
    private static func unitWords(_ line: String) -> [String] {
        var words: [[UInt8]] = [[]]
        var rest = Array(line.utf8)[...]
        var isQuoted = false
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: " ") where !isQuoted: words.append([])
            case UInt8(ascii: "\\"):
                let next = rest.popFirst() ?? 0
                if next == UInt8(ascii: "x") {
                    words[words.count - 1].append(
                        UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                    rest = rest.dropFirst(2)
                } else {
                    words[words.count - 1].append(next)
                }
            case UInt8(ascii: "%"), UInt8(ascii: "$"):
                if rest.first == byte { rest.removeFirst() }
                words[words.count - 1].append(byte)
            default: words[words.count - 1].append(byte)
            }
        }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }
}
