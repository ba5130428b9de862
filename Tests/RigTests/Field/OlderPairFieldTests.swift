import TestSupport
import Testing

/// Pairs of an emulated card and a VF from before libvirt had `<teaming>`.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct OlderPairFieldTests {
    /// A pair as it was made before libvirt had <teaming>: two cards with one MAC, bonded in the guest.
    @Test func `a pair from before teaming stays a pair`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2),
            .guest("old", .bridge("br0", mac: OnRig.mac(1)), .pinned("eth3", 0, mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.sh("ip link add br0 type bridge && ip link set br0 up").status == 0)
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let sweep = try rig.vfpool("migrate", "--all", "--dry-run")
            #expect(!sweep.stderr.contains("neither would be reachable"), "\(sweep)")
            #expect(sweep.stdout.contains("~ guest old"), "\(sweep)")
            #expect(try rig.vfpool("doctor").lines("duplicate-mac").first?.hasPrefix("WARN") != true)
            // Made a pair of libvirt's kind, it has the card that it has, and no third.
            #expect(try rig.vfpool("bind", "old", "--failover", "br0").status == 0)
            #expect(try rig.state().guest("old")?.config.count == 2)
            let document = try rig.document(guest: "old")
            #expect(document.contains("<teaming type='persistent'/>") && document.contains("<teaming type='transient'"))
        }
    }

    @Test func `it is taken back as it was, by unbind and by undo`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2),
            .guest(
                "old", .bridge("br0", mac: OnRig.mac(1), inside: "<link state='down'/><model type='virtio'/>"),
                .pinned("eth3", 0, mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.sh("ip link add br0 type bridge && ip link set br0 up").status == 0)
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let before = try rig.document(guest: "old")
            for words in [["bind", "old"], ["bind", "old", "--failover", "br0"]] {
                for back in [["unbind", "old"], ["undo"]] {
                    #expect(try rig.start([Rig.vfpool] + words).wait().status == 0)
                    let result = try rig.start([Rig.vfpool] + back).wait()
                    let after = try rig.document(guest: "old")
                    #expect(result.status == 0 && after == before, "\(words) \(back): \(result)")
                }
            }
            let third = try rig.vfpool("bind", "old", "--interface", "0", "--failover", "br0")
            #expect(third.status == 1 && third.stderr.contains("--interface 1"), "\(third)")
        }
    }
}
