import Glibc
import TestSupport
import Testing

/// Killed, interrupted, cut off, or two at once: every guest and network stays defined, and the journal knows.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct CrashOnRigTests {
    @Test func `killed at any moment, undo puts back what was there`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            let network = try rig.document(network: "vfpool-eth3")
            let reserved = try rig.reserved("vfpool-eth3")
            let words = ["bind", "vm1", "vm2", "vm3"]
            let answers = try rig.answers(to: words)
            var killed = 0
            for answer in stride(from: 1, through: answers, by: max(answers / 14, 1)) {
                let former = try rig.lastChange()
                let (command, link) = try rig.startChange(words, heldAtAnswer: answer)
                command.signal(SIGKILL)
                let result = try command.wait()
                link.release()
                killed += result.status == 137 ? 1 : 0
                #expect(try rig.state().guests.count == 3)
                #expect(try rig.problems(macs: OnRig.macs) == [])
                let log = try rig.vfpool("-c", link.uri, "log")
                #expect(log.status == 0, "\(log)")
                // By whichever name: both lead to this host.
                let last = try rig.lastChange()
                if last != former {
                    let undone = try rig.vfpool("-c", link.uri, "undo", last, "--yes")
                    #expect(undone.status == 0 || undone.stderr.contains("error[nothing-to-undo]"), "\(undone)")
                }
                let after = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
                #expect(after == before, "answer \(answer) of \(answers)")
                #expect(try rig.document(network: "vfpool-eth3") == network)
                #expect(try rig.reserved("vfpool-eth3") == reserved)
            }
            #expect(killed > 2, "only \(killed) were killed in time")
        }
    }

    @Test func `interrupted, it finishes the step and puts back`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            let words = ["bind", "vm1", "vm2", "vm3"]
            let answers = try rig.answers(to: words)
            var interrupted = 0
            for answer in stride(from: answers / 6, through: answers, by: max(answers / 6, 1)) {
                let (command, link) = try rig.startChange(words, heldAtAnswer: answer)
                command.signal(SIGINT)
                link.release()
                let result = try command.wait()
                if result.status == 130 || result.status == 128 + SIGINT {
                    interrupted += 1
                    #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == before, "\(result)")
                } else {
                    #expect(result.status == 0, "\(result)")
                    #expect(try rig.vfpool("-c", link.uri, "undo", "--yes").status == 0)
                }
            }
            #expect(interrupted > 0)
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    @Test func `the second of two waits for the first, or says who holds the lock`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let holder = try rig.start(["flock", "--no-fork", "/var/lib/vfpool/lock", "sleep", "3600"])
            #expect(try eventually { try rig.sh("flock -n /var/lib/vfpool/lock true").status != 0 })
            let refused = try rig.vfpool("bind", "vm2", "--lock-wait", "0")
            #expect(refused.status == 1 && refused.stderr.contains("error[lock-held]"), "\(refused)")
            let waiting = try rig.start([Rig.vfpool, "bind", "vm3", "--lock-wait", "3600"])
            #expect(eventually { waiting.stderr.contains("waiting") })
            holder.signal(SIGKILL)
            _ = try holder.wait()
            let waited = try waiting.wait()
            #expect(waited.status == 0, "\(waited)")
            #expect(try rig.state().guest("vm2")?.config.map(\.network) == [nil])
            #expect(try rig.state().guest("vm3")?.config.map(\.network) == ["vfpool-eth3"])
        }
    }

    @Test func `the daemon goes away in the middle of a batch`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            let words = ["bind", "vm1", "vm2", "vm3"]
            let answers = try rig.answers(to: words)
            let (command, link) = try rig.startChange(words, heldAtAnswer: answers * 2 / 3)
            try rig.daemon(.kill)
            try rig.daemon(.start)
            link.release()
            let result = try command.wait()
            #expect([0, 1, 3].contains(result.status), "\(result)")
            #expect(try rig.state().guests.count == 3)
            #expect(try rig.problems(macs: OnRig.macs) == [])
            if result.status != 1 { #expect(try rig.vfpool("-c", link.uri, "undo", "--yes").status == 0) }
            #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == before, "\(result)")
        }
    }
}
