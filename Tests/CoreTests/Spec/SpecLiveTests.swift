import Model
import Planning
import Spec
import TestSupport
import Testing
import Text

/// A running guest on the right pool, with another VLAN or other settings than the spec says: now, or at its next start.
@Suite struct SpecLiveTests {
    private static let mac = "52:54:00:00:00:10"

    private static func spec(_ said: String) -> String {
        "version: 1\nguests: {vm: [{mac: \"\(mac)\", pool: vfpool-eth3, \(said)}]}"
    }

    private static func host(_ inside: String = "") throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(
            host.create("eth3", portgroups: [Portgroup(name: "a", vlan: 5, isDefault: false)]))
        try host.addGuest(
            "vm",
            [
                .xml(
                    "<interface type='network'><mac address='\(mac)'/><source network='vfpool-eth3'/>\(inside)</interface>"
                )
            ], running: true)
        return host
    }

    private static func liveVLAN(_ host: PretendHost) throws -> Int? {
        try host.state().guests[0].liveInterfaces[0].vlan
    }

    @Test(arguments: ["vlan: 7", "portgroup: a"]) func `with live it is plugged anew, and taken back`(_ said: String)
        throws
    {
        var world = try JournalledHost(Self.host())
        let (spec, vlan) = (Self.spec(said), said == "vlan: 7" ? 7 : 5)
        let before = try world.host.guest("vm").persistent
        let found = try world.host.spec(spec, isLive: true)
        #expect(found.differences.map(\.verdict) == [.differs] && found.plan.cutsLink)
        let id = try world.apply(found.plan)
        #expect(try Self.liveVLAN(world.host) == vlan)
        #expect(try world.host.spec(spec, isLive: true).differences.isEmpty)
        try world.undo(id)
        #expect(try Self.liveVLAN(world.host) == nil)
        #expect(try world.host.guest("vm").persistent == before)
    }

    @Test func `without live it waits, is said to, and can be moved later`() throws {
        var host = try Self.host("<vlan><tag id='9'/></vlan>")
        let spec = Self.spec("vlan: null")
        try host.apply(host.spec(spec).plan)
        #expect(try Self.liveVLAN(host) == 9)
        let waits = try host.spec(spec)
        #expect(waits.differences.map(\.remark) == ["the running guest has VLAN 9 until its next start"])
        #expect(waits.differences.map(\.verdict) == [.waits] && waits.plan.isEmpty)
        var world = try JournalledHost(host)
        let id = try world.apply(world.host.spec(spec, isLive: true).plan)
        #expect(try Self.liveVLAN(world.host) == nil)
        #expect(try world.host.spec(spec, isLive: true).differences.isEmpty)
        // Taken back, it runs as it did, not as its document says.
        try world.undo(id)
        #expect(try Self.liveVLAN(world.host) == 9)
    }

    /// Both cards are unplugged, and what is to be left is plugged.
    @Test(arguments: [
        ("failover: null", "a failover pair", 1), ("failover: br7", "bridge br0", 2),
    ]) func `a pair that ends or leads elsewhere does so now`(_ said: String, _ remark: String, _ count: Int) throws {
        var host = try Self.host()
        try host.apply(host.spec(Self.spec("failover: br0"), isLive: true).plan)
        #expect(try host.state().guests[0].liveInterfaces.count == 2)
        var later = host
        var world = try JournalledHost(host)
        let before = try world.host.guest("vm").persistent
        let found = try world.host.spec(Self.spec(said), isLive: true)
        #expect(found.differences.map(\.verdict) == [.differs] && found.plan.cutsLink, "\(found.plan.words)")
        let id = try world.apply(found.plan)
        #expect(try world.host.state().guests[0].liveInterfaces.count == count)
        #expect(try world.host.spec(Self.spec(said), isLive: true).differences.isEmpty)
        try world.undo(id)
        #expect(try world.host.state().guests[0].liveInterfaces.count == 2)
        #expect(try world.host.guest("vm").persistent == before)
        #expect(try world.host.spec(Self.spec("failover: br0"), isLive: true).differences.isEmpty)
        // At its next start, and then now after all.
        try later.apply(later.spec(Self.spec(said)).plan)
        let waits = try later.spec(Self.spec(said), isLive: true)
        #expect(waits.differences.map(\.verdict) == [.waits] && waits.plan.cutsLink, "\(waits.plan.words)")
        #expect(waits.differences.allSatisfy { $0.remark?.contains(remark) ?? false }, "\(waits.differences)")
        try later.apply(waits.plan)
        #expect(try later.state().guests[0].liveInterfaces.count == count)
        #expect(try later.spec(Self.spec(said), isLive: true).differences.isEmpty)
    }

    @Test func `a document that was changed by hand is put back without touching what runs right`() throws {
        var host = try Self.host()
        let vm = try host.guest("vm")
        host.guests[vm.uuid]?.persistent = vm.persistent?.replacing(
            "<source network=\"vfpool-eth3\"/>", with: "<source network=\"vfpool-eth3\"/><vlan><tag id=\"8\"/></vlan>")
        let spec = Self.spec("vlan: null")
        let found = try host.spec(spec, isLive: true)
        #expect(found.differences.map(\.verdict) == [.differs] && !found.plan.cutsLink, "\(found.plan.words)")
    }

    @Test func `settings are given when it is plugged anew, once`() throws {
        var host = try Self.host()
        let spec = Self.spec("settings: {maxRate: 100}")
        #expect(try !host.spec(spec).plan.cutsLink)
        let live = try host.spec(spec, isLive: true)
        #expect(live.plan.cutsLink)
        try host.apply(live.plan)
        #expect(try host.spec(spec, isLive: true).differences.isEmpty)
    }
}
