import Libvirt
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model
@testable import Reporting

@Suite struct DoctorTests {
    @Test(arguments: DoctorCase.all) func saysWhatIsWrong(_ example: DoctorCase) throws {
        let checks = try example.diagnosis().checks
        let found = checks.filter { $0.code == example.code && $0.severity == example.severity }
        #expect(found.contains { $0.message.contains(example.says) }, "\(checks.filter { $0.severity != .pass })")
        #expect(!checks.contains { $0.code == example.code && $0.severity == .pass }, "it failed and passed")
        if example.severity >= .warn { #expect(found.allSatisfy { !$0.hints.isEmpty }, "\(found)") }
    }

    /// A check without a case here would be one that nobody has seen fail.
    @Test func everyCheckCanFail() {
        let seen = Set(DoctorCase.all.map(\.code))
        #expect(Self.names.filter { !seen.contains($0) } == [])
    }

    /// Those that are `doctor`'s.
    private static let names = Diagnostic.Code.ofDoctor

    @Test func aWellHostPasses() throws {
        let diagnosis = try Diagnosis(DoctorCase.wellHost().state(), DoctorCase.wellFacts)
        // Its VFs are of an ordinary card.
        #expect(diagnosis.checks.filter { $0.severity != .pass }.map(\.code) == [.vfMigratable])
        #expect(!diagnosis.hasFailed)
        // Each of them looked, then.
        let absent: Set<Diagnostic.Code> = [.pool, .eswitchMode]
        let seen = Set(diagnosis.checks.map(\.code))
        #expect(Self.names.filter { !seen.contains($0) && !absent.contains($0) } == [])
    }

    @Test func theWorstComesLast() throws {
        let diagnosis = try #require(DoctorCase.pfs.first { $0.code == .pfUp }).diagnosis()
        #expect(diagnosis.checks.map(\.severity) == diagnosis.checks.map(\.severity).sorted())
        #expect(diagnosis.checks.last?.severity == .fail && diagnosis.hasFailed)
    }

    @Test func anotherHostIsNotGuessedAt() throws {
        var state = try DoctorCase.wellHost().state()
        state.isLocal = false
        state.iommuEnabled = nil
        state.unknowns = ["the host's kernel can't be asked from here"]
        state.pfs[0].isUp = nil
        state.pfs[0].hasCarrier = nil
        let diagnosis = try Diagnosis(state, .unknown(HostFacts.elsewhere, hasGrammars: true))
        let local: Set<Diagnostic.Code> = [
            .cpuVirtualization, .kvm, .iommuFirmware, .iommuCommandLine, .interruptRemapping, .vfio, .hooks,
            .leftovers, .trust, .bootUnits, .permissions, .reading, .pfUp, .pfCarrier, .vfsPersist,
            .vfsBeforeLibvirt,
            .vfsReset,
            .vfHandsOff,
            .vfProtected, .poolAtBoot, .poolFull, .autostart, .capacity, .memoryLock, .hostShutdown,
            .vfMigratable,
        ]
        let unknown = Set(diagnosis.checks.filter { $0.severity == .unknown }.map(\.code))
        #expect(unknown == local)
        #expect(!diagnosis.checks.contains { $0.severity >= .warn })
        // What libvirt's devices tell is known there, too.
        #expect(diagnosis.checks.contains { $0.code == .iommu && $0.severity == .pass })
    }

    @Test func withoutRootPassesNothingThatItCanNotSee() throws {
        var state = try DoctorCase.wellHost().state()
        state.unknowns = ["only root can see which programs have a VF open"]
        var facts = DoctorCase.wellFacts
        facts.isRoot = .known(false)
        let diagnosis = try Diagnosis(state, facts)
        let unknown = diagnosis.checks.filter { $0.severity == .unknown }.map(\.code)
        #expect(Set(unknown) == [.reading, .poolFull, .poolAtBoot, .vfProtected])
    }

    /// Some VFs of a pool can, others can't: said of each kind, with what turns it on.
    @Test func whatIsTrueOfSomeVFsIsSaidOfThese() throws {
        var state = try DoctorCase.wellHost().state()
        try DoctorCase.ofMellanox(&state)
        var facts = DoctorCase.wellFacts
        let (on, off) = (
            VFMigration(bestDriver: "mlx5_vfio_pci", isAllowed: true, port: "pci/0000:03:00.0/1"),
            VFMigration(bestDriver: "mlx5_vfio_pci", isAllowed: false, port: "pci/0000:03:00.0/4")
        )
        facts.migration = .known(
            Dictionary(uniqueKeysWithValues: state.functions.map { ($0.address, $0.index == 3 ? off : on) }))
        let checks = try Diagnosis(state, facts).checks.filter { $0.code == .vfMigratable }
        #expect(checks.map(\.severity) == [.pass, .note] && checks.allSatisfy { $0.pools == ["vfpool-eth3"] })
        #expect(
            checks[0].message.contains("VFs 0-2 of pool vfpool-eth3") && checks[0].message.contains("mlx5_vfio_pci"))
        #expect(checks[1].message.contains("VF 3 of pool vfpool-eth3"))
        #expect(
            checks[1].hints.contains {
                $0.text.contains("`devlink port function set pci/0000:03:00.0/4 migratable enable`")
            }, "\(checks[1].hints)")
        // libvirt 9 gives guests every VF by vfio-pci, whatever there is.
        state.libvirtVersion = LibvirtVersion(major: 9, minor: 0, release: 0)
        let older = try Diagnosis(state, facts).checks.filter { $0.code == .vfMigratable }
        #expect(older.map(\.severity) == [.note] && older[0].message.contains("vfio-pci"))
        #expect(older[0].hints.contains { $0.text.contains("libvirt 10.0 or later") })
        state.networks[0].settings.driverModel = "vfio-pci"
        state.libvirtVersion = LibvirtVersion(major: 11, minor: 0, release: 0)
        #expect(try Diagnosis(state, facts).checks.first { $0.code == .vfMigratable }?.severity == .note)
    }

    @Test func aNameNarrows() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 2)])
        try host.apply(host.create("eth3"))
        try host.apply(host.create("eth4"))
        try host.addGuest("vm1", [.network("vfpool-eth3")])
        try host.addGuest("vm2", [.pin("eth4", 1)])
        var state = try host.state()
        state.pfs[1].isUp = false
        for name: Name in ["eth3", "vfpool-eth3", "vm1"] {
            let diagnosis = try Diagnosis(state, DoctorCase.wellFacts, named: name)
            #expect(!diagnosis.checks.contains { $0.message.contains("eth4") || $0.message.contains("vm2") }, "\(name)")
            #expect(diagnosis.checks.contains { $0.code == .pfCapable && $0.message.contains("eth3") }, "\(name)")
            #expect(diagnosis.checks.contains { $0.code == .iommu }, "the host is everybody's")
        }
        for name: Name in ["eth4", "vfpool-eth4", "vm2"] {
            let diagnosis = try Diagnosis(state, DoctorCase.wellFacts, named: name)
            #expect(diagnosis.checks.contains { $0.code == .pfUp && $0.severity == .fail }, "\(name)")
            #expect(!diagnosis.checks.contains { $0.message.contains("eth3") }, "\(name)")
        }
        #expect(throws: Failure.self) { try Diagnosis(state, DoctorCase.wellFacts, named: "nix") }
    }
}
