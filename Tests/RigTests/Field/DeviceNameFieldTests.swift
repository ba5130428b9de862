import TestSupport
import Testing

/// PFs and VFs by all the names that people have for them.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct DeviceNameFieldTests {
    /// The kernel allows all but blanks, slashes and colons; libvirt's grammar letters, digits and a few signs.
    @Test func `a PF whose name libvirt's grammar does not know has a pool all the same`() throws {
        try Rig.with(
            .pf("eth+3", vfs: 3), .pf("lan@4", vfs: 2), .guest("g1", .pinned("eth+3", 0, mac: OnRig.mac(1))),
            .guest("g2", .pinned("lan@4", 0, mac: OnRig.mac(2))), .pool("lan@4", named: "byhand")
        ) { rig throws in
            let created = try rig.vfpool("create", "eth+3")
            #expect(created.status == 0, "\(created)")
            #expect(try rig.vfpool("bind", "g1").status == 0)
            let document = try rig.virsh("net-dumpxml", "--inactive", "vfpool-eth+3").stdout
            #expect(document.split(separator: "<address ").count == 4 && !document.contains("<pf "), "\(document)")
            #expect(try rig.virsh("start", "g1").status == 0)
            #expect(try rig.vfpool("reconcile").stdout == "Nothing to do\n")
            let adopted = try rig.vfpool("create", "lan@4", "--adopt")
            #expect(adopted.status == 0, "\(adopted)")
            let swept = try rig.vfpool("migrate", "--all", "--yes")
            #expect(swept.status == 0 && swept.stdout.contains("byhand"), "\(swept)")
            #expect(try rig.vfpool("reconcile").stdout == "Nothing to do\n")
            #expect(try rig.problems(macs: ["g1": [OnRig.mac(1)], "g2": [OnRig.mac(2)]]) == [])
        }
    }

    ///
    @Test func `a PF and a VF are known by every name that people have for them`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, hardware: RigHardware { $0.altnames = ["lan0", "enp3s0f0np0longer"] }),
            .pf("eth4", vfs: 2), .guest("g1", .hostdev("eth3", 0))
        ) { rig throws in
            let names = [
                "eth3", "03:00.0", "0000:03:00.0", "pci_0000_03_00_0", "A0:36:9F:03:00:00", "a0-36-9f-03-00-00",
                "a036.9f03.0000", "lan0", "enp3s0f0np0longer",
            ]
            for name in names {
                #expect(try rig.vfpool("create", name, "--dry-run", "-q").stdout == "vfpool-eth3\n", "\(name)")
                #expect(try rig.vfpool("status", name).stdout.hasPrefix("eth3: "), "\(name)")
            }
            for name in ["03:10.0", "pci_0000_03_10_0", "eth3v0"] {
                #expect(try rig.vfpool("status", name).stdout.contains("0000:03:10.0"), "\(name)")
            }
            for mac in ["52:54:00:00:00:01", "52-54-00-00-00-01", "5254.0000.0001"] {
                let words = ["migrate", "g1", "--create-pools", "--dry-run"]
                for vf in ["03:10.0", "0000:03:10.0", "pci_0000_03_10_0"] {
                    let result = try rig.start([Rig.vfpool] + words + ["--mac", "g1:\(vf)=\(mac)"]).wait()
                    #expect(
                        result.status == 0 && result.stdout.contains("52:54:00:00:00:01"), "\(vf) \(mac): \(result)")
                }
            }
            for name in ["a0-36-9f-03-00", "pci_0000_03_00", "lan", "eth3 "] {
                #expect(try rig.vfpool("create", name, "--dry-run").status == 1, "\(name)")
            }
        }
    }

    @Test func `every command knows them, and says of a VF whose it is`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2, hardware: RigHardware { $0.altnames = ["lan0"] }), .pf("eth4", vfs: 2),
            .pool("eth3", named: "pool"), .guest("g1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("g2", .pinned("eth3", 1, mac: OnRig.mac(2)), .bridge("br0", mac: OnRig.mac(3)))
        ) { rig throws in
            let names = ["lan0", "pci_0000_03_00_0", "a0-36-9f-03-00-00", "net_eth3_a0_36_9f_03_00_00", "03:00.0"]
            for name in names {
                let commands = [
                    ["create", name, "--adopt", "--name", "pool"], ["resize", name, "2"],
                    ["boot", name, "--vfs-count", "2"], ["migrate", "--pf", name, "--create-pools"],
                ]
                for words in commands {
                    let result = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                    #expect(result.status == 0, "\(words): \(result)")
                }
                #expect(try rig.vfpool("doctor", name).stdout.contains("eth3 can have"), "\(name)")
                let bound = try rig.vfpool("unbind", "g1", "--interface", "0", "--to-vf", "\(name):0", "--dry-run")
                #expect(!bound.stderr.contains("no virtual function"), "\(bound)")
            }
            for name in ["03:10.2", "pci_0000_03_10_2", "eth3v1", "52-54-00-00-00-02", "lan0:1"] {
                let bound = try rig.vfpool("bind", "g2", "--pool", "pool", "--interface", name, "--dry-run")
                #expect(bound.status == 0 && bound.stdout.contains("interface 0: VF 0000:03:10.2"), "\(bound)")
            }
            for name in ["eth3v1", "pci_0000_03_10_2", "03:10.2"] {
                for words in [["create", name], ["resize", name, "4"], ["boot", name], ["migrate", "--pf", name]] {
                    let refused = try rig.start([Rig.vfpool] + words + ["--dry-run"]).wait()
                    #expect(refused.stderr.contains("error[is-virtual-function]"), "\(words): \(refused)")
                    #expect(refused.stderr.contains("eth3"), "\(words): \(refused)")
                }
            }
        }
    }

    /// The name that a network made by hand has is one that the PF had before.
    @Test func `a PF that was renamed under a network made by hand leads to its being mended`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pool("eth3", named: "hand", autostart: true),
            .guest("g1", .network("hand", mac: OnRig.mac(1))), .guest("g2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            try rig.rename("eth3", to: "ens3f0")
            #expect(try rig.sh("ip link property add dev ens3f0 altname eth3").status == 0)
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("ens3f0 now"), "\(status)")
            #expect(status.stderr.contains("`vfpool create ens3f0 --name hand --adopt`"), "\(status)")
            #expect(!status.stderr.contains("no pool"), "\(status)")
            let refused = try rig.vfpool("create", "eth3")
            #expect(refused.status == 1 && refused.stderr.contains("hand"), "\(refused)")
            #expect(try rig.vfpool("create", "eth3", "--name", "hand", "--adopt").status == 0)
            #expect(try rig.vfpool("bind", "g2", "--pool", "hand").status == 0)
            try rig.reboot()
            #expect(try rig.document(network: "hand").contains("<pf dev='ens3f0'/>"))
            #expect(try rig.virsh("start", "g1").status == 0)
            #expect(try rig.virsh("start", "g2").status == 0)
            #expect(try rig.problems(macs: ["g1": [OnRig.mac(1)], "g2": [OnRig.mac(2)]]) == [])
        }
    }

    /// Without an altname, a network that runs still tells whose VFs it hands out.
    @Test func `a renamed PF's network is known by what it hands out`() throws {
        try Rig.with(.pf("eth3", vfs: 2), .pool("eth3", named: "hand")) { rig throws in
            try rig.rename("eth3", to: "ens3f0")
            #expect(try rig.vfpool("status").stderr.contains("`vfpool create ens3f0 --name hand --adopt`"))
            #expect(try rig.vfpool("create", "ens3f0", "--name", "hand", "--adopt").status == 0)
            #expect(try rig.document(network: "hand").contains("<pf dev='ens3f0'/>"))
        }
    }
}
