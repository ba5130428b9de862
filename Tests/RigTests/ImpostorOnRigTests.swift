import TestSupport
import Testing
import Text

/// A guest that is called by another's UUID: a UUID means the one that has it, to vfpool as to virsh.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct ImpostorOnRigTests {
    /// `real` has VF 1, with MAC 1; the other one has VF 2, with MAC 2, and `real`'s UUID for a name.
    private func with(_ body: (Rig, _ uuid: String, _ own: String) throws -> Void) throws {
        try Rig.with(
            .pf("eth3", vfs: 8), .guest("real", .pinned("eth3", 1, mac: OnRig.mac(1))),
            .guest("other", .pinned("eth3", 2, mac: OnRig.mac(2)))
        ) { rig throws in
            let uuid = try #require(rig.state().guest("real")?.uuid)
            let own = try #require(rig.state().guest("other")?.uuid)
            try #require(rig.virsh("domrename", "other", uuid).status == 0)
            #expect(try rig.virsh("domname", uuid).stdout.hasPrefix("real"), "virsh")
            try #require(rig.vfpool("create", "eth3").status == 0)
            try body(rig, uuid, own)
        }
    }

    /// Whether each guest is on the pool, the one that has the name of a UUID last.
    private func bound(_ rig: Rig, _ uuid: String) throws -> [Bool] {
        try ["real", uuid].map { name in
            try rig.state().guest(name)?.config.allSatisfy { $0.network == "vfpool-eth3" } ?? false
        }
    }

    @Test func `every command means the guest that has the UUID`() throws {
        try with { rig, uuid, own throws in
            let before = try [uuid, own].map { try rig.document(guest: $0) }
            let status = try rig.vfpool("status", uuid).stdout
            #expect(status.contains(OnRig.mac(1)) && !status.contains(OnRig.mac(2)), "\(status)")
            let checks = try rig.vfpool("doctor", uuid).stdout
            #expect(checks.contains(OnRig.vf(1)) && !checks.contains(OnRig.vf(2)), "\(checks)")
            for command in ["bind", "migrate"] {
                #expect(try rig.vfpool(command, uuid).status == 0)
                #expect(try bound(rig, uuid) == [true, false], "\(command)")
                #expect(try rig.vfpool("undo").status == 0)
                #expect(try bound(rig, uuid) == [false, false], "\(command)")
            }
            #expect(try rig.vfpool("bind", uuid).status == 0)
            #expect(try rig.vfpool("unbind", uuid).status == 0)
            #expect(try [uuid, own].map { try rig.document(guest: $0) } == before)
        }
    }

    @Test func `what is done to the one is undone of the one`() throws {
        try with { rig, uuid, own throws in
            let before = try [uuid, own].map { try rig.document(guest: $0) }
            #expect(try rig.vfpool("bind", "real").status == 0)
            let undone = try rig.vfpool("undo")
            #expect(undone.status == 0, "\(undone)")
            #expect(try rig.vfpool("bind", own).status == 0)
            #expect(try bound(rig, uuid) == [false, true])
            #expect(try rig.vfpool("undo").status == 0)
            #expect(try [uuid, own].map { try rig.document(guest: $0) } == before)
        }
    }

    @Test func `a running one is moved, and nobody else`() throws {
        try with { rig, uuid, own throws in
            for guest in [uuid, own] { #expect(try rig.virsh("start", guest).status == 0) }
            let moved = try rig.vfpool("bind", uuid, "--live", "--yes")
            #expect(moved.status == 0, "\(moved)")
            #expect(try bound(rig, uuid) == [true, false])
            #expect(try rig.state().guest(uuid)?.live.first?.vf == OnRig.vf(2))
            #expect(try rig.vfpool("undo", "--yes").status == 0)
            #expect(try rig.state().guest("real")?.live.first?.vf == OnRig.vf(1))
            #expect(try rig.problems() == [])
        }
    }

    /// A command that is copied from a hint is about the guest that the hint is about.
    @Test func `hints name it by the UUID that it has`() throws {
        try with { rig, uuid, own throws in
            let checks = try rig.vfpool("doctor", own).stdout
            #expect(checks.contains("vfpool migrate \(own)"), "\(checks)")
            #expect(!checks.contains("migrate \(uuid)"))
        }
    }
}
