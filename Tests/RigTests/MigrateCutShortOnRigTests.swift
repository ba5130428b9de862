import Glibc
import TestSupport
import Testing

/// A migration of many guests that is killed, interrupted, cut off from libvirt, or out of disk: guests that are done stay
/// done, each is whole, `--resume` finishes and `undo` takes all of it back.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct MigrateCutShortOnRigTests {
    private static let count = 30

    private static let host: [RigPart] =
        [.pf("eth3", vfs: 32)]
        + (1...count).map { number in
            .guest(
                "vm\(number)", .pinned("eth3", number - 1, mac: OnRig.mac(number)), running: number == 3,
                autostart: number % 10 == 0)
        }

    private static let macs = Dictionary(uniqueKeysWithValues: (1...count).map { ("vm\($0)", [OnRig.mac($0)]) })

    private func documents(_ rig: Rig) throws -> [String] {
        try rig.sh("for n in $(seq \(Self.count)); do virsh dumpxml --inactive --security-info vm$n; echo ---; done")
            .stdout
            .split(separator: "---\n").map(String.init)
    }

    /// Guests that are on the pool.
    private func done(_ rig: Rig) throws -> Int {
        try rig.state().guests.count { $0.config.map(\.network) == ["vfpool-eth3"] }
    }

    /// Each guest is as before or on the pool, whole; going on finishes; taken back, all is as before.
    private func check(
        _ rig: Rig, _ before: [String], _ place: String, over uri: String = "qemu:///system",
        environment: [String: String] = [:]
    ) throws {
        #expect(try rig.problems(macs: Self.macs) == [], "\(place)")
        let left = try done(rig) < Self.count
        let resumed = try rig.vfpool("-c", uri, "migrate", "--resume", "--yes", environment: environment)
        #expect(resumed.status == 0 || resumed.stderr.contains("error[nothing-to-resume]"), "\(place): \(resumed)")
        if !left || resumed.status == 0 { #expect(try done(rig) == Self.count, "\(place): \(resumed)") }
        #expect(try rig.problems(macs: Self.macs) == [], "\(place)")
        #expect(
            try rig.vfpool("-c", uri, "reconcile", environment: environment).stdout.contains("Nothing to do"),
            "\(place)")
        for _ in 0..<2 where try done(rig) > 0 {
            // The last change may be one that only brought pools in line: then it is the one before it.
            let undone = try rig.vfpool("-c", uri, "undo", "--yes", environment: environment)
            #expect(undone.status == 0, "\(place): \(undone)")
        }
        #expect(try documents(rig) == before, "\(place)")
        #expect(try rig.problems(macs: Self.macs) == [], "\(place)")
    }

    @Test(arguments: [SIGKILL, SIGINT]) func `killed and interrupted at any moment`(_ signal: Int32) throws {
        try Rig.with(Self.host) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try documents(rig)
            let words = ["migrate", "--all", "--yes"]
            let answers = try rig.answers(to: words)
            var cut = 0
            for answer in [answers / 2, answers * 4 / 5, answers - 3] {
                let (command, link) = try rig.startChange(words, heldAtAnswer: answer)
                command.signal(signal)
                link.release()
                let result = try command.wait()
                #expect([0, 1, 5, 130, 137].contains(result.status), "\(result)")
                cut += result.status == 0 ? 0 : 1
                if result.status == 5 { #expect(result.stderr.contains("--resume"), "\(result)") }
                try check(rig, before, "signal \(signal) at answer \(answer) of \(answers)", over: link.uri)
            }
            #expect(cut > 0, "it was always faster")
        }
    }

    @Test func `under nohup it goes on when the terminal is closed`() throws {
        try Rig.with(Self.host) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let command = try rig.startChange(["migrate", "--all", "--yes"], by: ["nohup"], after: 0)
            for _ in 0..<5 {
                command.signal(SIGHUP)
                usleep(20_000)
            }
            let result = try command.wait()
            #expect(result.status == 0 && !result.stderr.contains("stopping"), "\(result)")
            #expect(try done(rig) == Self.count)
        }
    }

    @Test func `the daemon is restarted in the middle`() throws {
        try Rig.with(Self.host) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try documents(rig)
            let words = ["migrate", "--all", "--yes"]
            let answers = try rig.answers(to: words)
            let (command, link) = try rig.startChange(words, heldAtAnswer: answers * 3 / 4)
            try rig.daemon(.restart)
            link.release()
            let result = try command.wait()
            #expect([0, 1, 5].contains(result.status), "\(result)")
            try check(rig, before, "\(result.status)", over: link.uri)
        }
    }

    @Test func `the journal's disk is full`() throws {
        try Rig.with(Self.host) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.sh("mkdir /run/small && mount -t tmpfs -o size=1m,mode=700 small /run/small").status == 0)
            let small = ["VFPOOL_STATE_DIR": "/run/small"]
            let before = try documents(rig)
            var stopped = 0
            for size in [64, 120, 140, 160, 180, 200, 220, 240] {
                _ = try rig.sh("rm -rf /run/small/changes; mount -o remount,size=\(size)k /run/small")
                let result = try rig.vfpool("migrate", "--all", "--yes", environment: small)
                #expect([0, 1, 5].contains(result.status), "\(size) k: \(result)")
                if result.status != 0 { #expect(result.stderr.contains("error[journal]"), "\(size) k: \(result)") }
                stopped += result.status == 5 ? 1 : 0
                if result.status == 1 { #expect(try documents(rig) == before, "\(size) k: \(result)") }
                #expect(try rig.sh("mount -o remount,size=10m /run/small").status == 0)
                try check(rig, before, "\(size) k: \(result.status)", environment: small)
            }
            #expect(stopped > 0, "it never stopped on the way")
        }
    }

    /// The power goes in the middle; then the boot, and the unit that reconciles.
    @Test func `the power is cut in the middle`() throws {
        try Rig.with(Self.host) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try documents(rig)
            let words = ["migrate", "--all", "--yes"]
            let (command, link) = try rig.startChange(words, heldAtAnswer: try rig.answers(to: words) * 3 / 4)
            try rig.reboot()
            _ = try? command.wait()
            link.release()
            try rig.reopen(link)
            #expect(try rig.vfpool("reconcile").status == 0)
            for number in [10, 20, 30] {
                #expect(try rig.state().guest("vm\(number)")?.running == true, "vm\(number) starts at boot")
            }
            for number in [10, 20, 30] { #expect(try rig.virsh("destroy", "vm\(number)").status == 0) }
            #expect(try rig.vfpool("reconcile").status == 0)
            for number in [1, 2, 29] { #expect(try rig.virsh("start", "vm\(number)").status == 0) }
            for number in [1, 2, 29] { #expect(try rig.virsh("destroy", "vm\(number)").status == 0) }
            #expect(try rig.vfpool("reconcile").status == 0)
            try check(rig, before, "the power was cut", over: link.uri)
        }
    }
}
