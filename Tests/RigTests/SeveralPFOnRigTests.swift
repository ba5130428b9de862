import TestSupport
import Testing

/// Pools over several PFs, on a real libvirtd: who gets which VF, and what becomes of the pool when its PFs change.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct SeveralPFOnRigTests {
    private static func with(_ parts: RigPart..., vfs: Int = 2, body: (Rig) throws -> Void) throws {
        try Rig.with(
            [.pf("eth3", vfs: vfs, total: 8, bus: "03"), .pf("eth5", vfs: vfs, total: 8, bus: "05")] + parts, body: body
        )
    }

    private func done(_ rig: Rig, _ words: String..., location: SourceLocation = #_sourceLocation) throws {
        let result = try rig.start([Rig.vfpool] + words).wait()
        #expect(result.status == 0, "\(result)", sourceLocation: location)
    }

    private func guests(_ rig: Rig, _ action: String, _ names: String...) throws {
        for name in names {
            let result = try rig.virsh(action, name)
            #expect(result.status == 0, "\(result)")
        }
    }

    /// `3/0 5/0`: bus and number of what the pool's next start hands out, in its order.
    private func list(_ rig: Rig, _ pool: String = "both") throws -> String {
        let lines = try rig.document(network: pool).split(separator: "\n").filter { $0.contains("<address ") }
        return lines.map { line in
            let values = line.split(separator: "'").map(String.init)
            // type, domain, bus, slot, function
            let digits = [values[5], values[9]].map { Int($0.dropFirst(2), radix: 16) ?? -1 }
            return "\(digits[0])/\(digits[1] / 2)"
        }.joined(separator: " ")
    }

    private func mac(_ number: Int) -> String { OnRig.mac(number) }

    // MARK: Its life

    @Test func `guests spread over the PFs, and undo leaves nothing`() throws {
        try Self.with(
            .guest("g1", .network("both", mac: OnRig.mac(1))), .guest("g2", .network("both", mac: OnRig.mac(2))),
            .guest("g3", .pinned("eth5", 1, mac: OnRig.mac(3))), .guest("g4", .pinned("eth3", 1, mac: OnRig.mac(4)))
        ) { rig throws in
            let before = try ["g1", "g2", "g3", "g4"].map { try rig.document(guest: $0) }
            let made = try rig.vfpool("create", "eth3", "eth5", "--name", "both")
            #expect(made.stdout.contains("Created pool both: 2 VFs of eth3 and 2 VFs of eth5, started"), "\(made)")
            #expect(try list(rig) == "3/0 5/0")
            #expect(try rig.vfpool("create", "eth3", "eth5", "--name", "both").stdout.contains("Nothing to do"))
            try guests(rig, "start", "g1", "g2", "g3", "g4")
            let ports = try #require(try rig.state().network("both")).ports
            #expect(ports.first { $0.mac == mac(1) }?.vf == (try rig.vf("eth3", 0)))
            #expect(ports.first { $0.mac == mac(2) }?.vf == (try rig.vf("eth5", 0)))
            let macs = ["g1": [mac(1)], "g2": [mac(2)], "g3": [mac(3)], "g4": [mac(4)]]
            #expect(try rig.problems(macs: macs) == [])
            // Pins of both PFs: to the pool that has their VFs.
            try done(rig, "migrate", "--all", "--yes")
            #expect(try list(rig) == "3/0 5/0 3/1 5/1")
            for guest in ["g3", "g4"] { #expect(try rig.document(guest: guest).contains("network='both'")) }
            try guests(rig, "destroy", "g1", "g2", "g3", "g4")
            try done(rig, "reconcile")
            try guests(rig, "start", "g1", "g2", "g3", "g4")
            #expect(try rig.problems(macs: macs) == [])
            try guests(rig, "destroy", "g1", "g2", "g3", "g4")
            try done(rig, "undo", "--yes")
            #expect(try list(rig) == "3/0 5/0")
            for guest in ["g1", "g2"] { #expect(try rig.virsh("undefine", guest).status == 0) }
            try done(rig, "undo", "--yes")
            #expect(try rig.state().networks.isEmpty)
            #expect(try ["g3", "g4"].map { try rig.document(guest: $0) } == Array(before[2...]))
        }
    }

    @Test func `what status, list, doctor and JSON say of it`() throws {
        try Self.with(.guest("g1", .network("both", mac: OnRig.mac(1)), running: false)) { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both", "--numa", "--vlan", "7")
            let status = try rig.vfpool("status")
            #expect(
                status.stdout.contains("both: pool of eth3 and eth5, active, starts at boot, VLAN 7; 4 VFs: 4 free"))
            #expect(status.stdout.contains("eth5   1  0000:05:10.2  free"), "\(status)")
            #expect(status.stderr.isEmpty, "\(status)")
            #expect(try rig.vfpool("list").stdout.contains("both  eth3, eth5  active"))
            for pf in ["eth3", "eth5"] {
                #expect(try rig.vfpool("status", pf).stdout.contains("pool both"))
                let doctor = try rig.vfpool("doctor", pf).stdout
                #expect(doctor.contains("all guests of pool both can run at once"), "\(doctor)")
            }
            let json = try rig.vfpool("list", "--format", "json").stdout.split(separator: "\n").map { line in
                line.drop { $0 == " " }
            }.joined()
            #expect(json.contains("\"pf\" : \"eth3\",\"pfAddress\" : \"0000:03:00.0\",\"pfs\" : ["), "\(json)")
            #expect(
                json.contains("\"address\" : \"0000:05:00.0\",\"name\" : \"eth5\",\"present\" : true,\"vfs\" : null"),
                "\(json)")
        }
    }

    @Test func `refused as one PF is`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pf("eth5", vfs: 2), .pf("eth7", vfs: 0), .pf("eth9", vfs: 0, total: 0)
        ) { rig throws in
            func refused(_ code: String, _ words: String...) throws {
                let result = try rig.start([Rig.vfpool, "create"] + words).wait()
                #expect(result.status != 0 && result.stderr.contains("error[\(code)]"), "\(words): \(result)")
            }
            try refused("no-vfs-enabled", "eth3", "eth7")
            try refused("not-sriov-capable", "eth3", "eth9")
            try refused("usage", "eth3", "0000:03:00.0")
            try refused("no-such-device", "eth3", "eth4")
            #expect(try rig.sh("ip link set eth5 vf 1 vlan 42").status == 0)
            try refused("pfs-differ", "eth3", "eth5")
            #expect(try rig.sh("ip link set eth5 vf 1 vlan 0").status == 0)
            try done(rig, "create", "eth3", "eth5", "eth7", "--vfs-count", "2")
            #expect(try rig.state().network("vfpool-eth3-eth5-eth7") != nil)
        }
    }

    // MARK: Adopting

    @Test(arguments: [["create", "p4p1"], ["create", "p4p2", "p4p1"], ["create"]])
    func `adopted as it is, and given back byte for byte`(_ words: [String]) throws {
        try Rig.with(
            .pf("p4p1", vfs: 2, bus: "03"), .pf("p4p2", vfs: 2, bus: "05"),
            .network(
                xml: "<network><name>both</name><forward mode='hostdev' managed='yes'>"
                    + [("3", "2"), ("5", "0"), ("5", "2")].map { bus, function in
                        "<address type='pci' domain='0x0000' bus='0x0\(bus)' slot='0x10' function='0x\(function)'/>"
                    }.joined() + "</forward></network>", autostart: true),
            .guest("g1", .network("both", mac: OnRig.mac(1)), running: true),
            .guest("g2", .pinned("p4p2", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            let before = try rig.document(network: "both")
            let adopted = try rig.start([Rig.vfpool] + words + ["--adopt", "--name", "both"]).wait()
            #expect(adopted.status == 0, "\(adopted)")
            #expect(adopted.stdout.contains("1 VF of p4p1, which has 2 and 2 VFs of p4p2"), "\(adopted)")
            #expect(try list(rig) == "3/1 5/0")
            #expect(try rig.reserved("both").contains(rig.vf("p4p2", 1)))
            #expect(try rig.vfpool("status").stderr.isEmpty)
            try done(rig, "bind", "g2")
            #expect(try list(rig) == "3/1 5/0 5/1")
            try guests(rig, "start", "g2")
            #expect(try rig.problems(macs: ["g1": [mac(1)], "g2": [mac(2)]]) == [])
            try guests(rig, "destroy", "g2")
            try done(rig, "undo", "--yes")
            try done(rig, "undo", "--yes")
            #expect(try rig.document(network: "both") == before)
            #expect(try rig.reserved("both") == [rig.vf("p4p1", 1)], "g1 has it still")
        }
    }

    @Test func `the network's name is enough`() throws {
        try Rig.with(
            .pf("p4p1", vfs: 1, bus: "03"), .pf("p4p2", vfs: 1, bus: "05"),
            .network(
                xml: "<network><name>both</name><forward mode='hostdev' managed='yes'>"
                    + ["3", "5"].map {
                        "<address type='pci' domain='0x0000' bus='0x0\($0)' slot='0x10' function='0x0'/>"
                    }.joined() + "</forward></network>"),
            .guest("g1", .network("both", mac: OnRig.mac(1)))
        ) { rig throws in
            // What migrate does on its way.
            try done(rig, "migrate", "--all", "--create-pools", "--yes")
            #expect(try rig.document(network: "both").contains("several"))
            try done(rig, "undo", "--yes")
            #expect(try !rig.document(network: "both").contains("several"))
            try done(rig, "create", "--adopt", "both")
            #expect(try rig.document(network: "both").contains("several"))
        }
    }

    // MARK: Its PFs change

    @Test func `another number of VFs of one, while guests have VFs of the other`() throws {
        try Self.with(
            .guest("g1", .network("both", mac: OnRig.mac(1))), .guest("g2", .network("both", mac: OnRig.mac(2))),
            .guest("g3", .network("both", mac: OnRig.mac(3))), .guest("g4", .network("both", mac: OnRig.mac(4))),
            .guest("off", .pinned("eth5", 1, mac: OnRig.mac(9)))
        ) { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both")
            try guests(rig, "start", "g1", "g2")
            // g2 has one of eth5.
            let refused = try rig.vfpool("resize", "eth5", "4")
            #expect(refused.status == 1 && refused.stderr.contains("VF 0: guest g2"), "\(refused)")
            try guests(rig, "destroy", "g2")
            try done(rig, "resize", "eth5", "4")
            #expect(try list(rig) == "3/0 5/0 3/1 5/2 5/3")
            #expect(try rig.reserved("both") == [rig.vf("eth3", 0), rig.vf("eth5", 1)].sorted())
            try guests(rig, "start", "g2", "off")
            let macs = ["g1": [mac(1)], "g2": [mac(2)], "g3": [mac(3)], "g4": [mac(4)], "off": [mac(9)]]
            #expect(try rig.problems(macs: macs) == [])
            #expect(try rig.vfpool("status").stderr.contains("does not hand out VFs 2-3 of eth5"))
            try guests(rig, "destroy", "g1", "g2", "off")
            try done(rig, "reconcile")
            #expect(try rig.vfpool("status").stderr.isEmpty)
            // Fewer: what is gone is handed out to nobody.
            try guests(rig, "start", "g1")
            try done(rig, "resize", "eth5", "2")
            #expect(try list(rig) == "3/0 5/0 3/1")
            try guests(rig, "start", "g2", "g3")
            #expect(try rig.virsh("start", "g4").status != 0, "three are there")
            #expect(try rig.problems(macs: macs) == [])
            try guests(rig, "destroy", "g2")
            try done(rig, "undo", "--yes")
            #expect(try list(rig) == "3/0 5/0 3/1 5/2 5/3")
            try guests(rig, "start", "g2", "g4")
            #expect(try rig.problems(macs: macs) == [])
        }
    }

    @Test func `resized while no guest runs, it starts anew`() throws {
        try Self.with { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both")
            let grown = try rig.vfpool("resize", "eth3", "3")
            #expect(grown.status == 0 && grown.stdout.contains("pool both restarted"), "\(grown)")
            #expect(try list(rig) == "3/0 5/0 3/1 5/1 3/2")
            try done(rig, "resize", "eth3", "0")
            #expect(try list(rig) == "5/0 5/1")
            let last = try rig.vfpool("resize", "eth5", "0")
            #expect(last.status == 1 && last.stderr.contains("would have no VF left"), "\(last)")
            for _ in 0..<3 { try done(rig, "undo", "--yes") }
            #expect(try rig.state().networks.isEmpty)
        }
    }

    @Test func `one gets another name, and the host reboots`() throws {
        try Self.with(
            .guest("g1", .network("both", mac: OnRig.mac(1)), autostart: true),
            .guest("g2", .network("both", mac: OnRig.mac(2)), autostart: true)
        ) { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both")
            try rig.rename("eth5", to: "ens5f0")
            try rig.reboot()
            let macs = ["g1": [mac(1)], "g2": [mac(2)]]
            #expect(try rig.problems(macs: macs) == [])
            #expect(try rig.vfpool("status").stderr.contains("eth5 of pool both is called ens5f0 now"))
            try done(rig, "reconcile")
            #expect(try rig.document(network: "both").contains("dev=\"ens5f0\""))
            #expect(try list(rig) == "3/0 5/0 3/1 5/1")
            #expect(try rig.vfpool("status").stderr.isEmpty)
            #expect(try rig.vfpool("reconcile").stdout.contains("Nothing to do"))
        }
    }

    @Test func `one without VFs after a boot, and then with them`() throws {
        try Self.with(
            .guest("g1", .network("both", mac: OnRig.mac(1))), .guest("g2", .network("both", mac: OnRig.mac(2))),
            .guest("g3", .network("both", mac: OnRig.mac(3)))
        ) { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both")
            try rig.setVFs("eth5", 0)
            try rig.reboot()
            #expect(try rig.virsh("net-info", "both").stdout.contains("Active:         yes"))
            try done(rig, "reconcile")
            try guests(rig, "start", "g1", "g2")
            let macs = ["g1": [mac(1)], "g2": [mac(2)], "g3": [mac(3)]]
            #expect(try rig.problems(macs: macs) == [])
            #expect(try list(rig) == "3/0 3/1")
            try rig.setVFs("eth5", 2)
            try done(rig, "reconcile")
            #expect(try list(rig) == "3/0 5/0 3/1 5/1")
            try guests(rig, "start", "g3")
            #expect(try rig.problems(macs: macs) == [])
        }
    }

    @Test func `a card that is pulled is named, and the pool goes on with the other`() throws {
        try Self.with(
            .guest("g1", .network("both", mac: OnRig.mac(1)), running: false),
            .guest("g2", .network("both", mac: OnRig.mac(2))), .guest("g3", .network("both", mac: OnRig.mac(3)))
        ) { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both")
            try guests(rig, "start", "g1")
            try rig.removeCard("eth5")
            let status = try rig.vfpool("status")
            #expect(status.stdout.contains("both: pool of eth3 and eth5, which can't be seen here"), "\(status)")
            #expect(status.stderr.contains("eth5 of pool both is not on this host: the pool goes on with eth3"))
            #expect(status.stderr.contains("vfpool reconcile"), "\(status)")
            // libvirt defines no network that lists what is gone.
            try done(rig, "set", "both", "--max-rate", "100")
            let repaired = try rig.vfpool("reconcile")
            #expect(
                repaired.status == 0 && repaired.stderr.contains("eth5 of pool both is not on this host"), "\(repaired)"
            )
            #expect(try list(rig) == "3/0 3/1")
            try guests(rig, "start", "g2")
            #expect(try rig.virsh("start", "g3").status != 0)
            #expect(try rig.problems(macs: ["g1": [mac(1)], "g2": [mac(2)], "g3": [mac(3)]]) == [])
            #expect(try rig.vfpool("doctor", "both").stdout.contains("eth5 of pool both is not on this host"))
            try guests(rig, "destroy", "g1", "g2")
            for guest in ["g1", "g2", "g3"] { #expect(try rig.virsh("undefine", guest).status == 0) }
            try done(rig, "delete", "both")
            #expect(try rig.state().networks.isEmpty)
        }
    }

    // MARK: Boot, other hosts, other tools

    @Test func `each PF's count is set at boot by its own unit`() throws {
        try Self.with(vfs: 0) { rig throws in
            let made = try rig.vfpool("create", "eth3", "eth5", "--name", "both", "--vfs-count", "2", "--persist")
            #expect(made.status == 0, "\(made)")
            let doctor = try rig.vfpool("doctor").stdout
            for pf in ["eth3", "eth5"] {
                #expect(doctor.contains("PASS  vfs-persist") && !doctor.contains("VF count of \(pf) at boot:"))
            }
            #expect(try rig.sh("ls /etc/systemd/system/*.wants | grep -c vfpool-vfs@").stdout.hasPrefix("2"), "\(made)")
            try done(rig, "undo", "--yes")
            #expect(try rig.state().networks.isEmpty)
            #expect(try rig.sh("ls -R /etc/systemd/system | grep -c vfpool").stdout.hasPrefix("0"))
        }
    }

    @Test func `a live migration to a pool over several PFs`() throws {
        try Rig.with(
            .named("here"), .pf("eth3", vfs: 2), .guest("g1", .network("both", mac: OnRig.mac(1)))
        ) { here throws in
            try Rig.with(
                .named("there"), .pf("eth3", vfs: 1, bus: "03", mac: "a0:36:9f:00:00:77"),
                .pf("eth5", vfs: 1, bus: "05")
            ) { there throws in
                try done(here, "create", "eth3", "--name", "both")
                try done(there, "create", "eth3", "eth5", "--name", "both")
                try guests(here, "start", "g1")
                let words = ["check-migration", "g1", "--to", there.uri]
                let well = try here.start([Rig.vfpool] + words).wait().stdout
                for pf in ["eth3", "eth5"] {
                    #expect(
                        well.contains("target-pf             pool both: can't be checked: whether \(pf) is up"),
                        "\(well)")
                }
                #expect(well.contains("has 2 free VFs for 1 interface"))
                try there.removeCard("eth5")
                let less = try here.start([Rig.vfpool] + words).wait().stdout
                #expect(less.contains("WARN  target-pf") && less.contains("eth5 of pool both is not on the target"))
            }
        }
    }

    @Test func `defined anew by another tool, it gets its mark back`() throws {
        try Self.with(.guest("off", .pinned("eth5", 0, mac: OnRig.mac(1)))) { rig throws in
            try done(rig, "create", "eth3", "eth5", "--name", "both")
            let before = try rig.document(network: "both")
            let bare = "virsh net-dumpxml both --inactive | sed '/<metadata>/,/<\\/metadata>/d' > /tmp/both.xml"
            #expect(try rig.sh("\(bare) && virsh net-define /tmp/both.xml; rm /tmp/both.xml").status == 0)
            #expect(try rig.vfpool("status").stderr.contains("vfpool's mark"))
            try done(rig, "reconcile")
            #expect(try rig.document(network: "both") == before)
        }
    }
}
