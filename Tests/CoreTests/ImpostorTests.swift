import Reporting
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model
@testable import Planning

/// A guest, or a network, that is called by another's UUID: a UUID means the one that has it, as with virsh.
@Suite struct ImpostorTests {
    private static let uuid = PretendHost.uuid(1)
    private static let impostor = Name(uuid)

    /// `real` has VF 1; the other has VF 2, and `real`'s UUID for a name. It comes first in the picture.
    private static func world() throws -> JournalledHost {
        try JournalledHost(
            PretendHost.pooled(vfs: 6) { host in
                try host.addGuest("real", [.pin("eth3", 1)])
                try host.addGuest(impostor, [.pin("eth3", 2)])
            })
    }

    private func isBound(_ host: PretendHost) throws -> [Name: Bool] {
        let guests = try host.state().guests
        return Dictionary(
            uniqueKeysWithValues: guests.map {
                ($0.name, $0.interfaces.allSatisfy { $0.attachment.networkName != nil })
            })
    }

    @Test func aUUIDMeansTheGuestThatHasIt() throws {
        var world = try Self.world()
        let before = world.host
        #expect(try world.host.state().guests.first?.name == Self.impostor)
        try world.apply(world.host.bind(Self.impostor))
        #expect(try isBound(world.host) == ["real": true, Self.impostor: false])
        try world.apply(world.unbindPlan(Self.impostor))
        #expect(try isBound(world.host) == ["real": false, Self.impostor: false])
        #expect(Difference.between(before, world.host).isEmpty)
    }

    @Test func inWhateverLetters() throws {
        var state = try Self.world().host.state()
        #expect(state.guestMeant(by: Self.impostor)?.name == "real")
        state.guests[0].uuid = "abcdef00-2222-4333-8444-000000000001"
        #expect(state.guestMeant(by: "ABCDEF00-2222-4333-8444-000000000001")?.name == Self.impostor)
        // Without hyphens it is a name, if anything.
        #expect(state.guestMeant(by: Name(Self.uuid.replacing(bytes: "-", with: ""))) == nil)
    }

    @Test func whatIsDoneToOneIsUndoneOfOne() throws {
        var world = try Self.world()
        let before = world.host
        let id = try world.apply(world.host.bind("real"))
        try world.undo(id)
        #expect(Difference.between(before, world.host).isEmpty)
    }

    @Test func theOtherHasAUUIDToo() throws {
        var world = try Self.world()
        let own = Name(PretendHost.uuid(2))
        let before = world.host
        let id = try world.apply(world.host.bind(own))
        #expect(try isBound(world.host) == ["real": false, Self.impostor: true])
        try world.undo(id)
        #expect(Difference.between(before, world.host).isEmpty)
        #expect(try world.host.migration(PretendHost.request([own])).rows.map(\.guest) == [Self.impostor])
    }

    @Test func migratedByUUID() throws {
        let host = try Self.world().host
        #expect(try host.migration(PretendHost.request([Self.impostor])).rows.map(\.guest) == ["real"])
        #expect(
            try host.migration(PretendHost.request([], except: [Self.impostor])).rows.map(\.guest) == [Self.impostor])
    }

    /// A migration that goes on later means the guests that it meant then.
    @Test func aMigrationIsKeptByUUIDs() throws {
        var world = try Self.world()
        var request = PretendHost.request(["real"], macs: ["real 0000:03:10.2 52:54:00:00:00:01"])
        request = try request.settled(in: world.host.state())
        #expect(request.guests == [Self.impostor] && request.macs.map(\.guest) == [Self.impostor])
        world.host.guests[Self.uuid]?.name = "renamed"
        #expect(try world.host.migration(PretendHost.request(request.guests)).rows.map(\.guest) == ["renamed"])
        let except = try PretendHost.request([], except: [Name(PretendHost.uuid(2))]).settled(in: world.host.state())
        #expect(try world.host.migration(except).rows.map(\.guest) == ["renamed"])
    }

    /// virsh takes a number for that of a running guest.
    @Test func hintsDoNotMeanAnother() throws {
        var host = try Self.world().host
        try host.addGuest("3", [.pin("eth3", 3)])
        let checks = try Diagnosis(host.state(), DoctorCase.wellFacts).checks.filter { $0.code == .pinsOutside }
        let hints = checks.flatMap(\.hints).map(\.text)
        #expect(hints.count == 3)
        for word in ["migrate real`", "migrate \(PretendHost.uuid(2))`", "migrate \(PretendHost.uuid(3))`"] {
            #expect(hints.count { $0.contains(word) } == 1, "\(hints)")
        }
    }

    @Test func noNewPoolIsCalledSo() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4)])
        refused(.badName) { try host.create("eth3", name: Self.impostor) }
        refused(.badName) { try host.create("eth3", name: "ABCDEF00-2222-4333-8444-000000000001") }
    }

    @Test func movedLiveAndUndone() throws {
        var world = try Self.world()
        try world.host.startGuest("real")
        try world.host.startGuest(Self.impostor)
        let before = world.host
        try world.apply(world.host.bind("real", live: true))
        let state = try world.host.state()
        #expect(
            state.guest(uuid: PretendHost.uuid(2))?.liveInterfaces
                == (try before.state().guest(uuid: PretendHost.uuid(2))?.liveInterfaces))
        #expect(try state.pool(named: "vfpool-eth3").guestPorts?.map(\.ownerUUID) == [Self.uuid])
        try world.undo()
        #expect(Difference.between(before, world.host).isEmpty)
    }

    @Test func settingsGoToTheOneThatHasIt() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("real", [.network("vfpool-eth3")])
        try host.addGuest(Self.impostor, [.network("vfpool-eth3")])
        try host.apply(host.set(Self.impostor, .of("trust=on")))
        let state = try host.state()
        #expect(try state.guest(named: "real").interfaces[0].wanted.trust == true)
        #expect(state.guest(uuid: PretendHost.uuid(2))?.interfaces[0].wanted.trust == nil)
    }

    @Test func statusAndDoctorShowTheOneThatHasIt() throws {
        let state = try Self.world().host.state()
        #expect(try Report(state).narrowed(to: Self.impostor).guests.map(\.name) == ["real"])
        let checks = try Diagnosis(state, DoctorCase.wellFacts, named: Self.impostor).checks
        #expect(checks.first { $0.code == .pinsOutside }?.guests == ["real"])
    }

    @Test func poolsAsWell() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.apply(host.create("eth3"))
        let uuid = try #require(host.networks["vfpool-eth3"]?.uuid)
        try host.addPoolByHand(Name(uuid), pf: "eth4")
        let state = try host.state()
        #expect(try state.pool(named: Name(uuid)).name == "vfpool-eth3")
        #expect(try Report(state).narrowed(to: Name(uuid)).pools.map(\.name) == ["vfpool-eth3"])
        // A document names networks by name alone.
        try host.addGuest("vm", [.network(Name(uuid))])
        #expect(try host.state().network(Name(uuid))?.configuration?.pfName == "eth4")
        #expect(try Report(host.state()).pools.map(\.guests) == [["vm"], []])
    }
}
