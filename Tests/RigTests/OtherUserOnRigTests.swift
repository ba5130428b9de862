import TestSupport
import Testing
import Text

/// What somebody who is not root sees: the own libvirt and the own journal, and that there is more.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct OtherUserOnRigTests {
    private func asNobody(_ rig: Rig, _ words: String...) throws -> CommandResult {
        // Where the built program lies may be root's alone.
        let script = """
            [ -d /var/nobody ] || { mkdir /var/nobody && cp "$1" /var/nobody/vfpool && chown -R 65534 /var/nobody; }
            shift
            exec env -i HOME=/var/nobody PATH=/usr/bin:/bin setpriv --reuid=65534 --regid=65534 --clear-groups /var/nobody/vfpool "$@"
            """
        return try rig.start(["sh", "-c", script, "sh", Rig.vfpool] + words).wait()
    }

    @Test func `log says whose journal it shows`() throws {
        try Rig.with(OnRig.usual(vfs: 2)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let own = try rig.vfpool("log")
            #expect(!own.stderr.contains("journal of"), "\(own)")
            let other = try asNobody(rig, "log")
            #expect(
                other.stderr == """
                    note: vfpool has changed nothing yet, as user nobody
                    note: this is the journal of user nobody, /var/nobody/.local/state/vfpool; changes by root are in root's
                    hint: see that: `sudo vfpool log`

                    """, "\(other)")
        }
    }

    /// There no VF has a holder, which must not be taken for the host.
    @Test func `who is at a user's own libvirt is told that it is not the host's`() throws {
        try Rig.with(OnRig.usual(vfs: 2)) { rig throws in
            for words in [["status"], ["list"], ["doctor"], ["metrics"], ["picture"]] {
                let own = try asNobody(rig, words[0])
                #expect(
                    own.stderr.contains("note: qemu:///session is a user's own libvirt")
                        && own.stderr.contains("hint: see them: `--connect qemu:///system`\n"), "\(own)")
                let hosts = try asNobody(rig, words[0], "--connect", "qemu:///system")
                #expect(!hosts.stderr.contains("user's own libvirt") && hosts.status == own.status, "\(hosts)")
            }
        }
    }
}
