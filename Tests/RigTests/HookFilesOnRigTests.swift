import Glibc
import TestSupport
import Testing

/// What a vfpool that is killed leaves in folders that libvirt runs file by file.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct HookFilesOnRigTests {
    private static let strace = "/usr/bin/strace"

    private static let folder = "/etc/libvirt/hooks"

    /// Calls that change nothing: before them all is as before the next one that does.
    private static let idle: Set<Substring> = [
        "access", "close", "faccessat2", "fcntl", "fstat", "getdents64", "lseek", "lstat", "newfstatat", "read", "stat",
    ]

    /// How often each system call is made below the hooks' folder, and the paths that they are about.
    private func calls(_ rig: Rig) throws -> (counts: [Substring: Int], paths: [String]) {
        let traced = try rig.sh("strace -f -y -qq -o /run/trace \(Rig.vfpool) hook install; cat /run/trace")
        let lines = traced.stdout.split(separator: "\n").filter { $0.contains(Self.folder) && !$0.contains("write(1<") }
        let names = lines.compactMap { $0.firstMatch(of: /^\d+ +([a-z_0-9]+)\(/)?.output.1 }
            .filter { !Self.idle.contains($0) }
        let paths = lines.flatMap { $0.matches(of: /\/etc\/libvirt\/hooks[^ ",>]*/).map { String($0.output) } }
        return (Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +), Set(paths).sorted())
    }

    /// strace counts each kind of call for itself.
    @Test(.enabled(if: access(strace, X_OK) == 0, "no strace"))
    func `killed at any call, it leaves nothing that libvirt would run`() throws {
        try Rig.with(.pf("eth3", vfs: 4)) { rig throws in
            #expect(try rig.vfpool("hook", "install").status == 0)
            let whole = try rig.sh("md5sum \(Self.folder)/*.d/vfpool").stdout
            #expect(try rig.vfpool("hook", "remove").status == 0)
            let bare = try rig.sh("find \(Self.folder) | sort").stdout
            let (counts, paths) = try calls(rig)
            #expect(try rig.vfpool("hook", "remove").status == 0)
            let moves = counts.filter { $0.key.hasPrefix("rename") }
            #expect(moves.values.reduce(0, +) == 2 && paths.contains("\(Self.folder)/qemu.d/vfpool"), "\(counts)")
            let options = ["-f", "-qq", "-o", "/dev/null"] + paths.flatMap { ["-P", $0] }
            var (kills, strangers) = (0, [String]())
            for (name, count) in counts {
                for number in 1...count {
                    let inject = ["-e", "inject=\(name):signal=KILL:when=\(number)"]
                    let killed = try rig.start(["strace"] + options + inject + [Rig.vfpool, "hook", "install"]).wait()
                    kills += killed.status == 137 ? 1 : 0
                    let run = try rig.sh("find \(Self.folder) -type f -perm /111 -exec md5sum {} +").stdout
                    strangers += run.split(separator: "\n").filter {
                        !whole.contains($0 + "\n") && !$0.contains("/.vfpool-new/")
                    }
                    .map { "\(name) \(number): \($0)" }
                    // The next one that has something to write there leaves no trace of it.
                    #expect(try rig.vfpool("hook", "install").status == 0)
                    #expect(try rig.sh("md5sum \(Self.folder)/*.d/vfpool").stdout == whole)
                    #expect(try rig.vfpool("hook", "remove").status == 0)
                    #expect(try rig.sh("find \(Self.folder) | sort").stdout == bare, "\(name) \(number)")
                }
            }
            #expect(strangers == [])
            // Which thread makes a call is not the same every time.
            #expect(kills > counts.values.reduce(0, +) / 2, "\(kills) of \(counts)")
        }
    }

    /// Why a name that begins with a dot is no place to make a hook ready, and a folder is.
    @Test func `libvirt runs every file of a hook's folder, and looks into no folder there`() throws {
        try Rig.with(.pf("eth3", vfs: 4), .guest("vm1", .bridge("br0", mac: OnRig.mac(1)))) { rig throws in
            let folder = "/etc/libvirt/hooks/network.d"
            for name in [".hidden", "vfpool.vfpool-new", ".vfpool-new/vfpool"] {
                try rig.write("\(folder)/\(name)", "#!/bin/sh\necho '\(name)' >> /run/ran\n", mode: "755")
            }
            #expect(try rig.vfpool("create", "eth3").status == 0)
            #expect(try rig.vfpool("bind", "vm1").status == 0)
            try rig.daemon(.restart)
            #expect(try rig.virsh("start", "vm1").status == 0)
            #expect(
                try rig.sh("sort -u /run/ran").stdout.split(separator: "\n") == [".hidden", "vfpool.vfpool-new"])
            let doctor = try rig.vfpool("doctor")
            #expect(doctor.stdout.contains("FAIL  leftovers"), "\(doctor)")
            #expect(doctor.stdout.contains("libvirt runs \(folder)/vfpool.vfpool-new"), "\(doctor)")
            #expect(doctor.stdout.contains("3 hooks") == false && doctor.stdout.contains("2 hooks of libvirt"))
            // The next that writes there takes them away, and nothing else.
            #expect(try rig.vfpool("hook", "install").status == 0)
            #expect(
                try rig.sh("ls -A \(folder)").stdout.split(separator: "\n") == [".hidden", "vfpool"])
            #expect(try rig.vfpool("doctor").stdout.contains("PASS  leftovers"))
        }
    }
}
