import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

@Suite struct UnbindTests {
    /// What it was, from the journal: the same document, byte for byte.
    @Test(arguments: [PretendNIC.pin("eth3", 0), .hostdev("eth3", 0), .bridge("br0")])
    func former(_ interface: PretendNIC) throws {
        var world = try JournalledHost(
            PretendHost([PretendPF("eth3", vfs: 4)]))
        try world.host.addGuest("vm", [.bridge("br9"), interface])
        let before = try world.host.guest("vm").persistent
        try world.apply(world.host.create("eth3"))
        try world.apply(
            world.host.bind("vm", pool: "vfpool-eth3", interfaces: ["1"], newMAC: "52:54:00:aa:aa:aa"))
        let plan = try world.unbindPlan("vm")
        try world.apply(plan)
        #expect(try world.host.guest("vm").persistent == before)
        refused(.notBound) { try world.unbindPlan("vm") }
        // Who holds a VF again has it reserved again.
        let isPin = if case .bridge = interface { false } else { true }
        #expect(try world.host.pool("vfpool-eth3").reservations.map(\.ownerName) == (isPin ? ["vm"] : []))
    }

    /// A VLAN that it got on the pool since stays there: with it, the guest could not start on libvirt 9.0's bridges.
    @Test func formerWithoutTheVLANSince() throws {
        var world = try JournalledHost(PretendHost.pooled())
        try world.host.addGuest("vm", [.bridge("br0")])
        let before = try world.host.guest("vm").persistent
        try world.apply(world.host.bind("vm"))
        try world.apply(world.host.bind("vm", vlan: 42))
        let plan = try world.unbindPlan("vm")
        #expect(plan.warnings.map(\.code) == [.vlanChanges])
        try world.apply(plan)
        #expect(try world.host.guest("vm").persistent == before)
    }

    @Test func formerOfTeaming() throws {
        var world = try JournalledHost(PretendHost.teamed(running: false))
        let before = try world.host.guest("vm").persistent
        try world.apply(world.host.bind("vm"))
        try world.apply(world.unbindPlan("vm"))
        #expect(try world.host.guest("vm").persistent == before)
    }

    /// Twice bound and unbound, with another guest in between.
    @Test func formerOfTheNewestBind() throws {
        var world = try JournalledHost(PretendHost.pooled())
        try world.host.addGuest("vm", [.bridge("br0")])
        try world.apply(world.host.bind("vm"))
        try world.apply(world.unbindPlan("vm", .bridge("br1")))
        let second = try world.host.guest("vm").persistent
        try world.apply(world.host.bind("vm"))
        try world.apply(world.unbindPlan("vm"))
        #expect(try world.host.guest("vm").persistent == second)
    }

    @Test(arguments: [(true, false), (nil, false), (false, true)] as [(Bool?, Bool)])
    func warnsOfABridgeThatIsNotThere(_ isBridge: Bool?, _ warns: Bool) throws {
        let world = try JournalledHost(PretendHost.pooled())
        var host = world.host
        try host.addGuest("vm", [.network("vfpool-eth3")])
        let request = UnbindRequest(guest: "vm", target: .bridge("br9"), isBridge: isBridge)
        let plan = try UnbindPlanner.plan(host.state(), [request], History(world.journal, uri: PretendHost.uri))
        #expect(plan.warnings.contains { $0.message.contains("no Linux bridge br9") } == warns)
    }

    /// It may have gone since the guest was bound.
    @Test(arguments: [(nil, false), (["br0"], false), (["br1"], true)] as [(Set<Name>?, Bool)])
    func warnsOfAFormerBridgeThatIsNotThere(_ bridges: Set<Name>?, _ warns: Bool) throws {
        var world = try JournalledHost(PretendHost.pooled())
        try world.host.addGuest("vm", [.bridge("br0")])
        try world.apply(world.host.bind("vm"))
        var state = try world.host.state()
        state.bridges = bridges
        let plan = try UnbindPlanner.plan(
            state, [UnbindRequest(guest: "vm", target: .former)], History(world.journal, uri: PretendHost.uri))
        #expect(plan.warnings.contains { $0.message.contains("no Linux bridge br0") } == warns)
    }

    @Test func refuses() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in
                try host.addGuest("pin", [.pin("eth3", 0)])
                try host.addBridgedNetwork("lan")
            })
        try world.host.addGuest("vm", [.network("vfpool-eth3"), .network("lan"), .network("vfpool-eth3")])
        try world.host.addGuest("other", [.network("lan")])
        refused(.nothingKnown, hint: "--to-bridge") { try world.unbindPlan("vm") }
        refused(.notBound) { try world.unbindPlan("other") }
        refused(.notBound) { try world.unbindPlan("vm", interfaces: ["1"]) }
        refused(.noSuchNetwork, hint: "lan") { try world.unbindPlan("vm", .network("zzz")) }
        refused(.nameTaken, hint: "vfpool bind") { try world.unbindPlan("vm", .network("vfpool-eth3")) }
        refused(.noSuchVF, hint: "PF:INDEX") { try world.unbindPlan("vm", .function("eth3:9"), interfaces: ["0"]) }
        refused(.ambiguousInterface, hint: PretendHost.mac(2, 2)) { try world.unbindPlan("vm", .function("eth3:1")) }
        refused(.vfInUse, hint: "0000:03:10.2") { try world.unbindPlan("vm", .function("eth3:0"), interfaces: ["0"]) }
        refused(.guestNotRunning) { try world.unbindPlan("vm", .bridge("br0"), live: true) }
        refused(.noSuchGuest) { try world.unbindPlan("zzz") }
    }

    @Test func saysThatThereIsNoNetwork() throws {
        var world = try JournalledHost(PretendHost.pooled())
        try world.host.addGuest("vm", [.network("vfpool-eth3")])
        refused(.noSuchNetwork, hint: "networks here: none") { try world.unbindPlan("vm", .network("zzz")) }
    }

    /// One VF is not for two interfaces of one guest either.
    @Test func pinnedByItself() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.pin("eth3", 1), .network("vfpool-eth3")])
        try host.apply(ReconcilePlanner.plan(host.state()))
        refused(.vfInUse) { try host.unbind("vm", .function("eth3:1")) }
    }

    @Test func heldByHost() throws {
        var host = try PretendHost([
            PretendPF("eth3", functions: [.onHost("v0", uppers: [("bridge", "br0")]), .init()])
        ])
        try host.apply(host.create("eth3"))
        try host.addGuest("vm", [.network("vfpool-eth3")])
        refused(.vfInUse, hint: "0000:03:10.2") { try host.unbind("vm", .function("eth3:0")) }
        try host.apply(host.unbind("vm", .function("0000:03:10.2")))
        // Now none is safe at the next boot.
        #expect(try host.pool("vfpool-eth3").configuration?.addresses.isEmpty == true)
    }

    @Test func keepsEverythingElse() throws {
        var host = try PretendHost.pooled()
        try host.addGuest(
            "vm",
            [
                .xml(
                    """
                    <interface type='network'><mac address='52:54:00:00:00:aa'/><source network='vfpool-eth3'/>\
                    <link state='down'/><boot order='1'/><rom bar='off'/><alias name='ua-x'/>\
                    <address type='pci' domain='0x0000' bus='0x04' slot='0x00' function='0x0'/></interface>
                    """)
            ])
        for (target, type) in [(UnbindTarget.bridge("br0"), "bridge"), (.function("eth3:1"), "hostdev")] {
            var copy = host
            try copy.apply(copy.unbind("vm", target))
            let interface = try Document(parsing: copy.guest("vm").persistent ?? "").selectOne("//interface")
            #expect(interface[attribute: "type"] == type)
            #expect(
                interface.children.map(\.name).filter { $0 != "model" } == [
                    "mac", "source", "link", "boot", "rom", "alias", "address",
                ])
        }
    }

    /// A running guest that is to have, at its next start, the VF that it has through the pool: a documented limit.
    @Test func toTheFunctionItHas() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let plan = try host.unbind("vm", .function("eth3:0"))
        #expect(plan.warnings.map(\.code) == [.unprotected])
        #expect(plan.warnings.first?.hints.contains { $0.text.contains("vfpool reconcile") } == true)
        try host.apply(plan)
        try host.stopGuest("vm")
        #expect(try ReconcilePlanner.plan(host.state()).words == ["reserve 0000:03:10.0 vm"])
        // Live, there is no such gap: its VF is let go of, reserved, and plugged again.
        var other = try PretendHost.pooled()
        try other.addGuest("vm", [.network("vfpool-eth3")], running: true)
        let live = try other.unbind("vm", .function("eth3:0"), live: true)
        #expect(live.words == ["define vm", "unplug vm", "reserve 0000:03:10.0 vm", "define vfpool-eth3", "plug vm"])
        #expect(live.warnings.isEmpty)
        try other.apply(live)
    }

    @Test func refusesTransient() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true, persistent: false)
        refused(.transientGuest) { try host.unbind("vm", .bridge("br0")) }
    }
}
