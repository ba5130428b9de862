import SRIOV
import TestSupport
import Testing
import Text
import XML

@testable import Model
@testable import Planning

/// What is said of a plan fits a screen, however many guests it is for.
@Suite struct FoldedPlanTests {
    private static let count = 120

    /// Running guests with a VF each: with a model and a target that a VF can't have, trusted by `ip link`, with a snapshot.
    private func host() throws -> PretendHost {
        var host = try PretendHost.pooled(vfs: Self.count) { host in
            for number in 0..<Self.count {
                let address = try host.address("eth3", number)
                let words = address.attributes.map { "\($0.0)='\($0.1)'" }.joined(separator: " ")
                try host.addGuest(
                    "vm\(number)",
                    [
                        .xml(
                            """
                            <interface type='hostdev' managed='no'><mac address='\(PretendHost.mac(number + 1, 0))'/>
                            <source><address type='pci' \(words)/></source><target dev='tap\(number)'/>
                            <model type='virtio'/></interface>
                            """)
                    ], running: true)
            }
        }
        for index in host.pfs[0].functions.indices {
            host.pfs[0].functions[index].settings = VFSettings(
                mac: MACAddress(PretendHost.mac(index + 1, 0)), vlan: 42, trust: true, linkState: .enable,
                maxRate: index)
        }
        return host
    }

    private func lines(_ plan: Plan) -> [String] {
        let warnings = Folded.all(plan.warnings)
        let notes = Folded.all(plan.notes)
        return notes.map(\.message) + warnings.map(\.message) + warnings.flatMap(\.hints).map(\.text)
            + notes.flatMap(\.hints).map(\.text)
    }

    private func check(_ plan: Plan, _ what: String) {
        let lines = lines(plan)
        #expect(lines.count <= 24, "\(what): \(lines)")
        #expect(plan.warnings.count + plan.notes.count > 2 * Self.count, "\(what): each of them is there")
        #expect(lines.allSatisfy { $0.utf8.count < 400 }, "\(what): \(lines)")
        #expect(lines.contains { $0.contains("\(Self.count) guests ") }, "\(what): \(lines)")
    }

    @Test func bindMigrateSetAndUndo() throws {
        var world = try JournalledHost(host())
        var state = try world.host.state()
        state.snapshotGuests = Set(state.guests.map(\.uuid))
        let bound = try BindPlanner.plan(state, state.guests.map { BindRequest(guest: $0.name) })
        check(bound, "bind")
        let migrated = try PretendHost.migration(state).plan
        check(migrated, "migrate")
        // Whichever command, the same is said, but for the guests' pins.
        let kinds = { (plan: Plan) in Set(plan.notes.map(\.kind)).union(plan.warnings.map(\.kind)) }
        #expect(
            kinds(bound).isSubset(of: kinds(migrated).union(kinds(bound))) && kinds(migrated).isSubset(of: kinds(bound))
        )
        let stays = try #require(bound.warnings.first { $0.code == .staysWithVF })
        #expect(stays.hints.first?.text.contains(bytes: "`vfpool set vm0 --interface ") == true, "\(stays)")
        try world.apply(bound)
        let back = try world.undoPlan()
        let said = lines(back)
        #expect(said.count <= 24 && back.notes.count >= Self.count, "\(said)")
        let unbound = try UnbindPlanner.plan(
            world.host.state(), world.host.state().guests.map { UnbindRequest(guest: $0.name) },
            History(world.journal, uri: PretendHost.uri))
        #expect(lines(unbound).count <= 24 && unbound.notes.count >= Self.count, "\(lines(unbound))")
    }

    /// What differs in more than the guest is said apart.
    @Test func differentLossesAreDifferentLines() throws {
        let host = try host()
        let state = try host.state()
        let bound = try BindPlanner.plan(state, state.guests.map { BindRequest(guest: $0.name) })
        let losses = Folded.all(bound.notes).map(\.message).filter {
            $0.contains(bytes: "lose what a VF can't provide")
        }
        #expect(
            losses == [
                "\(Self.count) guests lose what a VF can't provide: model, target: vm0, vm1, vm10, vm100 and 116 more"
            ]
        )
    }
}
