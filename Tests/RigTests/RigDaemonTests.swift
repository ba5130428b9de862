import TestSupport
import Testing

/// libvirt's daemons on a rig: one, or each driver's own, as Fedora and RHEL have them.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct RigDaemonTests {
    static let names = ["virtinterfaced", "virtnetworkd", "virtnodedevd", "virtqemud"]

    private static func host(_ daemons: RigPart) -> [RigPart] {
        [
            daemons, .pf("eth3", vfs: 3), .pool("eth3"),
            .guest("vm1", .network("eth3", mac: OnRig.mac(1)), running: true),
            .guest("vm2", .network("eth3", mac: OnRig.mac(2))),
        ]
    }

    /// The numbers of the processes, by name; of those that run.
    private func processes(_ rig: Rig) throws -> [String: String] {
        let script = """
            for file in /run/libvirt/*d.pid; do
                if [ -e "/proc/$(cat $file)/root" ]; then basename $file .pid; cat $file; echo; fi
            done
            """
        let words = try rig.sh(script).stdout.split(whereSeparator: \.isWhitespace).map(String.init)
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) })
    }

    @Test func `a daemon that does not end when told is killed, and its guests run on`() throws {
        try Rig.with(Self.host(.daemons(nil, patience: 0.5))) { rig throws in
            let before = try processes(rig)
            try rig.daemon(.freeze, "virtqemud")
            try rig.daemon(.restart, "virtqemud")
            let after = try processes(rig)
            #expect(before.count == after.count && before.filter { after[$0.key] != $0.value }.count == 1)
            #expect(try rig.state().guest("vm1")?.running == true)
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)], "vm2": [OnRig.mac(2)]]) == [])
        }
    }

    @Test func `a reload reaches the daemon`() throws {
        try Rig.with(Self.host(.daemons(nil))) { rig throws in
            let before = try processes(rig)
            try rig.daemon(.reload, "virtqemud")
            #expect(try processes(rig) == before)
            #expect(try rig.state().guest("vm1")?.running == true)
        }
    }

    @Test func `a VF's start looks for its driver where libvirt 10 and later do`() throws {
        try Rig.with(Self.host(.daemons(nil))) { rig throws in
            let alias = try rig.sh(
                "cat /sys/bus/pci/devices/0000:03:10.0/modalias /lib/modules/$(uname -r)/modules.alias")
            let first = alias.stdout.split(separator: "\n").first ?? ""
            #expect(alias.status == 0 && first.hasSuffix("sv00008086sd00000000bc02sc00i00"), "\(alias)")
        }
    }

    @Test(.enabled(if: Rig.missingModular == nil, "no modular daemons: \(Rig.missingModular ?? "")"))
    func `each restarts and is killed by itself`() throws {
        try Rig.with(Self.host(.daemons("modular"))) { rig throws in
            var before = try processes(rig)
            #expect(before.keys.sorted() == Self.names)
            for name in Self.names {
                try rig.daemon(.restart, name)
                let after = try processes(rig)
                #expect(
                    after.keys.sorted() == Self.names
                        && after.filter { before[$0.key] != $0.value }.map(\.key) == [name])
                before = after
            }
            try rig.daemon(.kill, "virtnetworkd")
            #expect(try processes(rig) == before.filter { $0.key != "virtnetworkd" })
            #expect(try rig.virsh("net-list").status != 0)
            #expect(try rig.virsh("domstate", "vm1").stdout.contains("running"))
            try rig.daemon(.start, "virtnetworkd")
            #expect(try rig.virsh("start", "vm2").status == 0)
            #expect(try rig.state().network("eth3")?.ports.count == 2)
            #expect(try rig.problems(macs: ["vm1": [OnRig.mac(1)], "vm2": [OnRig.mac(2)]]) == [])
        }
    }

    @Test(
        .enabled(if: Rig.missingModular == nil, "no modular daemons: \(Rig.missingModular ?? "")"),
        arguments: ["modular", "modular+proxy"])
    func `sockets stay while daemons rest, and whoever connects starts them`(kind: String) throws {
        try Rig.with(Self.host(.daemons(kind))) { rig throws in
            #expect(try rig.virsh("uri").stdout.contains("qemu:///system"))
            for name in Self.names { try rig.daemon(.rest, name) }
            #expect(try processes(rig).keys.filter { $0 != "virtproxyd" } == [])
            #expect(try rig.vfpool("status").status == 0)
            #expect(try Set(processes(rig).keys).isSuperset(of: ["virtnetworkd", "virtqemud"]))
            try rig.daemon(.stop, "virtqemud")
            #expect(try rig.virsh("list").status != 0)
        }
    }
}
