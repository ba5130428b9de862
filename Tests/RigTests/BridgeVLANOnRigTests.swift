import TestSupport
import Testing

/// Guests' own VLANs on a Linux bridge: libvirt has them from 11.0 on, where the bridge tells VLANs apart.
@Suite(
    .enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"),
    .enabled(if: Rig.knowsBridgeVLANs, "libvirt here is from before 11.0"))
struct BridgeVLANOnRigTests {
    private static let tag = "<vlan><tag id='42'/></vlan>"

    private func with(_ body: (Rig) throws -> Void) throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1), inside: Self.tag)),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2), inside: Self.tag))
        ) { rig throws in
            #expect(try rig.sh("ip link add br0 type bridge && ip link set br0 up").status == 0)
            #expect(try rig.vfpool("create", "eth3").status == 0)
            try filter(0, rig)
            try body(rig)
        }
    }

    /// As by `ip link set br0 type bridge vlan_filtering 1`, which not every kernel that tests run on knows.
    private func filter(_ on: Int, _ rig: Rig) throws {
        #expect(try rig.sh("echo \(on) > /sys/class/net/br0/bridge/vlan_filtering").status == 0)
    }

    private func vlans(_ document: String) -> Int { document.matches(of: /<tag id=.42.\/>/).count }

    @Test func `an interface takes its VLAN to a bridge that filters`() throws {
        try with { rig in
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            let refused = try rig.vfpool("unbind", "vm1", "--to-bridge", "br0")
            #expect(refused.status == 1 && refused.stderr.contains("vlan_filtering is 0"), "\(refused)")
            try filter(1, rig)
            let bound = try rig.document(guest: "vm1")
            let unbound = try rig.vfpool("unbind", "vm1", "--to-bridge", "br0")
            #expect(unbound.status == 0, "\(unbound)")
            let document = try rig.document(guest: "vm1")
            #expect(document.contains("<source bridge='br0'/>") && vlans(document) == 1, "\(document)")
            #expect(!document.contains("vfpool-eth3"), "\(document)")
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.document(guest: "vm1") == bound)
        }
    }

    @Test func `both halves of a pair have it, and what is left of one`() throws {
        try with { rig in
            // Without it the other half is without a VLAN, which is said.
            let plain = try rig.vfpool("bind", "vm2", "--failover", "br0", "--dry-run")
            #expect(plain.status == 0 && plain.stderr.contains("is on VLAN 42"), "\(plain)")
            #expect(!plain.stdout.contains("+      <vlan>"), "\(plain)")
            try filter(1, rig)
            let bound = try rig.vfpool("bind", "vm2", "--failover", "br0")
            #expect(bound.status == 0, "\(bound)")
            let pair = try rig.document(guest: "vm2")
            #expect(pair.contains("<teaming type='persistent'/>") && vlans(pair) == 2, "\(pair)")
            let unbound = try rig.vfpool("unbind", "vm2", "--to-bridge", "br0")
            #expect(unbound.status == 0, "\(unbound)")
            let document = try rig.document(guest: "vm2")
            #expect(document.contains("<source bridge='br0'/>") && vlans(document) == 1, "\(document)")
            #expect(!document.contains("<teaming"), "\(document)")
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.document(guest: "vm2") == pair)
        }
    }
}
