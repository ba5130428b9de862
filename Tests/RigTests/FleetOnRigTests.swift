import TestSupport
import Testing

/// Two hosts with a real libvirtd each, asked at once.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct FleetOnRigTests {
    /// Two hosts with a pool of one name, which libvirt knows as kvm1 and kvm2.
    private static func fleet(_ body: (_ here: Rig, _ there: Rig) throws -> Void) throws {
        try Rig.with(.named("here"), .pf("eth3", vfs: 4)) { here in
            try Rig.with(.named("there"), .pf("eth3", vfs: 2, mac: "a0:36:9f:00:00:77")) { there in
                #expect(try here.vfpool("create", "eth3", "--vlan", "7").status == 0)
                #expect(try there.vfpool("create", "eth3", "--vlan", "8").status == 0)
                let aliases = "uri_aliases = [ \"kvm1=qemu:///system\", \"kvm2=\(there.uri)\" ]"
                #expect(try here.sh("echo '\(aliases)' > /etc/libvirt/libvirt.conf").status == 0)
                try body(here, there)
            }
        }
    }

    /// libvirt's own names for hosts; what is on one host, and what is between them.
    @Test func `libvirt's names, a MAC on two hosts, no room to empty one`() throws {
        try Self.fleet { here, there in
            try here.add(
                .guest("vm1", .network("vfpool-eth3", mac: OnRig.mac(1)), running: true),
                .guest("vm2", .network("vfpool-eth3", mac: OnRig.mac(2)), running: true),
                .guest("vm3", .network("vfpool-eth3", mac: OnRig.mac(3)), running: true))
            try there.add(.guest("vm4", .network("vfpool-eth3", mac: OnRig.mac(1)), running: true))
            let list = try here.vfpool("list", "--hosts", "kvm[1-2]")
            #expect(list.status == 0 && list.stderr.isEmpty, "\(list)")
            let rows = list.stdout.split(separator: "\n").map { $0.split(separator: " ").prefix(8).map(String.init) }
            #expect(rows[1].prefix(7) == ["kvm1", "vfpool-eth3", "eth3", "active", "4", "3", "1"], "\(list)")
            #expect(rows[2].prefix(7) == ["kvm2", "vfpool-eth3", "eth3", "active", "2", "1", "≤1"], "\(list)")
            let guest = try here.vfpool("status", "vm4", "--hosts", "kvm[1-2]")
            #expect(guest.status == 0 && guest.stdout.contains("\nkvm2  vm4 "), "\(guest)")
            #expect(guest.stderr.contains("note: not on kvm1: "), "\(guest)")

            let doctor = try here.vfpool("doctor", "--hosts", "kvm[1-2]", "--problems")
            #expect(doctor.status == 2)
            let lines = doctor.stdout.split(separator: "\n").filter { $0.contains("  fleet-") }
            #expect(lines.map { $0.prefix(4) } == ["WARN", "WARN", "FAIL"], "\(doctor)")
            #expect(lines[0].contains("pool vfpool-eth3: VLAN: 7 on kvm1; 8 on kvm2"), "\(lines)")
            #expect(
                lines[1].contains("kvm1 can't be emptied: ") && lines[1].contains("2 VFs of vfpool-eth3"), "\(lines)")
            #expect(lines[2].contains("the MAC \(OnRig.mac(1)) is that of vm1 on kvm1 and vm4 on kvm2"), "\(lines)")
            let json = try here.vfpool("doctor", "--hosts", "kvm[1-2]", "--format", "json")
            #expect(json.status == 2 && json.stdout.contains("\"check\" : \"fleet-macs\""))
        }
    }

    /// A daemon that is gone, one that says nothing, and an ssh that gets no answer: the other's answer is whole, and none of them outstays
    /// its time.
    @Test func `who does not answer is named, and ended`() throws {
        try Self.fleet { here, there in
            try there.daemon(.stop)
            let peer = try here.silentPeer()
            let hosts = (["kvm1", "kvm2"] + peer.uris).joined(separator: "\n")
            #expect(try here.sh("cat > /root/hosts <<'end'\n\(hosts)\nend").status == 0)
            let result = try here.vfpool("list", "--hosts", "/root/hosts", "--timeout", "10")
            #expect(result.status == 6 && result.stdout.contains("\nkvm1  vfpool-eth3"), "\(result)")
            #expect(result.stderr.contains("error[no-connection]: kvm2: "), "\(result)")
            #expect(
                result.stderr.contains("error[timeout]: ") && result.stderr.contains("no answer within 10 s"),
                "\(result)")
            #expect(result.stderr.contains("note: 1 of \(2 + peer.uris.count) hosts answered"), "\(result)")
            // The ssh that a child started is ended with it.
            let left = try here.sh(
                "for i in $(cat /run/silent-ssh.pids); do [ ! -e /proc/$i ] || grep State /proc/$i/status; done")
            #expect(!left.stdout.contains("sleeping"), "\(left)")
        }
    }

    @Test func `a terminal shows how many have answered`() throws {
        try Self.fleet { here, _ in
            let terminal = try here.terminal(Rig.vfpool, "list", "--hosts", "kvm[1-2]", "--color", "never")
            let result = try terminal.wait()
            #expect(result.status == 0 && result.stdout.contains("0 of 2 hosts"), "\(result)")
            #expect(result.stdout.contains("\r\u{1B}[KHOST"), "\(result)")
        }
    }
}
