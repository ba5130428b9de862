import Glibc
import TestSupport
import Testing

/// Killed, interrupted, cut off, or two at once: every guest and network stays defined, and the journal knows.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct CrashOnRigTests {
    @Test func `killed at any moment, undo puts back what was there`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let create = try rig.lastChange()
            let before = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            let network = try rig.document(network: "vfpool-eth3")
            let reserved = try rig.reserved("vfpool-eth3")
            let uri = try rig.slowLink(milliseconds: 10)
            var killed = 0
            for delay in stride(from: 0, to: 280_000, by: 20_000) as StrideTo<UInt32> {
                let command = try rig.startChange(["-c", uri, "bind", "vm1", "vm2", "vm3"], after: delay)
                command.signal(SIGKILL)
                let result = try command.wait()
                killed += result.status == 137 ? 1 : 0
                #expect(try rig.state().guests.count == 3)
                #expect(try rig.problems(macs: OnRig.macs) == [])
                let log = try rig.vfpool("-c", uri, "log")
                #expect(log.status == 0, "\(log)")
                // By whichever name: both lead to this host.
                let last = try rig.lastChange()
                if last != create {
                    let undone = try rig.vfpool("-c", uri, "undo", last, "--yes")
                    #expect(undone.status == 0, "\(undone)")
                }
                #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == before, "after \(delay) µs")
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
            let uri = try rig.slowLink(milliseconds: 20)
            var interrupted = 0
            for delay in [0, 60_000, 120_000, 180_000, 240_000] as [UInt32] {
                let command = try rig.startChange(["-c", uri, "bind", "vm1", "vm2", "vm3"], after: delay)
                command.signal(SIGINT)
                let result = try command.wait()
                if result.status == 130 || result.status == 128 + SIGINT {
                    interrupted += 1
                    #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == before, "\(result)")
                } else {
                    #expect(result.status == 0, "\(result)")
                    #expect(try rig.vfpool("-c", uri, "undo", "--yes").status == 0)
                }
            }
            #expect(interrupted > 0)
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    @Test func `the second of two waits for the first, or says who holds the lock`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let holder = try rig.start(["flock", "/var/lib/vfpool/lock", "sh", "-c", "echo held; exec sleep 4"])
            for _ in 0..<2_000 {
                guard holder.stdout.isEmpty else { break }
                usleep(5_000)
            }
            let refused = try rig.vfpool("bind", "vm2", "--lock-wait", "0")
            #expect(refused.status == 1 && refused.stderr.contains("error[lock-held]"), "\(refused)")
            let waited = try rig.vfpool("bind", "vm3", "--lock-wait", "60")
            #expect(waited.status == 0 && waited.stderr.contains("waiting"), "\(waited)")
            #expect(try rig.state().guest("vm2")?.config.map(\.network) == [nil])
            #expect(try rig.state().guest("vm3")?.config.map(\.network) == ["vfpool-eth3"])
            #expect(try holder.wait().status == 0)
        }
    }

    @Test func `the daemon goes away in the middle of a batch`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            let uri = try rig.slowLink(milliseconds: 20)
            let command = try rig.startChange(["-c", uri, "bind", "vm1", "vm2", "vm3"], after: 60_000)
            try rig.daemon(.kill)
            usleep(300_000)
            try rig.daemon(.start)
            let result = try command.wait()
            // On a busy machine it may be through before the daemon is gone.
            #expect([0, 1, 3].contains(result.status), "\(result)")
            #expect(try rig.state().guests.count == 3)
            #expect(try rig.problems(macs: OnRig.macs) == [])
            if result.status != 1 { #expect(try rig.vfpool("-c", uri, "undo", "--yes").status == 0) }
            #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == before, "\(result)")
        }
    }
}
