import TestSupport
import Testing

/// What `vfpool status` and `list` say of a real libvirtd.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct StatusOnRigTests {
    @Test func `a VF that the running pool lacks is not free`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .guest("vm1", .pinned("eth3", 0, mac: OnRig.mac(1))),
            .guest("vm2", .pinned("eth3", 1, mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let full = try rig.vfpool("list")
            #expect(full.stderr.contains("has no free VF"), "\(full)")
            try rig.reboot()
            // With virsh alone, so that no upkeep restarts the pool.
            for name in ["vm1", "vm2"] { #expect(try rig.virsh("undefine", name).status == 0) }
            let status = try rig.vfpool("status")
            #expect(status.stdout.contains(" later "), "\(status)")
            #expect(!status.stdout.contains(" free "), "\(status)")
            #expect(status.stderr.contains("is stale") && !status.stderr.contains("came later"), "\(status)")
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try rig.vfpool("status").stdout.contains(" free "))
        }
    }

    /// Networks have them since libvirt 9.7.
    @Test func `titles and descriptions are shown, and stay`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.virsh("desc", "vm1", "--config", "--title", "--new-desc", "A title").status == 0)
            #expect(try rig.virsh("desc", "vm1", "--config", "--new-desc", "Two\nlines").status == 0)
            let named = try rig.virsh("net-desc", "vfpool-eth3", "--config", "--live", "--title", "A pool").status == 0
            let before = try rig.document(guest: "vm1")
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            let status = try rig.vfpool("status", "vm1")
            #expect(status.stdout.contains("\ntitle: A title\ndescription: Two lines\n"), "\(status)")
            let json = try rig.vfpool("status", "vm1", "--format", "json").stdout
            #expect(
                json.contains("\"title\" : \"A title\"") && json.contains("\"description\" : \"Two\\nlines\""),
                "\(json)")
            let pool = try rig.vfpool("status", "vfpool-eth3")
            #expect(pool.stdout.contains("\ntitle: A pool\n") == named, "\(pool)")
            #expect(try rig.vfpool("unbind", "vm1").status == 0)
            #expect(try rig.document(guest: "vm1") == before)
        }
    }

    @Test func `a pool that was stopped under a guest`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            #expect(try rig.virsh("net-destroy", "vfpool-eth3").status == 0)
            #expect(try rig.vfpool("status").stderr.contains("guest vm3 lost its network port"))
            #expect(try rig.virsh("net-start", "vfpool-eth3").status == 0)
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains("guest vm3 lost its network port"), "\(status)")
            #expect(!status.stderr.contains("guest vm3 has to be shut down"), "\(status)")
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(try !rig.vfpool("status").stderr.contains("lost its network port"))
        }
    }

    @Test func `one document goes through a pipe`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let xml = try rig.vfpool("bind", "vm2", "--print-xml")
            #expect(xml.status == 0 && xml.stderr.contains("network vfpool-eth3"), "\(xml)")
            let defined = try rig.run("virsh", "-q", "define", "/dev/stdin", input: xml.stdout)
            #expect(defined.status == 0, "\(defined)")
            #expect(try rig.state().guest("vm2")?.config.map(\.network) == ["vfpool-eth3"])
        }
    }

    @Test func `nothing is written into libvirt's socket`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let result = try rig.run("bash", "-c", "\(Rig.vfpool) bind vm3 >&-; echo $?")
            #expect(result.stdout == "1\n" && result.stderr.contains("error[output]"), "\(result)")
            #expect(!result.stderr.contains("connection-lost"), "\(result)")
        }
    }

    @Test func `a narrow terminal gets narrow tables`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            for columns in [80, 40] {
                let status = try rig.terminal(Rig.vfpool, "status", "--color", "never", columns: columns).wait()
                let rows = status.stdout.split(whereSeparator: \.isNewline).filter {
                    $0.contains("52:54:00") || $0.hasPrefix("VF")
                }
                #expect(!rows.isEmpty && rows.allSatisfy { $0.count <= columns }, "\(status)")
            }
            #expect(try rig.vfpool("status").stdout.contains("NUMA"))
        }
    }

    @Test func `a pool that ends with its run is named`() throws {
        try Rig.with(OnRig.usual(vfs: 4)) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.virsh("net-undefine", "vfpool-eth3").status == 0)
            #expect(try rig.vfpool("list").stderr.contains("is transient"))
            #expect(try rig.vfpool("status", "eth3").stderr.contains("is transient"), "the pool's port is told, too")
        }
    }
}
