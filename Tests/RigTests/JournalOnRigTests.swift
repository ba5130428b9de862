import Glibc
import TestSupport
import Testing

/// What the journal and the lock promise, on a real libvirt.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct JournalOnRigTests {
    @Test func `a delete that is interrupted anywhere puts the pool and its reservations back`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let network = try rig.document(network: "vfpool-eth3")
            let reserved = try rig.reserved("vfpool-eth3")
            #expect(reserved.count == 2)
            let words = ["delete", "vfpool-eth3"]
            let answers = try rig.answers(to: words)
            var interrupted = 0
            for answer in stride(from: 1, through: answers, by: max(answers / 12, 1)) {
                let (command, link) = try rig.startChange(words, heldAtAnswer: answer)
                command.signal(SIGTERM)
                link.release()
                let result = try command.wait()
                if result.status == 0 {
                    #expect(try rig.vfpool("-c", link.uri, "undo", "--yes").status == 0)
                } else {
                    #expect([130, 128 + SIGTERM].contains(result.status), "\(result)")
                    interrupted += result.stderr.contains("put back") ? 1 : 0
                }
                #expect(try rig.document(network: "vfpool-eth3") == network, "answer \(answer): \(result)")
                #expect(try rig.reserved("vfpool-eth3") == reserved, "answer \(answer): \(result)")
            }
            #expect(interrupted > 0)
        }
    }

    @Test func `a guest that lets go too late gets its interface back by undo`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let guest = try rig.document(guest: "vm1")
            try rig.cue("vm1", Rig.Cue(unplug: .held))
            let failed = try rig.vfpool("bind", "vm1", "--live", "--yes", "--wait", "1")
            #expect(failed.status == 3 && failed.stderr.contains("error[unplug-timed-out]"), "\(failed)")
            #expect(failed.stderr.contains("vfpool undo 2"), "\(failed)")
            #expect(try rig.document(guest: "vm1") == guest)
            try rig.cue("vm1", nil)
            #expect(try eventually { try rig.state().guest("vm1")?.live.isEmpty == true })
            let log = try rig.vfpool("log")
            #expect(log.stdout.contains("failed"), "\(log)")
            let undone = try rig.vfpool("undo", "--yes")
            #expect(undone.status == 0, "\(undone)")
            #expect(try rig.state().guest("vm1")?.live.first?.vf == OnRig.vf(0))
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    @Test func `every change says how to undo it, an undo too`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try rig.document(guest: "vm3")
            let bound = try rig.vfpool("bind", "vm3")
            let after = try rig.document(guest: "vm3")
            let undone = try rig.vfpool("undo", try hinted(bound))
            #expect(undone.status == 0, "\(undone)")
            #expect(try rig.document(guest: "vm3") == before)
            #expect(try rig.vfpool("undo", try hinted(undone)).status == 0)
            #expect(try rig.document(guest: "vm3") == after)
        }
    }

    /// The change that the closing hint names.
    private func hinted(_ result: CommandResult) throws -> String {
        let hint = try #require(result.stderr.split(separator: "\n").last { $0.contains("vfpool undo ") }, "\(result)")
        return try #require(hint.split(separator: "`").dropFirst().first?.split(separator: " ").last.map(String.init))
    }

    /// Another machine-id: a host that has the same state folder, and guests and pools of the same names.
    @Test func `what another host did is shown as its own, and not taken back`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            let id = try rig.lastChange()
            let bound = try rig.document(guest: "vm3")
            // Without a UUID of the hardware, libvirt makes one up at every start.
            try rig.daemon(.restart)
            #expect(try rig.vfpool("undo", "--dry-run").stdout.contains("guest vm3"))
            let other =
                "echo 0123456789abcdef0123456789abcdef > /run/machine-id && mount --bind /run/machine-id /etc/machine-id"
            #expect(try rig.sh(other).status == 0)
            for words in [["undo", "--yes"], ["undo", id, "--yes"], ["unbind", "vm3"]] {
                let refused = try rig.start([Rig.vfpool] + words).wait()
                #expect(refused.status == 1, "\(words): \(refused)")
                let code =
                    words == ["undo", "--yes"] ? "nothing-to-undo" : words[0] == "undo" ? "other-host" : "no-former"
                #expect(refused.stderr.contains("error[\(code)"), "\(words): \(refused)")
                #expect(try rig.document(guest: "vm3") == bound)
            }
            let log = try rig.vfpool("log")
            #expect(log.stdout.contains("HOST") && log.stdout.contains("another host") == false, "\(log)")
            #expect(try rig.vfpool("log", id).stdout.contains("another one, host "))
            #expect(try rig.vfpool("log", "--format", "json").stdout.contains(/"here" : false/))
            // What this host did it can undo.
            #expect(try rig.vfpool("unbind", "vm3", "--to-bridge", "br0").status == 0)
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.document(guest: "vm3") == bound)
            #expect(try rig.sh("umount /etc/machine-id").status == 0)
            #expect(try rig.vfpool("undo", id).status == 0)
            #expect(try rig.document(guest: "vm3") != bound)
        }
    }

    @Test func `two state folders, one host: the second waits for the first`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.sh("chgrp 60 /run/libvirt/libvirt-sock").status == 0)
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let file = try rig.sh("stat -c '%a %g' /run/vfpool.lock; stat -c '640 %g' /run/libvirt/libvirt-sock").stdout
            let lines = file.split(separator: "\n")
            #expect(lines.count == 2 && lines.first == lines.last, "\(file)")
            let other = try rig.start(["flock", "--no-fork", "/run/vfpool.lock", "sleep", "3600"])
            // It has the lock before it has become what it runs.
            let isHeld = "! flock -n /run/vfpool.lock true && grep -qx sleep /proc/[0-9]*/comm"
            #expect(try eventually { try rig.sh(isHeld).status == 0 })
            let second = try rig.vfpool(
                "create", "eth3", "--lock-wait", "0", environment: ["VFPOOL_STATE_DIR": "/run/other"])
            #expect(second.status == 1 && second.stderr.contains("error[lock-held]"), "\(second)")
            #expect(second.stderr.contains(/process \d+ \(sleep, user root\)/), "\(second)")
            // No variable moves the lock, let alone writes over a file.
            #expect(try rig.sh("echo precious > /root/precious").status == 0)
            let moved = try rig.vfpool(
                "create", "eth3", "--lock-wait", "0", environment: ["VFPOOL_HOST_LOCK": "/root/precious"])
            #expect(moved.stderr.contains("error[lock-held]"), "\(moved)")
            #expect(try rig.sh("cat /root/precious").stdout == "precious\n")
            other.signal(SIGKILL)
            _ = try other.wait()
            #expect(try rig.vfpool("create", "eth3", "--lock-wait", "5").status == 0)
        }
    }

    @Test func `what there is nothing of any more is warned of no more`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            // Killed before its last line, and then put right by hand.
            let entry = "e=$(ls -d /var/lib/vfpool/changes/* | tail -n 1); cd $e; "
            #expect(
                try rig.sh(entry + "sed -i '$d' progress.jsonl; virsh -q define 001-guest-vm3.before.xml").status == 0)
            let id = try rig.sh(entry + "basename $e").stdout.split(separator: "\n").joined()
            #expect(try rig.vfpool("log").stderr.contains("warning: change \(id) never ended"))
            let undone = try rig.vfpool("undo", id)
            #expect(undone.status == 0 && undone.stdout.contains("Nothing to do"), "\(undone)")
            let log = try rig.vfpool("log")
            #expect(log.stderr == "" && log.stdout.contains("reverted"), "\(log)")
            // One document less is no reason to show nothing.
            #expect(try rig.sh(entry + "rm 001-guest-vm3.before.xml").status == 0)
            let one = try rig.vfpool("log", id)
            #expect(one.status == 0 && one.stdout.contains("guest vm3"), "\(one)")
            #expect(one.stderr.contains("001-guest-vm3.before.xml can't be read"), "\(one)")
        }
    }

    @Test func `a full disk leaves no entry behind`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.sh("mkdir /run/small && mount -t tmpfs -o size=16k,mode=700 small /run/small").status == 0)
            let small = ["VFPOOL_STATE_DIR": "/run/small"]
            let before = try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) }
            let failed = try rig.vfpool("bind", "vm1", "vm2", "vm3", environment: small)
            #expect(failed.status == 1 && failed.stderr.contains("error[journal]"), "\(failed)")
            #expect(try ["vm1", "vm2", "vm3"].map { try rig.document(guest: $0) } == before)
            #expect(try rig.sh("ls /run/small/changes").stdout == "")
            let log = try rig.vfpool("log", environment: small)
            #expect(log.status == 0 && !log.stderr.contains("warning"), "\(log)")
        }
    }

    @Test func `an account without a home gets no journal in a place that others share`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            let result = try rig.run(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "-i", Rig.vfpool, "-c",
                "test:///default", "bind", "test")
            #expect(result.status == 1 && result.stderr.contains("error[journal]"), "\(result)")
            #expect(result.stderr.contains("VFPOOL_STATE_DIR"), "\(result)")
            #expect(try rig.run("test", "-e", "/tmp/.local").status != 0)
        }
    }
}
