import TestSupport
import Testing

/// The main checks against a real libvirtd and files of a host, each well and not.
@Suite(.enabled(if: Rig.missing == nil, "no rig here")) struct DoctorOnRigTests {
    /// Lines of one check: `FAIL  pf-up  …`.
    private func lines(_ name: String, _ rig: Rig, _ words: String...) throws -> [Substring] {
        let result = try rig.start([Rig.vfpool, "doctor"] + words).wait()
        #expect(result.status == 0 || result.status == 2, "\(result)")
        return result.stdout.split(separator: "\n").filter { $0.dropFirst(6).hasPrefix(name + " ") }
    }

    private func verdicts(_ name: String, _ rig: Rig, _ words: String...) throws -> [Substring] {
        try lines(name, rig).map { $0.prefix { $0 != " " } }
    }

    @Test func `a host that is well passes, and each thing that goes wrong is named`() throws {
        try Rig.with(
            [.pf("eth3", vfs: 4), .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)))]
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            for name in ["iommu", "vfio", "pf-up", "pool-active", "pool-stale", "vf-protected", "iommu-groups"] {
                #expect(try verdicts(name, rig) == ["PASS"], "\(name)")
            }
            #expect(try verdicts("vfs-persist", rig) == ["WARN"])
            try rig.setLink("eth3", up: false)
            #expect(try verdicts("pf-up", rig) == ["FAIL"])
            try rig.setLink("eth3", up: true)
            try rig.setVFs("eth3", 6)
            let stale = try lines("pool-stale", rig)
            #expect(stale.first?.hasPrefix("FAIL") ?? false, "\(stale)")
            #expect(try rig.vfpool("doctor").status == 2)
            try rig.rename("eth3", to: "eth9")
            #expect(try verdicts("pool-pf", rig) == ["WARN"])
        }
    }

    @Test func `a pool that was stopped under its guest, and two pools on one VF`() throws {
        try Rig.with(
            [
                .pf("eth3", vfs: 4), .pool("eth3", named: "one"), .pool("eth3", named: "two"),
                .guest("vm1", .network("one", mac: OnRig.mac(1)), running: true),
            ]
        ) { rig throws in
            #expect(try verdicts("pool-overlap", rig) == ["FAIL"])
            #expect(try rig.virsh("net-destroy", "one").status == 0)
            #expect(try verdicts("ports-lost", rig) == ["FAIL"])
            #expect(try verdicts("pool-active", rig) == ["FAIL"])
        }
    }

    @Test func `files that set the VF count, hooks and network services are found`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let written = try rig.sh(
                """
                mkdir -p /etc/NetworkManager/system-connections /run/NetworkManager/devices
                printf '[connection]\\ninterface-name=eth3\\n[sriov]\\ntotal-vfs=4\\n' \
                    > /etc/NetworkManager/system-connections/eth3.nmconnection
                index=$(cat /sys/class/net/eth3v0/ifindex)
                printf '[device]\\nmanaged=true\\n' > /run/NetworkManager/devices/$index
                echo true > /etc/libvirt/hooks/qemu
                """)
            #expect(written.status == 0, "\(written)")
            #expect(try verdicts("vfs-persist", rig) == ["PASS"])
            #expect(try verdicts("vfs-before-libvirt", rig) == ["WARN"])
            #expect(try lines("vfs-reset", rig).first?.contains("NetworkManager") ?? false)
            #expect(try lines("vf-hands-off", rig).first?.contains("VF 0 of eth3") ?? false)
            #expect(try verdicts("hooks", rig) == ["WARN"])
        }
    }
}
