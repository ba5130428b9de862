import TestSupport
import Testing

/// What a host does with the netdevs of VFs, and what they are called.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct NetdevUseFieldTests {
    /// Loads an XDP program that lets everything pass, and has a netdev run it.
    private static let attachXDP = """
        import ctypes, platform, socket, struct, sys
        libc = ctypes.CDLL(None, use_errno=True)
        code = ctypes.create_string_buffer(struct.pack("<BBhiBBhi", 0xb7, 0, 0, 2, 0x95, 0, 0, 0))
        licence = ctypes.create_string_buffer(b"GPL")
        load = struct.pack("<IIQQ", 6, 2, ctypes.addressof(code), ctypes.addressof(licence))
        call = {"x86_64": 321, "aarch64": 280}[platform.machine()]
        program = libc.syscall(call, 5, ctypes.create_string_buffer(load, 120), 120)
        if program < 0: sys.exit("no BPF here: " + str(ctypes.get_errno()))
        def attribute(kind, data): return struct.pack("<HH", len(data) + 4, kind) + data
        xdp = attribute(1, struct.pack("<i", program)) + attribute(3, struct.pack("<I", 2))
        index = socket.if_nametoindex(sys.argv[1])
        body = struct.pack("<BxHiII", 0, 0, index, 0, 0) + attribute(43 | 0x8000, xdp)
        kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        kernel.send(struct.pack("<IHHII", len(body) + 16, 19, 5, 1, 0) + body)
        sys.exit(-struct.unpack_from("<i", kernel.recv(4096), 16)[0])
        """

    @Test func `a VF whose netdev runs an XDP program is the host's`() throws {
        try Rig.with(.pf("eth3", vfs: 3)) { rig throws in
            let attached = try rig.run("python3", "-c", Self.attachXDP, "eth3v1")
            try #require(attached.status == 0, "\(attached)")
            let created = try rig.vfpool("create", "eth3")
            #expect(
                created.status == 0
                    && created.stderr.contains("VF 1 (\(OnRig.vf(1))) stays with the host (XDP program "))
            #expect(created.stderr.contains("--no-host-driver"), "\(created)")
            #expect(try rig.vfpool("status", "eth3v1").stdout.contains("XDP program"))
            #expect(
                try rig.virsh("net-dumpxml", "--inactive", "vfpool-eth3").stdout.split(separator: "<address ").count
                    == 3)
            // Without it, the VF is free.
            #expect(try rig.sh("ip link set dev eth3v1 xdpgeneric off").status == 0)
            #expect(try rig.vfpool("reconcile").status == 0)
            #expect(!(try rig.vfpool("status").stdout.contains("XDP")))
        }
    }

    @Test func `an altname of a VF's netdev is a name of the VF`() throws {
        try Rig.with(
            .pf("eth3", vfs: 3), .guest("tap", .macvtap("lan7", mac: OnRig.mac(1), mode: "passthrough")),
            .guest("g1", .bridge("br0", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.sh("ip link property add dev eth3v1 altname lan7").status == 0)
            #expect(try rig.vfpool("status", "lan7").stdout.contains(OnRig.vf(1)))
            #expect(try rig.vfpool("create", "lan7").stderr.contains("virtual function, of eth3"))
            let created = try rig.vfpool("create", "eth3")
            #expect(created.stderr.contains("VF 1 (\(OnRig.vf(1))) stays with guest tap"), "\(created)")
            let bound = try rig.vfpool("bind", "tap", "--interface", "lan7", "--dry-run")
            #expect(bound.status == 0 && bound.stdout.contains("lan7"), "\(bound)")
            let migrated = try rig.vfpool("migrate", "tap", "--include-macvtap", "--dry-run")
            #expect(migrated.status == 0 && migrated.stdout.contains("vfpool-eth3"), "\(migrated)")
        }
    }

    @Test func `a bridge is said to be one, with the PF below it`() throws {
        try Rig.with(.pf("eth3", vfs: 3), .pf("eth4", vfs: 2)) { rig throws in
            #expect(try rig.sh("ip link add br0 type bridge && ip link set eth4 master br0").status == 0)
            let refused = try rig.vfpool("create", "br0")
            #expect(refused.status == 1 && refused.stderr.contains("br0 is a bridge, not a PF"), "\(refused)")
            #expect(!refused.stderr.contains("firmware"), "\(refused)")
            #expect(try rig.vfpool("resize", "br0", "4").stderr.contains("name the PF below it: eth4"))
            #expect(try rig.paste(from: refused, "create") == ["vfpool create eth4"])
            #expect(try rig.sh("ip link add br2 type bridge").status == 0)
            let alone = try rig.vfpool("create", "br2")
            #expect(alone.stderr.contains("br2 is a bridge, not a PF") && alone.stderr.contains("no PF is below it"))
        }
    }
}
