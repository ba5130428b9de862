import TestSupport
import Testing

/// What makes libvirt forget which VFs of a running pool are taken, and what vfpool says of it.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct ReloadOnRigTests {
    enum Cause: String, CaseIterable, Sendable {
        case reload, update

        func happen(_ rig: Rig) throws {
            switch self {
            case .reload:
                // The daemon that runs networks, whichever it is.
                #expect(try rig.sh("kill -HUP $(cat /run/libvirt/network/driver.pid)").status == 0)
            case .update:
                let group = "<portgroup name='new'/>"
                #expect(try rig.virsh("net-update", "vfpool-eth3", "add", "portgroup", group, "--live").status == 0)
            }
            let hasForgotten = try eventually { try Self.connections(rig) == nil }
            #expect(hasForgotten, "\(self)")
        }

        static func connections(_ rig: Rig) throws -> Substring? {
            let document = try rig.virsh("net-dumpxml", "vfpool-eth3").stdout
            return document.split(separator: "connections='").dropFirst().first?.prefix { $0.isNumber }
        }
    }

    @Test(arguments: Cause.allCases) func `what is forgotten is told, and counted after a restart`(
        _ cause: Cause
    ) throws {
        try Rig.with(OnRig.usual(vfs: 4) + [.guest("vm4", .bridge("br0", mac: OnRig.mac(4)))]) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm3").status == 0)
            #expect(try rig.virsh("start", "vm3").status == 0)
            // One pin runs, one is shut off: two reservations and a guest's port.
            #expect(try Cause.connections(rig) == "3")
            #expect(try rig.vfpool("doctor").stdout.contains("PASS  vfs-counted"))
            #expect(try rig.vfpool("reconcile").status == 0)
            try cause.happen(rig)

            let words = "libvirt has forgotten the 3 VFs taken from pool vfpool-eth3"
            let restart = "`systemctl restart \(Rig.isModular ? "virtnetworkd" : "libvirtd")`"
            let status = try rig.vfpool("status")
            #expect(status.stderr.contains(words) && status.stderr.contains(restart), "\(status)")
            let doctor = try rig.vfpool("doctor", "--problems")
            #expect(doctor.status == 2 && doctor.stdout.contains("FAIL  vfs-counted     \(words)"), "\(doctor)")
            #expect(doctor.stdout.contains(restart), "\(doctor)")
            for command in [["reconcile"], ["reconcile", "--dry-run", "--exit-code"], ["reconcile", "--quiet"]] {
                let failed = try rig.start([Rig.vfpool] + command).wait()
                #expect(failed.status == 1 && failed.stderr.contains("error[vfs-forgotten]: \(words)"), "\(failed)")
                #expect(failed.stderr.contains(restart), "\(failed)")
            }
            #expect(try rig.vfpool("reconcile", "--format", "json").stderr.contains("\"code\":\"vfs-forgotten\""))

            // It is true: the next guest is given what another has.
            #expect(try rig.vfpool("bind", "vm4").status == 0)
            let refused = try rig.virsh("start", "vm4")
            #expect(refused.status != 0 && refused.stderr.contains("in use"), "\(refused)")

            try rig.daemon(.restart)
            #expect(try Cause.connections(rig) == "3")
            let mended = try rig.vfpool("reconcile")
            #expect(mended.status == 0 && mended.stderr.isEmpty, "\(mended)")
            #expect(try rig.vfpool("doctor").stdout.contains("PASS  vfs-counted"))
            #expect(try rig.virsh("start", "vm4").status == 0)
            #expect(try rig.problems(macs: OnRig.macs) == [])
        }
    }

    /// Guests start and stop between the answers of which the picture is made.
    @Test func `a guest that starts meanwhile is not one that was forgotten`() throws {
        let guests = (1...4).map { RigPart.guest("vm\($0)", .network("vfpool-eth3", mac: OnRig.mac($0))) }
        try Rig.with([.pf("eth3", vfs: 8)] + guests) { rig throws in
            #expect(try rig.vfpool("create", "eth3").status == 0)
            let churn = try rig.start([
                "sh", "-c",
                "for n in 1 2 3; do for g in 1 2 3 4; do virsh -q start vm$g; done; for g in 1 2 3 4; do virsh -q destroy vm$g; done; done",
            ])
            var looks = 0
            repeat {
                let status = try rig.vfpool("status", "--format", "json")
                #expect(!status.stdout.contains("vfs-forgotten"), "\(status)")
                looks += 1
            } while !churn.hasEnded
            #expect(try churn.wait().status == 0 && looks > 1)
        }
    }
}
