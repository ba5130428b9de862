import SRIOV
import TestSupport
import Testing
import Text

@testable import Model
@testable import Reporting

@Suite struct LiveMigrationTests {
    @Test(arguments: LiveMigrationCase.all) func saysWhatIsWrong(_ example: LiveMigrationCase) throws {
        let checks = try example.diagnosis().checks
        let found = checks.filter { $0.code == example.code && $0.severity == example.severity }
        #expect(found.contains { $0.message.contains(example.says) }, "\(checks.filter { $0.severity != .pass })")
        if example.severity >= .warn { #expect(found.allSatisfy { !$0.hints.isEmpty }, "\(found)") }
        #expect(checks.allSatisfy { $0.guests == ["vm1"] })
    }

    /// A check without a case here would be one that nobody has seen fail.
    @Test func everyCheckCanFail() {
        let seen = Set(LiveMigrationCase.all.map(\.code))
        #expect(Diagnostic.Code.ofLiveMigration.filter { !seen.contains($0) } == [])
    }

    @Test func aWellGuestPasses() throws {
        let checks = try LiveMigrationCase.well.diagnosis().checks
        #expect(checks.filter { $0.severity != .pass } == [])
        // Each of them looked, then; it has no fixed VF.
        let seen = Set(checks.map(\.code))
        #expect(Diagnostic.Code.ofLiveMigration.filter { !seen.contains($0) } == [.targetFixedVF])
    }

    /// The document names no pool, but who gave the VF is known.
    @Test func aRunningGuestIsFollowedToItsPool() throws {
        let checks = try LiveMigrationCase(.targetFreeVFs, .pass, "").diagnosis().checks
        let vlans = checks.filter { $0.code == .targetVLAN }.map(\.message)
        #expect(vlans.contains { $0.contains("is on VLAN 50 on the target, too") }, "\(vlans)")
        #expect(!checks.contains { $0.code == .targetFixedVF })
    }

    /// Its own VLAN goes with it, whatever the networks say.
    @Test func itsOwnVLANTravels() throws {
        let nics = [LiveMigrationCase.persistent(), LiveMigrationCase.transient(inside: "<vlan><tag id='42'/></vlan>")]
        let example = LiveMigrationCase(
            .targetVLAN, .pass, "", nics: nics, target: { $0.pool { $0.live?.portgroups[0].vlan = 51 } })
        let checks = try example.diagnosis().checks.filter { $0.code == .targetVLAN }
        #expect(checks.count == 1 && checks[0].severity == .pass && checks[0].message.contains("VLAN 42"), "\(checks)")
    }

    /// Defined there with the VF reserved for it by its own document: that is its own.
    @Test func whatTheGuestItselfHoldsThereIsFree() throws {
        let example = LiveMigrationCase(
            .targetFreeVFs, .pass, "", targetHost: { try $0.addGuest("vm1", [.pin("eth3", 0)]) })
        let checks = try example.diagnosis().checks
        #expect(checks.contains { $0.code == .targetFreeVFs && $0.severity == .pass }, "\(checks)")
    }

    @Test(arguments: [true, false]) func aVFThatIsHandedOverNeedsNoOtherHalf(_ runs: Bool) throws {
        let example = LiveMigrationCase(
            .pair, .pass, "", nics: [LiveMigrationCase.alone], runs: runs, prepare: LiveMigrationCase.mellanox,
            source: { LiveMigrationCase.ready(&$0) }, target: { LiveMigrationCase.ready(&$0) })
        let checks = try example.diagnosis().checks
        #expect(checks.filter { $0.severity > .note } == [])
        let pair = checks.filter { $0.code == .pair }
        #expect(pair.map(\.severity) == [.pass] && pair[0].message.contains("moves with its VF"), "\(pair)")
    }

    /// What turns it on is named, and where.
    @Test func whatIsMissingOnTheTargetIsNamed() throws {
        let example = LiveMigrationCase(
            .pair, .fail, "", nics: [LiveMigrationCase.alone], prepare: LiveMigrationCase.mellanox,
            source: { LiveMigrationCase.ready(&$0) }, target: { LiveMigrationCase.ready(&$0, LiveMigrationCase.off) })
        let pair = try #require(try example.diagnosis().checks.first { $0.code == .pair })
        let hint = "`devlink port function set pci/0000:03:00.0/1 migratable enable`"
        #expect(pair.hints.first?.text.hasPrefix("on the target: ") == true, "\(pair.hints)")
        #expect(pair.hints.first?.text.contains(hint) == true, "\(pair.hints)")
    }

    @Test func aGuestWithoutVFsNeedsNoPool() throws {
        let checks = try LiveMigrationCase(.pair, .pass, "", nics: LiveMigrationCase.other).diagnosis().checks
        #expect(checks.allSatisfy { $0.severity == .pass }, "\(checks)")
        #expect(!checks.contains { $0.code.rawValue.hasPrefix("target-pool") })
    }
}
