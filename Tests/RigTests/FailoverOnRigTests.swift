import Glibc
import TestSupport
import Testing

/// Pairs of a VF and a virtio card, on a real libvirtd and QEMU.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FailoverOnRigTests {
    @Test func `a pair starts, loses its VF and gets one again, with one MAC`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.sh("ip link add br0 type bridge").status == 0)
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let before = try rig.document(guest: "vm2")
            let unknown = try rig.vfpool("bind", "vm2", "--failover", "br7")
            #expect(unknown.status == 1 && unknown.stderr.contains("error[no-such-network]"), "\(unknown)")
            let bound = try rig.vfpool("bind", "vm2", "--failover", "br0")
            #expect(bound.status == 0, "\(bound)")
            // The VF's half keeps its place; libvirt gave the other one of its own.
            let document = try rig.document(guest: "vm2")
            #expect(document.contains("<teaming type='persistent'/>"), "\(document)")
            #expect(
                document.contains("<teaming type='transient' persistent='ua-failover-525400000002'/>"), "\(document)")
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.problems(macs: ["vm2": [OnRig.mac(2), OnRig.mac(2)]]) == [])

            #expect(try rig.virsh("detach-device-alias", "vm2", "ua-vf-525400000002", "--live").status == 0)
            #expect(try eventually { try rig.state().guest("vm2")?.live.count == 1 })
            let plugged = try rig.vfpool("bind", "vm2", "--live", "--yes")
            #expect(plugged.status == 0, "\(plugged)")
            #expect(try rig.state().guest("vm2")?.live.count == 2)
            #expect(try rig.vfpool("bind", "vm2", "--live", "--yes").stdout.contains("Nothing to do"))
            #expect(try rig.virsh("destroy", "vm2").status == 0)
            let unbound = try rig.vfpool("unbind", "vm2")
            #expect(unbound.status == 0, "\(unbound)")
            #expect(try rig.document(guest: "vm2") == before)
        }
    }

    @Test func `a running guest becomes a pair, if it has a port for a second card`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.sh("ip link add br0 type bridge").status == 0)
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let moved = try rig.vfpool("bind", "vm1", "--failover", "br0", "--live", "--yes")
            #expect(moved.status == 0, "\(moved)")
            let live = try rig.virsh("dumpxml", "vm1").stdout
            #expect(live.contains("<teaming type='transient' persistent='ua-failover-525400000001'/>"), "\(live)")
            #expect(try rig.state().guest("vm1")?.live.count == 2)
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1), OnRig.mac(1)]]) == [])
        }
    }
}
