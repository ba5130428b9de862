import TestSupport
import Testing

/// libvirt can't write a pool's document: it then makes a running pool transient, and forgets one that is stopped
/// (networkDefineXMLFlags, seen on 9.0).
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FullDiskOnRigTests {
    private static let documents = "/etc/libvirt/qemu"

    private static func resize(_ rig: Rig, _ size: String) throws {
        let result = try rig.sh("mount -o remount,size=\(size) /run/small")
        #expect(result.status == 0, "\(result)")
    }

    /// libvirt's documents on a disk of their own, so that it can be made full.
    private static func move(_ rig: Rig) throws {
        let result = try rig.sh(
            """
            mkdir /run/small && mount -t tmpfs small /run/small && cp -a \(documents)/. /run/small/ &&
                mount --bind /run/small \(documents)
            """)
        #expect(result.status == 0, "\(result)")
    }

    @Test(arguments: [true, false]) func `undo makes the pool persistent again`(_ isActive: Bool) throws {
        try Rig.with([.pf("eth3", vfs: 4), .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)))]) { rig throws in
            try Self.move(rig)
            #expect(try rig.vfpool("create", "eth3").status == 0)
            if !isActive { #expect(try rig.virsh("net-destroy", "vfpool-eth3").status == 0) }
            let before = try rig.document(network: "vfpool-eth3")
            try Self.resize(rig, "$(($(df --output=used -k /run/small | tail -n 1)))k")
            let failed = try rig.vfpool("set", "vfpool-eth3", "--trust", "on", "--yes")
            #expect(failed.status == 3 && failed.stderr.contains("error[not-restored]"), "\(failed)")
            let lost = try rig.virsh("net-info", "vfpool-eth3")
            #expect(isActive ? lost.stdout.contains("Persistent:     no") : lost.status != 0, "\(lost)")
            // While it is full nothing can be put back, and nothing gets worse.
            let early = try rig.vfpool("undo", "--yes")
            #expect(early.status == 1 && early.stderr.contains("No space left"), "\(early)")
            try Self.resize(rig, "64m")
            let back = try rig.vfpool("undo", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try rig.document(network: "vfpool-eth3") == before)
            let info = try rig.virsh("net-info", "vfpool-eth3").stdout
            #expect(info.contains("Persistent:     yes"), "\(info)")
            #expect(info.contains("Active:         \(isActive ? "yes" : "no")"), "\(info)")
            // The link by which it starts at boot is there, and libvirt looks for it when its daemon starts.
            #expect(isActive || back.stderr.contains("starts at boot"), "\(back)")
            if !isActive { try rig.daemon(.restart) }
            #expect(try rig.virsh("net-info", "vfpool-eth3").stdout.contains("Autostart:      yes"))
            #expect(try rig.vfpool("reconcile", "--yes").status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)]]) == [])
        }
    }

    @Test func `who removed the pool since is not overruled`() throws {
        try Rig.with([.pf("eth3", vfs: 4)]) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("set", "vfpool-eth3", "--trust", "on", "--yes").status == 0)
            #expect(try rig.virsh("net-undefine", "vfpool-eth3").status == 0)
            let refused = try rig.vfpool("undo", "--yes")
            #expect(refused.status == 1 && refused.stderr.contains("error[moved-on]"), "\(refused)")
        }
    }
}
