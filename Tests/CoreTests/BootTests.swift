import SRIOV
import TestSupport
import Testing
import Text

@testable import Applying
@testable import Model
@testable import Planning
@testable import Reading
@testable import Reporting

@Suite struct BootTests {
    private let tree: FileTree
    private let files: MovedFiles
    private let host: PretendHost
    private static let conf = "/etc/vfpool/vfs-0000:03:00.0.conf"
    private static let unit = "/etc/systemd/system/vfpool-vfs@.service"
    private static let wants = "/etc/systemd/system/multi-user.target.wants/vfpool-vfs@0000:03:00.0.service"

    init() throws {
        tree = try FileTree(["etc/hosts": ""])
        files = MovedFiles(root: tree.root)
        host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 2)])
    }

    private var setup: BootSetup { BootSetupReader(files: SystemFiles(root: tree.root), pfs: host.pfs).setup() }

    private func plan(
        _ netdev: Name = "eth3", _ count: Int? = nil, hostDrivers: Bool? = nil, removes: Bool = false
    ) throws -> Plan {
        let request = BootRequest(
            pf: try host.pf(netdev), count: count, hostDrivers: hostDrivers, removes: removes, boot: setup,
            program: "/usr/local/bin/vfpool")
        return try BootPlanner.plan(host.state(), request, files)
    }

    private func apply(_ plan: Plan) throws {
        try Applier(FaultyHypervisor(host), files: files, record: MemoryRecord()).apply(plan)
    }

    @Test func whatOthersCanChangeIsNotInstalled() throws {
        for removes in [false, true] {
            let request = BootRequest(
                pf: try host.pf("eth3"), removes: removes, boot: setup, program: "/opt/vfpool",
                weaknesses: [Weakness(path: "/opt", reason: .group(50, mode: 0o775))])
            if removes {
                #expect(try BootPlanner.plan(host.state(), request, files).isEmpty)
            } else {
                refused(.untrustedPath, hint: "`chmod g-w /opt`") { try BootPlanner.plan(host.state(), request, files) }
            }
        }
    }

    @Test func writesWhatSystemdReads() throws {
        let plan = try plan()
        #expect(plan.steps.count == 12 && plan.steps.allSatisfy { $0.fileChange != nil })
        try apply(plan)
        #expect(try files.content(Self.conf)?.text.contains("\nVFS=4\n") ?? false)
        #expect(try files.link(Self.wants)?.text == Self.unit)
        let reconcile = try files.content("/etc/systemd/system/vfpool-reconcile.service")?.text
        #expect(reconcile?.contains("\nExecStart=/usr/local/bin/vfpool -c qemu:///system reconcile ") ?? false)
        let again = try self.plan()
        #expect(again.isEmpty && again.notes.isEmpty)
        // What it wrote, the doctor finds, and is content with.
        let setter = try #require(setup.setters(of: host.pf("eth3")).first)
        #expect(setter.means == .vfpool && setter.count == 4 && setter.isBeforeLibvirt && setter.setsUp == .yes)
        #expect(try setup.setters(of: host.pf("eth4")).isEmpty)
    }

    /// systemd's own word for it, where it is installed.
    @Test(.enabled(if: SystemFiles().kind("/usr/bin/systemctl") != .absent, "no systemd here"))
    func systemdCallsItEnabled() throws {
        try apply(plan())
        for unit in [
            "vfpool-vfs@0000:03:00.0.service", "vfpool-reconcile.service", "vfpool-reconcile.timer",
            "vfpool-reconcile.path", "vfpool-reload.service",
        ] {
            let answer = try RunningCommand(
                ["/usr/bin/systemctl", "--root=\(tree.root)", "is-enabled", unit], environment: [:]
            ).wait()
            #expect(answer.stdout == "enabled\n", "\(unit): \(answer)")
        }
    }

    @Test func anotherCountAndDriver() throws {
        try apply(plan())
        let change = try plan("eth3", 6, hostDrivers: false)
        #expect(change.words == ["write \(Self.conf)"])
        try apply(change)
        let text = try files.content(Self.conf)?.text ?? ""
        #expect(BootUnit.settings(text)?.count == 6 && BootUnit.settings(text)?.hostDrivers == false)
        // What was said of drivers stays.
        let back = try plan("eth3", 5)
        try apply(back)
        #expect(try BootUnit.settings(files.content(Self.conf)?.text ?? "")?.hostDrivers == false)
    }

    // MARK: One master

    @Test func anotherMasterIsLeftToItsWork() throws {
        try files.write(
            FileContent(text: "network:\n  ethernets:\n    eth3:\n      virtual-function-count: 4\n", mode: 0o600),
            to: "/etc/netplan/1.yaml")
        let plan = try plan()
        #expect(plan.notes.contains { $0.contains("/etc/netplan/1.yaml") })
        #expect(!plan.words.contains { $0.contains("vfpool-vfs") || $0.contains("vfs-0000") }, "\(plan.words)")
        #expect(plan.words.contains { $0.hasSuffix("vfpool-reconcile.timer") })
        refused(.setElsewhere, hint: "change it there, in /etc/netplan/1.yaml") { try self.plan("eth3", 6) }
        #expect(try !self.plan("eth4").words.filter { $0.hasSuffix("vfs-0000:04:00.0.conf") }.isEmpty)
    }

    /// To udev the rule counts, whatever ends the comment above it.
    @Test func anotherMasterBehindACommentIsSeen() throws {
        let rule = "ACTION==\"add\", KERNEL==\"eth3\", ATTR{device/sriov_numvfs}=\"4\""
        try files.write(
            FileContent(text: "# VFs\r\n\(rule)\r\n", mode: 0o644), to: "/etc/udev/rules.d/70-vfs.rules")
        refused(.setElsewhere) { try self.plan("eth3", 6) }
        #expect(try !plan().words.contains { $0.contains("vfpool-vfs") })
    }

    @Test func whatMaySetTheCountIsNamedAndDoesNotStandInTheWay() throws {
        let text = "#!/bin/sh\necho 8 > /sys/class/net/$PF/device/sriov_numvfs\n"
        try files.write(FileContent(text: text, mode: 0o755), to: "/etc/rc.local")
        let plan = try plan()
        #expect(plan.steps.count == 12 && plan.warnings.map(\.code) == [.atBoot])
        #expect(plan.warnings.contains { $0.message.contains("/etc/rc.local:2") && $0.message.contains("eth3") })
    }

    /// Each of several that set the count has to set the same.
    @Test func severalMastersAreAllHeard() throws {
        try files.write(
            FileContent(text: "class/net/eth3/device/sriov_numvfs = 4\n", mode: 0o644), to: "/etc/sysfs.d/1.conf")
        #expect(try !plan().notes.isEmpty)
        try files.write(
            FileContent(text: "class/net/eth3/device/sriov_numvfs = 2\n", mode: 0o644), to: "/etc/sysfs.d/2.conf")
        refused(.setElsewhere, hint: "/etc/sysfs.d/2.conf") { try self.plan() }
    }

    @Test func refuses() throws {
        refused(.tooManyVFs) { try plan("eth3", 9) }
        let none = try PretendHost([PretendPF("eth3", vfs: 0)])
        let request = BootRequest(pf: try none.pf("eth3"), boot: BootSetup(), program: "/usr/bin/vfpool")
        refused(.noVFsEnabled, hint: "--vfs-count") { try BootPlanner.plan(none.state(), request, files) }
        var away = try host.state()
        away.isLocal = false
        let remote = BootRequest(pf: try host.pf("eth3"), boot: BootSetup(), program: "/usr/bin/vfpool")
        refused(.unsupported) { try BootPlanner.plan(away, remote, files) }
    }

    // MARK: Back

    @Test func removes() throws {
        try apply(plan())
        try apply(plan("eth4"))
        let one = try plan(removes: true)
        #expect(one.words == ["write \(Self.wants)", "write \(Self.conf)"] && one.warnings.map(\.code) == [.atBoot])
        try apply(one)
        #expect(try files.content(Self.unit) != nil && setup.setters.count == 1)
        try apply(plan("eth4", removes: true))
        #expect(try files.content(Self.unit) == nil && !files.hasFolder("/etc/vfpool"))
        #expect(try plan(removes: true).isEmpty)
    }

    @Test func failsWhole() throws {
        let plan = try plan()
        for number in plan.steps.indices {
            let record = MemoryRecord(capacity: 2 * number + 1)
            #expect(throws: Failure.self) {
                try Applier(FaultyHypervisor(host), files: files, record: record).apply(plan)
            }
            #expect(try files.content(Self.conf) == nil && files.content(Self.unit) == nil, "after \(number) steps")
            #expect(!files.hasFolder("/etc/vfpool") && !files.hasFolder("/etc/systemd/system"))
        }
    }

    @Test func aCardThatWasMovedIsNamed() throws {
        try apply(plan())
        var facts = DoctorCase.wellFacts
        facts.boot = .known(setup)
        var state = try host.state()
        state.pfs.removeFirst()
        let checks = try Diagnosis(state, facts).checks
        #expect(checks.contains { $0.code == .vfsPersist && $0.severity == .warn && $0.message.contains(Self.conf) })
    }
}
