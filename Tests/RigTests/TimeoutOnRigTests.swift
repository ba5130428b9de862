import Glibc
import TestSupport
import Testing

/// A libvirt that says nothing: commands end, what they say is true, and when it speaks again all can be put right.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct TimeoutOnRigTests {
    private static let guests = ["vm1", "vm2", "vm3"]

    private static let commands = [
        ["create", "eth3"], ["bind", "vm1", "vm2", "vm3"], ["migrate", "vm1", "vm2", "--yes"],
    ]

    private func picture(_ rig: Rig) throws -> [String] {
        try Self.guests.map { try rig.document(guest: $0) } + rig.state().networks.map { "\($0.name) \($0.active)" }
            + (try rig.virsh("net-list", "--all", "--name").stdout.contains("vfpool-eth3")
                ? [try rig.document(network: "vfpool-eth3")] : []) + rig.reserved("vfpool-eth3")
    }

    private func frozen<R>(_ rig: Rig, _ body: () throws -> R) throws -> R {
        try rig.daemon(.freeze)
        let result = Result { try body() }
        try rig.daemon(.thaw)
        return try result.get()
    }

    @Test func `a daemon that is frozen before`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            let before = try picture(rig)
            let commands =
                Self.commands + [["status"], ["list"], ["doctor"], ["check-migration", "vm1", "--to", rig.uri]]
            try frozen(rig) {
                for words in commands {
                    let result = try rig.start([Rig.vfpool] + words + ["--timeout", "1"]).wait()
                    #expect(result.status == 1 && result.stdout == "", "\(result)")
                    #expect(result.stderr.contains("error[timeout]: could not connect"), "\(result)")
                    #expect(result.stderr.contains("cause: no answer from libvirt for 1 s"), "\(result)")
                    #expect(result.stderr.contains("`--timeout SECONDS`"), "\(result)")
                }
                let json = try rig.vfpool("status", "--format", "json", "--timeout", "0.5")
                #expect(json.stderr.contains("\"code\":\"timeout\""), "\(json)")
            }
            #expect(try picture(rig) == before)
            #expect(try rig.changes() == 0)
            #expect(try rig.vfpool("status").status == 0)
        }
    }

    @Test(arguments: commands) func `a daemon that freezes in the middle`(_ words: [String]) throws {
        try Rig.with(OnRig.usual()) { rig throws in
            if words[0] != "create" { #expect(try rig.vfpool("create", "eth3").status == 0) }
            let before = try picture(rig)
            let uri = try rig.slowLink(milliseconds: 20)
            var remained = 0
            for delay in [0, 60_000, 150_000] as [UInt32] {
                let command = try rig.startChange(["-c", uri, "--timeout", "1"] + words, after: delay)
                let result = try frozen(rig) { try command.wait() }
                let place = "after \(delay) µs: \(result)"
                #expect([0, 1, 3, 5].contains(result.status), "\(place)")
                if result.status == 3 {
                    remained += 1
                    #expect(result.stderr.contains("no answer from libvirt for 1 s"), "\(place)")
                    #expect(result.stderr.contains("may still be in place"), "\(place)")
                    #expect(result.stderr.contains("vfpool undo"), "\(place)")
                    #expect(try rig.vfpool("-c", uri, "log").stdout.contains("failed"), "\(place)")
                }
                // What it was asked for last it may do yet.
                try settle(rig)
                if result.status == 1 { #expect(try picture(rig) == before, "\(place)") }
                try backTo(before, rig, uri, place)
            }
            #expect(remained > 0, "it was always faster")
        }
    }

    /// Until two pictures in a row are the same.
    private func settle(_ rig: Rig) throws {
        var last = try picture(rig)
        for _ in 0..<20 {
            usleep(100_000)
            let next = try picture(rig)
            if next == last { return }
            last = next
        }
    }

    private func backTo(_ before: [String], _ rig: Rig, _ uri: String, _ place: String) throws {
        for _ in 0..<3 {
            guard try picture(rig) != before else { break }
            var result = try rig.vfpool("-c", uri, "undo", "--yes")
            if result.status == 1,
                let id = result.stderr.split(separator: "`vfpool undo ").dropFirst().first?.split(separator: "`").first
            {
                result = try rig.vfpool("-c", uri, "undo", String(id), "--yes")
            }
            if result.status != 0 { #expect(try rig.vfpool("-c", uri, "reconcile").status == 0, "\(place): \(result)") }
        }
        #expect(try picture(rig) == before, "\(place)")
        #expect(try rig.problems(macs: OnRig.macs) == [])
    }

    @Test func `somebody who takes connections and says nothing`() throws {
        try Rig.with(.pf("eth3", vfs: 2)) { rig throws in
            let peer = try rig.silentPeer()
            for uri in peer.uris {
                for words in [["status"], ["create", "eth3"]] {
                    let result = try rig.start([Rig.vfpool, "-c", uri, "--timeout", "0.5"] + words).wait()
                    #expect(result.status == 1, "\(uri): \(result)")
                    #expect(result.stderr.contains("error[timeout]: could not connect to \(uri)"), "\(uri): \(result)")
                }
                // While typing nobody waits.
                let names = try rig.vfpool(
                    "---complete", "bash", "vfpool bind ", "", environment: ["LIBVIRT_DEFAULT_URI": uri], seconds: 20)
                #expect(names.status == 0 && names.stdout == "words\n" && names.stderr == "", "\(uri): \(names)")
                let there = try rig.vfpool("check-migration", "vm1", "--to", uri, "--timeout", "0.5")
                #expect(there.status == 1, "\(uri): \(there)")
            }
            // An ssh that gets no answer either is ended, and waits for nobody on the terminal.
            let left = try rig.sh(
                "for p in $(cat /run/silent-ssh.pids); do kill -0 $p 2>/dev/null && echo $p; done; true")
            #expect(left.stdout == "", "\(left)")
            #expect(try rig.changes() == 0)
        }
    }

    @Test func `^C ends it while connecting, at once`() throws {
        try Rig.with(.pf("eth3", vfs: 2)) { rig throws in
            let peer = try rig.silentPeer()
            for uri in peer.uris {
                let command = try rig.start([Rig.vfpool, "-c", uri, "--timeout", "0", "create", "eth3"])
                usleep(300_000)
                command.signal(SIGINT)
                let result = try command.wait(seconds: 20)
                #expect(result.status == 128 + SIGINT, "\(uri): \(result)")
            }
        }
    }

    /// In the middle of a change, without any time limit: one ^C is enough, two are at once.
    @Test(arguments: [1, 2]) func `^C ends it while the daemon is frozen`(_ times: Int) throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try picture(rig)
            let uri = try rig.slowLink(milliseconds: 20)
            let command = try rig.startChange(
                ["-c", uri, "--timeout", "0", "bind", "vm1", "vm2", "vm3"], after: 30_000)
            let result = try frozen(rig) {
                command.signal(SIGINT)
                if times == 2 {
                    usleep(1_000_000)
                    command.signal(SIGINT)
                }
                return try command.wait(seconds: 60)
            }
            // Frozen before its first step was done, it has nothing to put back.
            #expect([0, 1, 3, 130].contains(result.status), "\(result)")
            if result.status == 1 { #expect(result.stderr.contains("error[timeout]"), "\(result)") }
            if result.status == 3, times == 1 {
                #expect(result.stderr.contains("error[not-restored]"), "\(result)")
                #expect(result.stderr.contains("no answer from libvirt for 5 s"), "\(result)")
            }
            if result.status == 3, times == 2 { #expect(result.stderr.contains("ended at once"), "\(result)") }
            let log = try rig.vfpool("-c", uri, "log")
            #expect(result.status != 3 || log.stdout.contains(times == 1 ? "failed" : "unfinished"), "\(log)")
            try settle(rig)
            try backTo(before, rig, uri, "\(result)")
        }
    }
}
