import Fleet
import FoundationEssentials
import Model
import SRIOV
import TestSupport
import Testing
import Text

@testable import Reporting

/// The checks that only a fleet can make, on what `status` says of pretend hosts.
@Suite struct FleetChecksTests {
    /// What another vfpool would have printed of this host.
    private func member(_ name: Name, _ host: PretendHost) throws -> FleetMember {
        let bytes = Array(try JSONEncoder().encode(Report(try host.state()).json))
        return FleetMember(name, try JSONReader.read(bytes, fields: FleetMember.fields))
    }

    /// A host with a card of its own, and a pool of the usual name.
    private func host(
        _ number: Int, vfs: Int = 2, _ change: (inout PretendHost) throws -> Void = { _ in }
    ) throws -> FleetMember {
        var host = try PretendHost([PretendPF("eth3", vfs: vfs)])
        try host.addPoolByHand("pool", pf: "eth3")
        host.pfs[0].permanentMAC = MACAddress("a0:36:9f:00:00:0\(number)")
        try change(&host)
        return try member("kvm\(number)", host)
    }

    private func found(_ code: Diagnostic.Code, _ members: [FleetMember], missing: [Name] = []) -> [FleetFinding] {
        FleetChecks.all(members, missing: missing).filter { $0.check.code == code }
    }

    @Test func wellHostsPass() throws {
        let all = FleetChecks.all([try host(1), try host(2)], missing: [])
        #expect(all.allSatisfy { $0.check.severity == .pass }, "\(all)")
        #expect(Set(all.map(\.check.code)) == Set(Diagnostic.Code.ofFleet))
    }

    @Test func oneHostByTwoNames() throws {
        let twice = [try host(1), try host(1)]
        let all = FleetChecks.all(twice, missing: [])
        #expect(all.filter { $0.check.severity != .pass }.map(\.check.code) == [.fleetHosts])
    }

    /// Pools that one tool made have one UUID everywhere.
    @Test func poolsAloneMakeNoHost() throws {
        let hosts = try (1...2).map { _ in
            var member = try host(1)
            member.identity = member.identity.filter { $0.string.hasPrefix(bytes: "pool ") }
            return member
        }
        #expect(!hosts[0].identity.isEmpty && found(.fleetHosts, hosts).map(\.check.severity) == [.pass])
    }

    @Test func aGuestThatRunsTwice() throws {
        let twice = try [1, 2].map { number in
            try host(number) { try $0.addGuest("vm", [.network("pool")], running: true) }
        }
        let found = found(.fleetGuests, twice)
        #expect(found.map(\.check.severity) == [.fail] && found[0].hosts == ["kvm1", "kvm2"])
        // Its MAC is its own.
        #expect(self.found(.fleetMACs, twice).map(\.check.severity) == [.pass])
        // Paused on one, or both, while it moves.
        for paused in [[2], [1, 2]] {
            let moving = try [1, 2].map { number in
                try host(number) { host in
                    try host.addGuest("vm", [.network("pool")], running: true)
                    for uuid in host.guests.keys { host.guests[uuid]?.isPausedForMigration = paused.contains(number) }
                }
            }
            let found = self.found(.fleetGuests, moving)
            #expect(found.map(\.check.severity) == [.note] && found[0].hosts == ["kvm1", "kvm2"])
            #expect(found[0].check.message == "guest vm is being migrated between kvm1 and kvm2")
            #expect(!found[0].check.hints.map { "\($0)" }.joined().contains("destroy"))
        }
        // Off on one of them: as after a move.
        let once = [twice[0], try host(2) { try $0.addGuest("vm", [.network("pool")]) }]
        #expect(self.found(.fleetGuests, once).map(\.check.severity) == [.pass])
    }

    @Test func oneMACOnTwoHosts() throws {
        func fleet(running: Bool) throws -> [FleetMember] {
            let bridge = "<interface type='bridge'><mac address='52:54:00:12:34:56'/><source bridge='br0'/></interface>"
            return [
                try host(1) { try $0.addGuest("vm1", [.xml(bridge)], running: running) },
                try host(2) { host in
                    // A guest's UUID is its number on its host.
                    try host.addGuest("other", [])
                    try host.addGuest("vm2", [.xml(bridge)], running: running)
                },
            ]
        }
        for (running, wanted) in [(true, Diagnostic.Severity.fail), (false, .warn)] {
            let found = found(.fleetMACs, try fleet(running: running))
            #expect(found.map(\.check.severity) == [wanted] && found[0].check.guests == ["vm1", "vm2"])
            #expect(
                found[0].hosts == ["kvm1", "kvm2"] && found[0].check.message.contains("vm1 on kvm1 and vm2 on kvm2"))
        }
    }

    /// A guest needs a free VF of the pool of the same name on one other host.
    @Test func whichHostCanNotBeEmptied() throws {
        func guests(_ names: Name..., nics: Int = 1) -> (inout PretendHost) throws -> Void {
            { host in
                for name in names {
                    try host.addGuest(name, Array(repeating: .network("pool"), count: nics), running: true)
                }
            }
        }
        let full = try host(1, vfs: 4, guests("a", "b", "c"))
        let room = found(.fleetRoom, [full, try host(2, vfs: 3)])
        #expect(room.map(\.check.severity) == [.pass])
        let none = found(.fleetRoom, [full, try host(2)])
        #expect(none.map(\.check.severity) == [.warn] && none[0].hosts == ["kvm1"] && none[0].check.guests.count == 1)
        // Two on each of two hosts are no four on one.
        let large = try host(1, vfs: 4, guests("a", nics: 3))
        let apart = found(.fleetRoom, [large, try host(2), try host(3)])
        #expect(apart.map(\.check.severity) == [.warn] && apart[0].check.message.contains("3 VFs of pool for guest a"))
        // Who did not answer may have them.
        let unknown = found(.fleetRoom, [large, try host(2)], missing: ["kvm8", "kvm9"])
        #expect(unknown.map(\.check.severity) == [.unknown] && unknown[0].check.message.contains("kvm[8-9]"))
    }
}
