import Model
import Planning
import Reporting
import SRIOV
import TestSupport
import Testing
import Text

/// Names that look alike in two spellings (NFC and NFD): to libvirt they are two.
@Suite struct AlikeNamesTests {
    private static let composed: Name = "caf\u{E9}"
    private static let decomposed: Name = "cafe\u{301}"

    /// Two guests with a VF of eth3 each, the second and third of its VFs.
    private static func world() throws -> JournalledHost {
        try JournalledHost(
            PretendHost.pooled(vfs: 6) { host in
                try host.addGuest(composed, [.pin("eth3", 1)])
                try host.addGuest(decomposed, [.pin("eth3", 2)])
            })
    }

    private func networks(_ host: PretendHost, _ guest: Name) throws -> [Name?] {
        try host.state().guest(named: guest).interfaces.map(\.attachment.networkName)
    }

    @Test func guestsAreBoundOneByOne() throws {
        var world = try Self.world()
        let id = try world.apply(world.host.bind(Self.decomposed))
        #expect(try networks(world.host, Self.decomposed) == ["vfpool-eth3"])
        #expect(try networks(world.host, Self.composed) == [nil])
        try world.apply(world.host.bind(Self.composed))
        #expect(try networks(world.host, Self.composed) == ["vfpool-eth3"])
        try world.undo(id)
        #expect(try networks(world.host, Self.decomposed) == [nil])
        #expect(try networks(world.host, Self.composed) == ["vfpool-eth3"])
    }

    @Test func guestsAreBoundTogether() throws {
        var world = try Self.world()
        let before = world.host
        let plan = try BindPlanner.plan(
            world.host.state(), [Self.composed, Self.decomposed].map { BindRequest(guest: $0) })
        #expect(plan.steps.count { if case .defineGuest = $0 { true } else { false } } == 2)
        let lines = Summary.guests(plan, verb: "Bound")
        #expect(lines.count == 2 && !lines[0].isSame(as: lines[1]))
        try world.apply(plan)
        for name in [Self.composed, Self.decomposed] {
            #expect(try networks(world.host, name) == ["vfpool-eth3"], "\(Array(name.string.utf8))")
        }
        try world.undo()
        #expect(Difference.between(before, world.host).isEmpty)
    }

    @Test func guestsAreMigratedAndLeftOut() throws {
        let world = try Self.world()
        let one = try world.host.migration(PretendHost.request([Self.decomposed]))
        #expect(one.rows.map(\.guest) == [Self.decomposed])
        let rest = try world.host.migration(PretendHost.request([], except: [Self.decomposed]))
        #expect(rest.rows.map(\.guest) == [Self.composed])
        #expect(try world.host.migration().rows.count == 2)
    }

    @Test func eachIsSaidItsOwnWarning() throws {
        var world = try Self.world()
        world.host.saved = Set(world.host.guests.keys)
        let plan = try BindPlanner.plan(
            world.host.state(), [Self.composed, Self.decomposed].map { BindRequest(guest: $0) })
        #expect(plan.warnings.count { $0.code == .savedState } == 2)
    }

    /// libvirt's grammar allows no such names, its daemon does.
    @Test func portgroupsHaveTheirOwnVLANs() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 6)])
        try host.addPoolByHand(
            "hand", pf: "eth3",
            inside: """
                <portgroup name='\(Self.composed)'><vlan><tag id='10'/></vlan></portgroup>\
                <portgroup name='\(Self.decomposed)'><vlan><tag id='20'/></vlan></portgroup>
                """)
        for (guest, portgroup, vlan) in [("a", Self.decomposed, 20), ("b", Self.composed, 10)] as [(Name, Name, Int)] {
            try host.addGuest(guest, [.network("hand", portgroup: portgroup)])
            // A pin has no portgroup to give it its VLAN.
            try host.apply(host.unbind(guest, .function("eth3:\(vlan / 10)")))
            #expect(try host.state().guest(named: guest).interfaces.first?.vlan == vlan)
        }
        var settings = PoolSettings()
        settings.portgroups[Self.composed] = WantedSettings()
        settings.portgroups[Self.composed]?.trust = true
        #expect(settings.portgroups[Self.decomposed] == nil)
    }

    @Test func poolsAreTwo() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addGuest("vm", [.bridge("br0")])
        try host.apply(host.create("eth3", name: Self.composed))
        try host.apply(host.create("eth4", name: Self.decomposed))
        try host.apply(host.bind("vm", pool: Self.decomposed))
        #expect(try networks(host, "vm") == [Self.decomposed])
        let report = Report(try host.state())
        #expect(report.pools.map(\.name) == [Self.decomposed, Self.composed])
        #expect(report.pools.map { $0.pf?.title } == ["eth4", "eth3"])
        #expect(report.pools.map(\.guests) == [["vm"], []])
        #expect(try report.narrowed(to: Self.composed).pools.map { $0.pf?.title } == ["eth3"])
        refused(.poolInUse) { try DeletePlanner.plan(host.state(), pool: Self.decomposed) }
        try host.apply(DeletePlanner.plan(host.state(), pool: Self.composed))
        #expect(host.networks.keys.sorted() == [Self.decomposed])
    }

    @Test func reportsAndChecksTellThemApart() throws {
        var world = try Self.world()
        try world.apply(world.host.bind(Self.decomposed))
        try world.host.startGuest(Self.composed)
        try world.host.startGuest(Self.decomposed)
        let report = Report(try world.host.state())
        #expect(report.guests.map(\.name) == [Self.decomposed, Self.composed])
        #expect(try report.narrowed(to: Self.composed).guests.map(\.isActive) == [true])
        let functions = report.pfs.flatMap(\.functions)
        #expect(functions.filter { $0.use == .taken }.compactMap(\.guest) == [Self.decomposed])
        #expect(functions.filter { $0.use == .outside }.compactMap(\.guest) == [Self.composed])
        let diagnosis = try Diagnosis(world.host.state(), DoctorCase.wellFacts, named: Self.decomposed)
        #expect(!diagnosis.checks.contains { $0.code == .pinsOutside && $0.severity == .note })
    }

    @Test func aNetdevIsItsBytes() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 2), PretendPF("eth4", bus: 4, vfs: 2)])
        host.pfs[0].netdev = Self.composed
        host.pfs[1].netdev = Self.decomposed
        try host.addPoolByHand("hand", pf: Self.decomposed)
        let state = try host.state()
        #expect(try state.pfs(of: state.pool(named: "hand")).first?.address == host.pfs[1].address)
    }

    // MARK: Documents

    /// A document that differs in nothing else is another one: to undo, to diffs, to what is read back.
    @Test func documentsAreTwo() throws {
        let (one, other) = ("<a>\(Self.composed)</a>", "<a>\(Self.decomposed)</a>")
        let change = DocumentChange(name: "vm", uuid: PretendHost.uuid(1), before: one, after: other)
        #expect(change != DocumentChange(name: "vm", uuid: PretendHost.uuid(1), before: one, after: one))
        let file = FileChange(path: "/etc/x", before: one, after: other)
        #expect(file != FileChange(path: "/etc/x", before: one, after: one))
        let report = try PlanReport(Plan([Plan.Item(.defineGuest(change)), Plan.Item(.writeFile(file))]))
        #expect(report.changes.map(\.subject.description) == ["guest vm", "file /etc/x"])
        #expect(report.changes.allSatisfy { !$0.diff.hunks.isEmpty })
        #expect(PlanReport.wholeChanges(Plan([Plan.Item(.defineGuest(change))])).count == 1)
    }

    @Test func anEditOfNothingElseIsSomebodys() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in
                try host.addGuest("vm", [.pin("eth3", 1)], extra: "<!-- \(Self.composed) -->")
            })
        let id = try world.apply(world.host.bind("vm"))
        let uuid = PretendHost.uuid(1)
        let document = try #require(world.host.guests[uuid]?.persistent)
        world.host.guests[uuid]?.persistent = document.replacing(
            bytes: Self.composed.string, with: Self.decomposed.string)
        refused(.movedOn) { try UndoPlanner.plan(world.host.state(), world.entry(id), world.journal) }
        // The same between a plan and its change.
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.pin("eth3", 1)], extra: "<!-- \(Self.composed) -->")
        }
        let plan = try host.bind("vm")
        let edited = host.guests[uuid]?.persistent?.replacing(
            bytes: Self.composed.string, with: Self.decomposed.string)
        host.guests[uuid]?.persistent = edited
        let failure = #expect(throws: Failure.self) { try host.apply(plan) }
        #expect(failure?.code == .changedMeanwhile)
    }
}
