import TestSupport
import Testing

/// What is said where it is not libvirt as a whole that is missing, and who shares a lock where libvirt has other sockets.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct DaemonWordsOnRigTests {
    @Test func `a URI of one driver that knows no guests`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            for uri in ["network:///system", "nodedev:///system", "network+unix:///system"] {
                for command in [["status"], ["list"], ["create", "eth3"], ["reconcile"], ["doctor"]] {
                    let result = try rig.start([Rig.vfpool, "-c", uri] + command).wait()
                    #expect(result.status == 1 && result.stderr.contains("error[no-connection]"), "\(uri): \(result)")
                    #expect(result.stderr.contains("knows no guests"), "\(uri): \(result)")
                    #expect(result.stderr.contains("qemu:///system`") && !result.stderr.contains("5.5"), "\(result)")
                }
            }
        }
    }

    /// As with modular daemons, whose sockets are their own.
    @Test(.enabled(if: !Rig.isModular, "sockets are moved about"), arguments: ["libvirt-sock", "virtqemud-sock"])
    func `the lock is for the group that may use the socket`(
        _ name: String
    ) throws {
        try Rig.with(OnRig.usual()) { rig throws in
            let path = "/run/libvirt/\(name)"
            let moved = try rig.sh(
                """
                set -e
                cd /run/libvirt
                [ \(name) = libvirt-sock ] || [ -e \(name) ] || mv libvirt-sock \(name)
                chgrp nogroup \(name)
                """)
            #expect(moved.status == 0, "\(moved)")
            let uri = "qemu+unix:///system?socket=\(path)"
            let made = try rig.vfpool("-c", uri, "create", "eth3")
            #expect(made.status == 0, "\(made)")
            #expect(try rig.sh("stat -c '%U:%G %a' /run/vfpool.lock").stdout == "root:nogroup 640\n")
        }
    }
}
