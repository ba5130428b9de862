import TestSupport
import Testing
import Text

/// Names in two spellings that look alike (NFC and NFD): to libvirt they are two, on disk as well.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct AlikeNamesOnRigTests {
    private static let composed = "caf\u{E9}"
    private static let decomposed = "cafe\u{301}"

    private static let guests: [RigPart] = [
        .pf("eth3", vfs: 8), .guest(composed, .pinned("eth3", 1, mac: OnRig.mac(1))),
        .guest(decomposed, .pinned("eth3", 2, mac: OnRig.mac(2))),
    ]

    private func networks(_ rig: Rig, _ guest: String) throws -> [String?]? {
        try rig.state().guest(guest)?.config.map(\.network)
    }

    @Test func `guests are bound, shown, checked and undone one by one`() throws {
        try Rig.with(Self.guests) { rig throws in
            let first = try [Self.composed, Self.decomposed].map { try rig.document(guest: $0) }
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", Self.decomposed).status == 0)
            #expect(try networks(rig, Self.decomposed) == ["vfpool-eth3"])
            #expect(try networks(rig, Self.composed) == [nil])
            let status = try rig.vfpool("status", Self.composed).stdout
            #expect(status.contains(OnRig.mac(1)) && !status.contains(OnRig.mac(2)), "\(status)")
            let checks = try rig.vfpool("doctor", Self.decomposed).stdout
            #expect(!checks.contains(OnRig.vf(1)), "the other one's VF: \(checks)")
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try rig.vfpool("migrate", Self.composed).status == 0)
            #expect(try networks(rig, Self.decomposed) == [nil])
            #expect(try networks(rig, Self.composed) == ["vfpool-eth3"])
            #expect(try rig.vfpool("unbind", Self.composed).status == 0)
            #expect(try [Self.composed, Self.decomposed].map { try rig.document(guest: $0) } == first)
        }
    }

    @Test func `both are bound by one command, and start`() throws {
        try Rig.with(Self.guests) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let bound = try rig.vfpool("bind", Self.composed, Self.decomposed)
            #expect(bound.status == 0 && bound.stdout.split(byte: "\n").count { $0.hasPrefix(bytes: "Bound ") } == 2)
            for name in [Self.composed, Self.decomposed] {
                #expect(try networks(rig, name) == ["vfpool-eth3"], "\(Array(name.utf8))")
                #expect(try rig.virsh("start", name).status == 0)
            }
            #expect(try rig.problems() == [])
            let sweep = try rig.vfpool("migrate", "--all", "--except", Self.composed)
            #expect(sweep.status == 0 && sweep.stdout.contains("Nothing to do"), "\(sweep)")
        }
    }

    @Test func `pools hand out the VFs of their own ports`() throws {
        try Rig.with(
            .pf("eth3", vfs: 2), .pf("eth4", vfs: 2), .guest("vm1", .bridge("br0", mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "--name", Self.composed).status == 0)
            let second = try rig.vfpool("create", "eth4", "--name", Self.decomposed)
            #expect(second.status == 0, "\(second)")
            #expect(try rig.vfpool("bind", "vm1", "--pool", Self.decomposed).status == 0)
            #expect(try rig.virsh("start", "vm1").status == 0)
            let nic = try #require(rig.state().guest("vm1")?.live.first)
            #expect(try nic.vf == rig.vf("eth4", 0))
            let list = try rig.vfpool("list").stdout.split(byte: "\n")
            #expect(list.count { $0.contains(bytes: Self.decomposed) && $0.contains(bytes: "eth4") } == 1, "\(list)")
            #expect(list.count { $0.contains(bytes: Self.composed) && $0.contains(bytes: "eth3") } == 1, "\(list)")
            #expect(try rig.vfpool("delete", Self.decomposed).stderr.contains("error[pool-in-use]"))
            #expect(try rig.vfpool("delete", Self.composed).status == 0)
            #expect(try rig.state().networks.map(\.name) == [Self.decomposed])
        }
    }

    @Test func `a rule for udev behind a comment of other line ends is a master`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let rule = #"ACTION=="add", KERNEL=="eth3", ATTR{device/sriov_numvfs}="4""#
            let written = try rig.run(
                "sh", "-c", "mkdir -p /etc/udev/rules.d && cat > /etc/udev/rules.d/70-vfs.rules",
                input: "# VFs of eth3\r\n\(rule)\r\n")
            #expect(written.status == 0, "\(written)")
            let other = try rig.vfpool("boot", "eth3", "--vfs-count", "6")
            #expect(other.status == 1 && other.stderr.contains("error[vfs-set-elsewhere]"), "\(other)")
            #expect(try rig.vfpool("boot", "eth3").stderr.contains("70-vfs.rules"))
        }
    }
}
