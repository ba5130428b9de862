import FoundationEssentials
import Glibc
import Libvirt
import TestSupport
import Testing
import Text

@testable import Model
@testable import Planning
@testable import Reading

/// The hook's files in a plan. Where they are written is `FileStepTests`' business, and the rig's.
@Suite struct HookPlanTests {
    /// Files in memory.
    private struct Memory: HostFiles {
        var files: [String: FileContent] = [:]
        func content(_ path: String) throws(Failure) -> FileContent? { files[path] }
        func link(_ path: String) throws(Failure) -> FileContent? { nil }
        func hasFolder(_ path: String) -> Bool { path == "/etc/libvirt/hooks" }
        func write(_ content: FileContent, to path: String) throws(Failure) {}
        func remove(_ path: String, folder: Bool) throws(Failure) {}
    }

    private let network = "/etc/libvirt/hooks/network.d/vfpool"
    private let qemu = "/etc/libvirt/hooks/qemu.d/vfpool"

    private func changes(_ plan: Plan) -> [FileChange] { plan.steps.compactMap(\.fileChange) }

    @Test func installAndRemove() throws {
        var host = try PretendHost.pooled()
        let state = try host.state()
        var files = Memory()
        let plan = try HookPlan.install(state, files, program: "/usr/bin/it's vfpool")
        #expect(changes(plan).map(\.path) == [network, qemu])
        for change in changes(plan) {
            #expect(change.before == nil && change.mode == 0o755 && change.makesFolder)
            #expect(change.after?.contains("\nvfpool='/usr/bin/it'\\''s vfpool'\n") == true)
            files.files[change.path] = FileContent(text: change.after ?? "", mode: change.mode)
        }
        #expect(plan.warnings.map(\.code) == [.reloadNeeded])
        #expect(try HookPlan.install(state, files, program: "/usr/bin/it's vfpool").isEmpty)
        let report = HookReport(files, program: "/usr/bin/it's vfpool")
        #expect(report.files.map(\.state) == [.installed, .installed] && report.isInstalled == true)
        // Another vfpool; not executable; half of it.
        #expect(HookReport(files, program: "/opt/vfpool").files.map(\.state) == [.differs, .differs])
        #expect(try HookPlan.install(state, files, program: "/opt/vfpool").warnings.isEmpty)
        files.files[network]?.mode = 0o644
        files.files[qemu] = nil
        #expect(HookReport(files, program: "/usr/bin/it's vfpool").files.map(\.state) == [.notExecutable, .missing])
        #expect(HookReport(files, program: "").isInstalled == false)
        let mend = try HookPlan.install(state, files, program: "/usr/bin/it's vfpool")
        #expect(changes(mend).map(\.formerMode) == [0o644, nil])
        #expect(try changes(HookPlan.remove(state, files)).map(\.path) == [network])
        try host.apply(host.set("vfpool-eth3", .of("trust=on")))
        #expect(try HookPlan.remove(host.state(), files).warnings.map(\.code) == [.noHook])
        #expect(try HookPlan.remove(state, Memory()).isEmpty)
    }

    /// The script is run by sh as libvirt runs it, with a vfpool whose path means something to a shell.
    @Test(arguments: ["'\u{0301};touch a;'", "'", "$(touch b)", "`touch c`", "a b\"c\\", "\u{0600}'", "\n'\r"])
    func theScriptRunsItsProgram(_ name: String) throws {
        let folder = try TemporaryFolder()
        let program = "\(folder.path)/\(name)"
        let script = "\(folder.path)/network.d/vfpool"
        try FileManager.default.createDirectory(atPath: folder.path + "/network.d", withIntermediateDirectories: true)
        for (path, text) in [
            (program, "#!/bin/sh\nprintf '%s|' \"$@\"\nexit 7\n"), (script, try HookFile.text(program: program)),
        ] {
            try Data(text.utf8).write(to: URL(filePath: path))
            chmod(path, 0o755)
        }
        let result = try RunningCommand(
            [
                "/bin/sh", "-c", "cd \(folder.path)/network.d && exec \"$@\"", "sh", script, "lan", "port-created",
                "begin", "-",
            ],
            environment: ["PATH": "/usr/bin:/bin"]
        ).wait()
        #expect(result.status == 7 && result.stdout == "hook|run|network|lan|port-created|begin|-|", "\(result)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/network.d") == ["vfpool"])
    }

    /// AppArmor's profile for libvirtd, as Debian's, knows no /usr/local.
    @Test func confined() throws {
        let enforced = "docker (enforce)\nlibvirtd (enforce)\nlibvirtd//qemu_bridge_helper (enforce)\n"
        let state = try PretendHost.pooled().state()
        let problem = try Confinement.problem(running: "/usr/local/bin/vfpool", profiles: enforced)
        refused(.unsupported, hint: "PREFIX=/usr") {
            try HookPlan.install(state, Memory(), program: "/usr/local/bin/vfpool", confinement: problem)
        }
        #expect(problem != nil)
        for (program, profiles) in [
            ("/usr/bin/vfpool", enforced), ("/usr/local/bin/vfpool", "libvirtd (complain)\n"),
            ("/usr/local/bin/vfpool", "libvirt-9f7a25eb (enforce)\n"), ("/usr/local/bin/vfpool", ""),
        ] { #expect(try Confinement.problem(running: program, profiles: profiles) == nil, "\(program) \(profiles)") }
        #expect(try Confinement.problem(running: "/opt/vfpool", profiles: "/usr/sbin/libvirtd (enforce)\n") != nil)
    }

    @Test func whatOthersCanChangeIsNotInstalled() throws {
        let state = try PretendHost.pooled().state()
        let weak = [
            Weakness(path: "/opt/it's", reason: .everybody(mode: 0o777)),
            Weakness(path: "/opt/it's/vfpool", reason: .owner(1000)),
        ]
        for hint in ["`chmod o-w '/opt/it'\\''s'`", "`chown root: '/opt/it'\\''s/vfpool'`"] {
            refused(.untrustedPath, hint: hint) {
                try HookPlan.install(state, Memory(), program: "/opt/it's/vfpool", weaknesses: weak)
            }
        }
    }

    @Test(arguments: ["/usr/bin/vfpool", "/opt/it's/vfpool", "/opt/a b/$x%/vfpool"])
    func theProgramIsReadBack(_ path: String) throws {
        #expect(try HookFile.program(of: HookFile.text(program: path)) == path)
        #expect(try BootUnit.program(of: BootUnit.reconcile.text(program: path)) == path)
        #expect(try BootUnit.program(of: BootUnit.functions.text(program: path)) == nil)
        #expect(HookFile.program(of: "#!/bin/sh\nvfpool=/x\n") == nil)
    }

    @Test func refusals() throws {
        let host = try PretendHost.pooled()
        var state = try host.state()
        let files = Memory(files: [network: FileContent(text: "#!/bin/sh\n", mode: 0o755)])
        refused(.nameTaken) { try HookPlan.install(state, files, program: "/v") }
        refused(.nameTaken) { try HookPlan.remove(state, files) }
        #expect(HookReport(files, program: "/v").files.map(\.state) == [.foreign, .missing])
        state.libvirtVersion = LibvirtVersion(major: 6, minor: 4, release: 9)
        refused(.unsupported, hint: "6.5.0") { try HookPlan.install(state, Memory(), program: "/v") }
        state.isLocal = false
        refused(.unsupported) { try HookPlan.install(state, Memory(), program: "/v") }
    }
}
