import TestSupport
import Testing

/// VF settings that were copied along with a guest, or outlived the interface or portgroup that they were for.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct StaleSettingsFieldTests {
    /// As virt-clone makes one: name, UUID and MACs of the interfaces are new, the metadata is the original's.
    private func clone(_ guest: String, _ rig: Rig) throws {
        let script = """
            virsh dumpxml --inactive \(guest) | sed -e 's,<name>.*</name>,<name>clone</name>,' -e '/<uuid>/d' \
            -e "s,mac address='\(OnRig.mac(1))',mac address='\(OnRig.mac(9))'," > /tmp/clone.xml
            virsh define /tmp/clone.xml
            """
        #expect(try rig.sh(script).status == 0)
    }

    @Test func `what a clone has of its original's is named, and the hint removes it`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            #expect(try rig.vfpool("set", "vm1", "--trust", "on", "--max-rate", "500").status == 0)
            #expect(!(try rig.vfpool("status").stderr.contains("VF settings (")))
            try clone("vm1", rig)
            // Beside them, what is wanted of its own interface stays.
            #expect(try rig.vfpool("set", "clone", "--spoof-check", "off").status == 0)
            let status = try rig.vfpool("status")
            #expect(
                status.stderr.contains(
                    "guest clone has VF settings (trust on, max-rate 500) for MAC \(OnRig.mac(1)), which is guest vm1's"
                ),
                "\(status)")
            let doctor = try rig.vfpool("doctor").lines("stale-settings")
            #expect(doctor.first?.hasPrefix("WARN") == true, "\(doctor)")
            // New ones for that MAC are for no interface of the guest.
            let new = try rig.vfpool("set", "clone", "--interface", OnRig.mac(1), "--trust", "off")
            #expect(new.stderr.contains("error[no-such-interface]"), "\(new)")

            #expect(try rig.paste(from: status, "vfpool set").count == 1)
            #expect(!(try rig.vfpool("status").stderr.contains("VF settings (")))
            #expect(try rig.vfpool("doctor").lines("stale-settings").first?.hasPrefix("PASS") == true)
            let left = try rig.virsh("dumpxml", "--inactive", "clone").stdout
            #expect(
                !left.contains("trust=") && left.contains("spoof-check=") && !left.contains(OnRig.mac(1)), "\(left)")
            #expect(try rig.virsh("dumpxml", "--inactive", "vm1").stdout.contains("trust="))
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.vfpool("status").stderr.contains("guest clone has VF settings ("))
        }
    }

    @Test func `those of an interface that went to a bridge by hand are named, and the hint removes them`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1)))) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm1", "--trust", "on").status == 0)
            let script = """
                virsh dumpxml --inactive vm1 | sed -e "s,type='network',type='bridge'," \
                -e "s,network='vfpool-eth3',bridge='br0'," > /tmp/vm1.xml && virsh define /tmp/vm1.xml
                """
            #expect(try rig.sh(script).status == 0)
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("interface 0, \(OnRig.mac(1)), which is on no pool"), "\(status)")
            #expect(
                try rig.paste(from: status, "vfpool set") == [
                    "vfpool set vm1 --interface \(OnRig.mac(1)) --trust default"
                ])
            #expect(!(try rig.vfpool("status").stderr.contains("VF settings (")))
            #expect(!(try rig.virsh("dumpxml", "--inactive", "vm1").stdout.contains("vfpool")))
        }
    }

    @Test func `those of a portgroup that is gone are named, and the hint removes them`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "--portgroup", "dmz.a:vlan=42").status == 0)
            #expect(try rig.vfpool("set", "vfpool-eth3", "--max-rate", "100").status == 0)
            #expect(try rig.vfpool("set", "vfpool-eth3:dmz.a", "--trust", "on", "--vlan-qos", "3").status == 0)
            #expect(!(try rig.vfpool("status").stderr.contains("VF settings (")))
            let script = """
                virsh net-dumpxml --inactive vfpool-eth3 | sed -e '/<portgroup/,/<.portgroup>/d' > /tmp/n.xml
                virsh net-define /tmp/n.xml
                """
            #expect(try rig.sh(script).status == 0)
            let status = try rig.vfpool("status")
            #expect(
                status.stderr.contains(
                    "pool vfpool-eth3 has VF settings (trust on, vlan-qos 3) for portgroup dmz.a, which it does not have"
                ),
                "\(status)")
            #expect(try rig.vfpool("doctor").lines("stale-settings").first?.hasPrefix("WARN") == true)
            #expect(try rig.vfpool("set", "vfpool-eth3:dmz.a", "--trust", "off").stderr.contains("no-such-portgroup"))
            #expect(try rig.paste(from: status, "vfpool set").count == 1)
            #expect(!(try rig.vfpool("status").stderr.contains("VF settings (")))
            let left = try rig.virsh("net-dumpxml", "--inactive", "vfpool-eth3").stdout
            #expect(left.contains("max-rate=") && !left.contains("trust="), "\(left)")
        }
    }
}
