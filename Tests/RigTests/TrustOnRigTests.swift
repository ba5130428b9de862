import TestSupport
import Testing

/// What root is made to run: nothing that others can change, and nothing that is not there.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct TrustOnRigTests {
    private static let folder = "/usr/lib/vfpool-tried"
    private static let program = folder + "/vfpool"
    private static let hook = "/etc/libvirt/hooks/network.d/vfpool"

    /// A vfpool of the host's own, where the test may do as it likes.
    private func withProgram(_ body: (Rig) throws -> Void) throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            let made = try rig.sh("install -D -m 755 \(Rig.vfpool) \(Self.program)")
            #expect(made.status == 0, "\(made)")
            try body(rig)
        }
    }

    private func run(_ rig: Rig, _ words: String...) throws -> CommandResult {
        try rig.start([Self.program] + words).wait()
    }

    @Test(arguments: [
        ("chmod 777 \(folder)", "chmod o-w \(folder)"), ("chmod 757 \(program)", "chmod o-w \(program)"),
        ("chgrp 50 \(folder) && chmod 775 \(folder)", "chmod g-w \(folder)"),
        ("chown 1000 \(program)", "chown root: \(program)"),
    ])
    func `a vfpool that others can change is put into no hook and no unit`(spoil: String, mend: String) throws {
        try withProgram { rig throws in
            #expect(try rig.sh(spoil).status == 0)
            for words in [
                ["hook", "install"], ["boot", "eth3"], ["create", "eth3", "--persist"],
                ["resize", "eth3", "6", "--persist"],
            ] {
                let refused = try rig.start([Self.program] + words).wait()
                #expect(refused.status == 1 && refused.stderr.contains("error[untrusted-path]"), "\(refused)")
                #expect(refused.stderr.contains("`\(mend)`"), "\(refused)")
            }
            #expect(try rig.sh("find /etc/libvirt/hooks /etc/systemd/system -name '*vfpool*'").stdout.isEmpty)
            #expect(try rig.sh(mend).status == 0)
            for words in [["hook", "install"], ["boot", "eth3"]] {
                #expect(try rig.start([Self.program] + words).wait().status == 0)
            }
            #expect(try run(rig, "doctor").stdout.contains("PASS  trust"))
            // What is spoilt later, doctor says.
            #expect(try rig.sh(spoil).status == 0)
            let doctor = try run(rig, "doctor")
            #expect(doctor.status == 2 && doctor.stdout.contains("FAIL  trust"), "\(doctor)")
            #expect(doctor.stdout.contains("`\(mend)`"), "\(doctor)")
        }
    }

    @Test func `nothing is put into folders that others can write`() throws {
        try withProgram { rig throws in
            for path in ["/etc/libvirt/hooks/network.d", "/etc/libvirt/hooks", "/etc/systemd/system"] {
                #expect(try rig.sh("mkdir -p \(path) && chmod 777 \(path)").status == 0)
                let words = path.contains("hooks") ? ["hook", "install"] : ["boot", "eth3"]
                let refused = try rig.start([Self.program] + words).wait()
                #expect(refused.status == 1 && refused.stderr.contains("error[untrusted-path]"), "\(refused)")
                let doctor = try run(rig, "doctor").stdout
                #expect(doctor.contains("FAIL  trust") && doctor.contains("`chmod o-w \(path)`"), "\(doctor)")
                #expect(try rig.sh("chmod o-w,g-w \(path)").status == 0)
            }
            #expect(try run(rig, "doctor").stdout.contains("PASS  trust"))
        }
    }

    @Test(arguments: [
        (["hook", "install"], hook), (["boot", "eth3"], "/etc/systemd/system/vfpool-reconcile.service"),
    ])
    func `a vfpool that was replaced while it ran is named as it is`(words: [String], file: String) throws {
        try withProgram { rig throws in
            for isReplaced in [false, true] {
                let holder = try rig.start(["flock", "--no-fork", "/run/vfpool.lock", "sleep", "3600"])
                #expect(try eventually { try rig.sh("flock -n /run/vfpool.lock true").status != 0 })
                let waiting = try rig.start([Self.program] + words + ["--lock-wait", "3600"])
                #expect(eventually { waiting.stderr.contains("waiting") })
                #expect(try rig.sh("rm \(Self.program)").status == 0)
                if isReplaced {
                    #expect(try rig.sh("install -m 755 \(Rig.vfpool) \(Self.program)").status == 0)
                }
                holder.signal(15)
                _ = try holder.wait()
                let result = try waiting.wait()
                if isReplaced {
                    let text = try rig.sh("cat \(file)").stdout
                    #expect(result.status == 0 && text.contains(Self.program), "\(result)")
                    #expect(!text.contains("(deleted)"), "\(text)")
                } else {
                    #expect(result.status == 1 && result.stderr.contains("error[program-gone]"), "\(result)")
                    #expect(try rig.sh("test -e \(file)").status != 0)
                    #expect(try rig.sh("install -m 755 \(Rig.vfpool) \(Self.program)").status == 0)
                }
            }
        }
    }
}
