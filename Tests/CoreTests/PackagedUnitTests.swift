import FoundationEssentials
import SRIOV
import TestSupport
import Testing
import Text

@testable import Applying
@testable import Model
@testable import Planning
@testable import Reading
@testable import Reporting

/// Units that a package ships are enabled; copies of them go, unless somebody changed them.
@Suite struct PackagedUnitTests {
    private let tree: FileTree
    private let files: MovedFiles
    private let host: PretendHost
    private static let etc = "/etc/systemd/system"
    private static let lib = "/usr/lib/systemd/system"
    private static let packaged: [BootUnit] = [.reconcile, .timer, .path, .guests, .reload]

    init() throws {
        tree = try FileTree(["etc/hosts": ""])
        files = MovedFiles(root: tree.root)
        host = try PretendHost([PretendPF("eth3", vfs: 4)])
    }

    private func plan(program: String = "/usr/bin/vfpool", removes: Bool = false) throws -> Plan {
        let boot = BootSetupReader(files: SystemFiles(root: tree.root), pfs: host.pfs).setup()
        let request = BootRequest(pf: try host.pf("eth3"), removes: removes, boot: boot, program: program)
        return try BootPlanner.plan(host.state(), request, files)
    }

    private func apply(_ plan: Plan) throws {
        try Applier(FaultyHypervisor(host), files: files, record: MemoryRecord()).apply(plan)
    }

    private func write(_ text: String, _ path: String) throws {
        try files.write(FileContent(text: text, mode: 0o644), to: path)
    }

    private func ship(_ folder: String = lib, program: String = "/usr/bin/vfpool") throws {
        for unit in Self.packaged { try write(unit.text(program: program), "\(folder)/\(unit.rawValue)") }
    }

    private func isCopied(_ unit: BootUnit) throws -> Bool { try files.content(unit.file) != nil }

    private func target(_ unit: BootUnit) throws -> String? {
        try unit.wantedBy(host.pf("eth3").address).flatMap { try files.link($0)?.text }
    }

    private func copies() throws -> [UnitCopy] {
        HostFactsReader(files: SystemFiles(root: tree.root), sysfs: try PretendSys().sysfs).unitCopies().value ?? []
    }

    @Test func everyTextThatWasShippedIsKnown() throws {
        for unit in BootUnit.allCases {
            let text = try unit.text(program: "/usr/bin/vfpool")
            let digest = String(BootUnit.digest(text), radix: 16)
            #expect(unit.copy(text) == .current, "add 0x\(digest) to the digests of \(unit.rawValue), at their end")
            #expect(try unit.copy(unit.text(program: "/opt/a b$%/vfpool")) == .current)
            #expect(unit.copy(text + "# mine\n") == .changed)
            #expect(Set(unit.shipped).count == unit.shipped.count)
        }
    }

    @Test func packagedUnitsAreEnabledAndNotCopied() throws {
        try ship()
        try apply(plan())
        for unit in Self.packaged { #expect(try !isCopied(unit), "\(unit)") }
        #expect(try isCopied(.functions) && target(.functions) == BootUnit.functions.file)
        for unit in [BootUnit.reconcile, .timer, .path, .reload] {
            #expect(try target(unit) == "\(Self.lib)/\(unit.rawValue)")
        }
        #expect(try plan().isEmpty && copies().isEmpty)
        try apply(plan(removes: true))
        #expect(try !isCopied(.functions) && target(.timer) == nil)
        #expect(try files.content("\(Self.lib)/vfpool-reconcile.timer") != nil)
    }

    @Test func packageForAnotherVFPoolIsNotEnough() throws {
        try ship(program: "/usr/bin/vfpool")
        try apply(plan(program: "/usr/local/bin/vfpool"))
        #expect(try isCopied(.reconcile) && target(.reconcile) == BootUnit.reconcile.file)
        #expect(try target(.timer) == "\(Self.lib)/vfpool-reconcile.timer")
        try ship("/usr/local/lib/systemd/system", program: "/usr/local/bin/vfpool")
        try apply(plan(program: "/usr/local/bin/vfpool"))
        #expect(try !isCopied(.reconcile))
        #expect(try target(.timer) == "/usr/local/lib/systemd/system/vfpool-reconcile.timer")
    }

    @Test func copiesOfBeforeGiveWay() throws {
        try apply(plan(program: "/usr/local/bin/vfpool"))
        let dropIn = "\(Self.etc)/vfpool-reconcile.timer.d/often.conf"
        try write("[Timer]\nOnUnitInactiveSec=5min\n", dropIn)
        let former = try Self.former(of: .timer)
        try write(former, BootUnit.timer.file)
        try ship()
        let seen = try copies()
        #expect(seen.count == 5 && seen.allSatisfy { $0.check.severity == .warn }, "\(seen)")
        let before = try files.content(BootUnit.reconcile.file)
        let plan = try plan()
        try apply(plan)
        for unit in Self.packaged { #expect(try !isCopied(unit), "\(unit)") }
        #expect(try target(.timer) == "\(Self.lib)/vfpool-reconcile.timer")
        #expect(try files.content(dropIn) != nil && self.plan().isEmpty && copies().isEmpty)
        // And back.
        try apply(Plan(plan.steps.reversed().compactMap { $0.fileChange?.back }.map { Plan.Item(.writeFile($0)) }))
        #expect(try files.content(BootUnit.reconcile.file) == before && target(.timer) == BootUnit.timer.file)
    }

    @Test func whatAnAdministratorChangedStays() throws {
        try apply(plan())
        for unit in BootUnit.allCases {
            let text = try #require(try files.content(unit.file)).text + "# by me\n"
            try write(text, unit.file)
        }
        let without = try plan()
        #expect(without.isEmpty && without.notes.count == 6, "\(without.words)")
        try ship()
        let plan = try plan()
        #expect(plan.isEmpty && plan.notes.contains { $0.contains("vfpool-reload.service is not as vfpool writes it") })
        #expect(try copies().count == 6 && copies().allSatisfy { $0.check.severity == .note })
    }

    @Test func anOlderUnitThatMakesVFsIsNamedAndReplaced() throws {
        try apply(plan())
        let former = try Self.former(of: .functions)
        try write(former, BootUnit.functions.file)
        #expect(try copies().map(\.check.severity) == [.warn])
        try apply(plan())
        #expect(try copies().isEmpty)
    }

    /// What `systemctl enable` links to on Debian 12.
    @Test func whatSystemctlEnabledIsEnabled() throws {
        try ship()
        try apply(plan())
        let link = try #require(BootUnit.timer.wantedBy(host.pf("eth3").address))
        try files.write(
            FileContent(text: "/lib/systemd/system/vfpool-reconcile.timer", mode: FileContent.link), to: link)
        #expect(try plan().isEmpty)
    }

    /// A text that a vfpool of before wrote: the digest is known.
    private static func former(of unit: BootUnit) throws -> String {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try String(contentsOfFile: "/\(tests)/Fixtures/units/\(unit.rawValue)", encoding: .utf8)
    }
}
