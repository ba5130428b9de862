import TestSupport
import Testing

/// `--live`: a running guest's interface moves now, or is put back.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct LiveOnRigTests {
    @Test func `a running guest moves to the pool, with the same MAC`() throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let asked = try rig.vfpool("bind", "vm1", "--live")
            #expect(asked.status == 4 && asked.stderr.contains("--yes"), "\(asked)")
            let moved = try rig.vfpool("bind", "vm1", "--live", "--yes")
            #expect(moved.status == 0, "\(moved)")
            #expect(try rig.problems(macs: OnRig.macs) == [])
            let ports = try rig.state().network("vfpool-eth3")?.ports ?? []
            #expect(ports.count { $0.owner == "vm1" } == 1)
            #expect(try rig.vfpool("bind", "vm1", "--live", "--yes").stdout.contains("Nothing to do"))
            let back = try rig.vfpool("undo", "--yes")
            #expect(back.status == 0, "\(back)")
            #expect(try rig.state().guest("vm1")?.live.first?.vf == OnRig.vf(0))
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    @Test(arguments: [Rig.Cue(unplug: .refused), Rig.Cue(attachFails: true)])
    func `when it fails, everything is as before`(_ cue: Rig.Cue) throws {
        try Rig.with(OnRig.usual()) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let guest = try rig.document(guest: "vm1")
            let network = try rig.document(network: "vfpool-eth3")
            let reserved = try rig.reserved("vfpool-eth3")
            try rig.cue("vm1", cue)
            let failed = try rig.vfpool("bind", "vm1", "--live", "--yes", "--wait", "3")
            // A guest that can't be given a device can't be given its old one back either: that is said, by code 3.
            #expect(failed.status == (cue.attachFails ? 3 : 1), "\(failed)")
            try rig.cue("vm1", nil)
            if cue.attachFails {
                #expect(
                    failed.stderr.contains("error[not-restored]") && failed.stderr.contains("vfpool undo"), "\(failed)")
                let mended = try rig.vfpool("undo", "--yes")
                #expect(mended.status == 0, "\(mended)")
            }
            #expect(try rig.document(guest: "vm1") == guest)
            #expect(try rig.document(network: "vfpool-eth3") == network)
            #expect(try rig.reserved("vfpool-eth3") == reserved)
            #expect(try rig.state().guest("vm1")?.live.first?.vf == OnRig.vf(0))
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }
}
