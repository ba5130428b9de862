import SRIOV
import TestSupport
import Testing
import Text
import XML

@testable import Journal
@testable import Model
@testable import Planning
@testable import Reporting

/// Who holds functions by their netdevs, which guests wait for functions that are not there, and pools that lost their mark.
@Suite struct HolderTests {
    private static let passthrough =
        "<network><name>mvtap</name><forward mode='passthrough'><pf dev='eth3'/></forward></network>"

    /// A host whose VFs have netdevs.
    private static func host(_ count: Int = 3) throws -> PretendHost {
        try PretendHost([PretendPF("eth3", functions: (0..<count).map { .onHost("eth3v\($0)") })])
    }

    private func macvtap(_ device: String) -> PretendNIC {
        .xml("<interface type='direct'><source dev='\(device)' mode='passthrough'/></interface>")
    }

    // MARK: Networks that hand out macvtaps

    @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
    func aNetworkHoldsWhatItHandsOut(active: Bool, autostart: Bool) throws {
        var host = try Self.host()
        try host.addNetwork(Self.passthrough, active: active, autostart: autostart)
        var state = try host.state()
        for index in state.networks.indices where active { state.networks[index].liveDevices = ["eth3v1"] }
        let claims = state.claims
        let held = state.functions.map { claims[$0.address].first }
        #expect(held.map { $0 != nil } == [autostart, active || autostart, autostart])
        for claim in held.compactMap(\.self) {
            #expect(claim.kind == .network("mvtap") && claim.lastsOverReboot == autostart)
        }
    }

    @Test func itsGuestHasWhatItGotFromIt() throws {
        var host = try Self.host()
        try host.addNetwork(Self.passthrough)
        try host.addGuest("mv1", [.network("mvtap")])
        var state = try host.state()
        state.guests[0].isActive = true
        state.guests[0].liveInterfaces = [
            GuestInterface(
                index: 0, path: "", mac: state.guests[0].interfaces[0].mac,
                attachment: .direct(device: "eth3v0", mode: "passthrough"))
        ]
        state.pfs[0].functions[0].hostUses = [.upper(kind: "macvtap", name: "macvtap0")]
        let report = Report(state)
        let function = try #require(report.pfs.first?.functions.first)
        #expect(function.guest == "mv1" && function.use == .outside)
        #expect(!report.findings.contains { $0.code == .twoClaims }, "\(report.findings)")
        let request = MigrateRequest(createsPools: true, includesMacvtap: true)
        let migration = try PretendHost.migration(state, request)
        #expect(migration.rows.map(\.guest) == ["mv1"] && migration.rows.first?.pool == "vfpool-eth3")
        #expect(migration.plan.warnings.contains { $0.code == .macvtapNetwork })
        let kept = try PretendHost.migration(state, MigrateRequest(createsPools: true))
        #expect(kept.rows.isEmpty && kept.mentions.contains { $0.contains("--include-macvtap") })
    }

    @Test func aListOfNetdevsHoldsThoseAlone() throws {
        var host = try Self.host()
        try host.addNetwork(
            "<network><name>two</name><forward mode='passthrough'><interface dev='eth3v0'/><interface dev='eth3v2'/></forward></network>"
        )
        try host.apply(host.create("eth3"))
        let pool = try host.pool("vfpool-eth3")
        #expect(
            pool.reservations.compactMap(\.address).sorted() == [
                try host.address("eth3", 0), try host.address("eth3", 2),
            ])
        // Neither running nor starting at boot it holds nothing.
        try host.stopNetwork("two")
        try host.setAutostart("two", false)
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.pool("vfpool-eth3").reservations == [])
    }

    // MARK: Functions that are only to come

    @Test func aMacvtapOverANetdevThatIsAGuestsNow() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 3)])
        try host.addGuest("mv", [macvtap("eth3v1")])
        try host.apply(host.create("eth3"))
        #expect(try host.pool("vfpool-eth3").reservations.map(\.ownerName) == ["mv"])
    }

    @Test(arguments: ["eth3v1", "eth3v01", "eth3", "v1", "eth4v1", "eth3v"]) func usualNames(name: String) throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 3)])
        let found = try host.state().functionNames.function(ofNetdev: Name(name))
        #expect(found == (["eth3v1", "eth3v01"].contains(name) ? try host.address("eth3", 1) : nil))
    }

    @Test func aPoolStartsWithNoMoreThanItHasWhereAGuestWaits() throws {
        for waits in [true, false] {
            var host = try PretendHost([PretendPF("eth3", vfs: 3)])
            try host.addGuest("mv", [macvtap(waits ? "eth3v5" : "eth3v500")])
            try host.apply(host.create("eth3"))
            let configuration = try #require(host.pool("vfpool-eth3").configuration)
            #expect(
                configuration.pfName == (waits ? nil : "eth3") && configuration.addresses.count == (waits ? 3 : 0))
            #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        }
    }

    @Test func newFunctionsAreReservedInTheSamePlan() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 0)])
        try host.addGuest("mv", [macvtap("eth3v1")])
        let plan = try host.create("eth3", count: 3)
        #expect(
            plan.steps.contains {
                if case .reserve(_, let reservation) = $0 { reservation.ownerName == "mv" } else { false }
            })
    }

    // MARK: What is not there

    private static let hostdev = """
        <hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='7' slot='0x10' function='0'/></source></hostdev>
        """

    @Test func whatIsNotThereIsMissing() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("gone", [.xml(Self.hostdev)], autostart: true)
        try host.addGuest(
            "later",
            [
                .xml(
                    """
                    <interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:31'/><source><address type='pci' domain='0' \
                    bus='3' slot='0x11' function='0'/></source></interface>
                    """)
            ])
        var state = try host.state()
        #expect(!Report(state).findings.contains { $0.code == .missingVF }, "the host's devices are not known")
        state.devices = Set(state.functions.map(\.address))
        let found = Report(state).findings.filter { $0.code == .missingVF }
        #expect(found.map(\.guests) == [["gone"], ["later"]])
        #expect(found[0].message.contains(bytes: "0000:07:10.0") && found[0].message.contains(bytes: "boot"))
        #expect(
            found[0].hints.contains {
                $0.text.contains(bytes: "bind gone --pool vfpool-eth3 --interface 0000:07:10.0 --mac MAC")
            })
        #expect(
            found[1].hints.contains {
                $0.text.contains(bytes: "bind later --pool vfpool-eth3 --interface 52:54:00:00:00:31")
            })
    }

    @Test func aDeadHostdevIsPutOnAPool() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("gone", [.xml(Self.hostdev)])
        var state = try host.state()
        state.devices = Set(state.functions.map(\.address))
        func plan(_ mac: String?) throws -> Plan {
            try BindPlanner.plan(
                state,
                BindRequest(
                    guest: "gone", pool: "vfpool-eth3", interfaces: ["0000:07:10.0"],
                    mac: mac.flatMap { MACAddress($0) }))
        }
        #expect(throws: Failure.self) { try plan(nil) }
        try host.apply(try plan("52:54:00:00:00:41"))
        let guest = try #require(host.state().guests.first { $0.name == "gone" })
        #expect(guest.interfaces.map(\.attachment) == [.network(name: "vfpool-eth3", portgroup: nil)])
        #expect(guest.held == [] && guest.interfaces.first?.mac?.description == "52:54:00:00:00:41")
    }

    // MARK: Marks that are lost

    /// A pool with VF 0 pinned, defined anew without a mark.
    private static func anew(uuid: String? = nil) throws -> JournalledHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 3)])
        try host.addGuest("pinned", [.pin("eth3", 0)])
        var world = try JournalledHost(host)
        try world.apply(world.host.create("eth3", selection: VFSelection(included: nil, excluded: IndexSet([2]))))
        let network = try world.host.network("vfpool-eth3")
        if let uuid {
            world.host.networks["vfpool-eth3"]?.persistent = nil
            world.host.networks["vfpool-eth3"]?.live = nil
            world.host.networks["vfpool-eth3"] = nil
            try world.host.addNetwork(document(uuid), active: false)
        } else {
            try world.host.defineNetwork(document(network.uuid))
        }
        return world
    }

    private static func document(_ uuid: String) -> String {
        "<network><name>vfpool-eth3</name><uuid>\(uuid)</uuid><forward mode='hostdev' managed='yes'><pf dev='eth3'/></forward></network>"
    }

    @Test func theJournalKnowsTheMark() throws {
        var world = try Self.anew()
        let read = try world.host.state()
        #expect(read.pools.first?.isManaged == false)
        let state = world.journal.recalling(read)
        #expect(state.pools.first?.lostMark?.source == .journal)
        #expect(Report(state).findings.contains { $0.code == .markLost })
        let plan = try ReconcilePlanner.plan(state)
        try world.host.apply(plan)
        let pool = try world.host.pool("vfpool-eth3")
        #expect(pool.isManaged && pool.configuration?.mark?.pfs.first?.selection.contains(2) == false)
        #expect(pool.configuration?.addresses == [try world.host.address("eth3", 1)])
        #expect(try ReconcilePlanner.plan(world.journal.recalling(world.host.state())).isEmpty)
    }

    @Test func theJournalKnowsTheMarkAfterManyChangesMore() throws {
        var world = try Self.anew()
        for _ in 0..<100 { try world.apply(Plan()) }
        #expect(world.journal.recalling(try world.host.state()).pools.first?.lostMark?.source == .journal)
    }

    @Test func adoptingPutsItBackAsItWas() throws {
        let world = try Self.anew()
        let state = world.journal.recalling(try world.host.state())
        let request = CreateRequest(
            pfs: [try world.host.pf("eth3")], name: "vfpool-eth3", adopt: true, uuid: PretendHost.poolUUID)
        let after = try state.after(CreatePlanner.plan(state, request).items)
        #expect(after.pools.first?.configuration?.mark?.pfs.first?.selection.contains(2) == false)
    }

    /// Terraform makes it anew, with a UUID of its own.
    @Test func anotherNetworkOfItsNameIsTold() throws {
        let world = try Self.anew(uuid: PretendHost.uuid(99))
        let state = world.journal.recalling(try world.host.state())
        #expect(state.pools.first?.lostMark?.source == .journalByName)
        let plan = try ReconcilePlanner.plan(state)
        #expect(plan.isEmpty && plan.warnings.contains { $0.hints.contains { $0.text.contains(bytes: "--adopt") } })
        let request = CreateRequest(
            pfs: [try world.host.pf("eth3")], name: "vfpool-eth3", adopt: true, uuid: PretendHost.poolUUID)
        let after = try state.after(CreatePlanner.plan(state, request).items)
        #expect(after.pools.first?.configuration?.mark?.pfs.first?.selection.contains(2) == false)
    }

    @Test func whatVFPoolTookAwayIsNoPoolOfIts() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 3)]))
        try world.apply(world.host.create("eth3"))
        let uuid = try world.host.network("vfpool-eth3").uuid
        try world.apply(DeletePlanner.plan(world.host.state(), pool: "vfpool-eth3"))
        try world.host.addNetwork(Self.document(uuid), active: false)
        #expect(world.journal.recalling(try world.host.state()).pools.first?.lostMark == nil)
    }

    @Test func aPoolThatKeptItsMarkIsNotCalledLost() throws {
        let world = try JournalledHost(PretendHost.pooled())
        #expect(try ReconcilePlanner.plan(world.journal.recalling(world.host.state())).warnings.isEmpty)
    }

    /// It runs with the mark until it is started again.
    @Test func anAdoptionThatWasUndoneStaysUndone() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 3)])
        try host.addNetwork(Self.document(PretendHost.uuid(99)), active: false)
        var world = try JournalledHost(host)
        try world.apply(world.host.create("eth3", start: false, adopt: true))
        try world.host.startNetwork("vfpool-eth3")
        try world.undo()
        var read = try world.host.state()
        let live = try Document(parsing: #require(world.host.network("vfpool-eth3").live))
        read.networks[0].lostMark = LostMark(.running, live)
        #expect(read.networks[0].lostMark?.mark != nil && read.networks[0].hasLostMark)
        let state = world.journal.recalling(read)
        #expect(state.pools.first?.lostMark == nil)
        #expect(!Report(state).findings.contains { $0.code == .markLost })
        #expect(try ReconcilePlanner.plan(state).isEmpty)
    }

    /// Undo of what put a mark back leads to a pool that has lost it, not to a network that is none.
    @Test func aMarkThatWasPutBackAndTakenAwayAgainIsLost() throws {
        var world = try Self.anew()
        for _ in 0..<2 {
            let state = world.journal.recalling(try world.host.state())
            let id = try world.apply(
                CreatePlanner.plan(
                    state,
                    CreateRequest(
                        pfs: [world.host.pf("eth3")], name: "vfpool-eth3", adopt: true, uuid: PretendHost.poolUUID)))
            #expect(try world.host.pool("vfpool-eth3").isManaged)
            try world.undo(id)
            let found = world.journal.recalling(try world.host.state())
            #expect(found.pools.first?.lostMark?.source == .journal)
            #expect(Report(found).findings.contains { $0.code == .markLost })
        }
        try world.host.apply(ReconcilePlanner.plan(world.journal.recalling(world.host.state())))
        #expect(try world.host.pool("vfpool-eth3").isManaged)
    }
}
