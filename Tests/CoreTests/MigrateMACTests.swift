import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// A guest keeps its MAC: where it comes from, and when there is none.
@Suite struct MigrateMACTests {
    private static let known = "52:54:00:99:99:0"

    private static func mac(_ number: Int) throws -> MACAddress { try #require(MACAddress(known + String(number))) }

    /// A running guest with a plain hostdev, of which every source tells another MAC.
    private static func richState() throws -> State {
        let host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.hostdev("eth3", 0)], running: true)
        }
        var state = try host.state()
        state.pfs[0].functions[0].settings = VFSettings(mac: try mac(3))
        state.pfs[0].functions[0].netdev = "eth3v0"
        state.pfs[0].functions[0].netdevMAC = try mac(4)
        state.guests[0].liveInterfaces[0].mac = try mac(2)
        return state
    }

    @Test func `each source in its turn`() throws {
        var state = try Self.richState()
        let given = PretendHost.request(["vm"], macs: ["vm 0000:03:10.0 \(Self.known)1"])
        let plain = PretendHost.request(["vm"])
        func source(_ request: MigrateRequest) throws -> String {
            try PretendHost.migration(state, request).sources.joined()
        }
        #expect(try source(given) == "vm \(Self.known)1 as given")
        #expect(try source(plain) == "vm \(Self.known)2 from the running guest")
        state.guests[0].liveInterfaces[0].mac = nil
        #expect(try source(plain) == "vm \(Self.known)3 set on the VF through its PF")
        state.pfs[0].functions[0].settings = VFSettings(mac: MACAddress("00:00:00:00:00:00"))
        #expect(try source(plain) == "vm \(Self.known)4 that of the VF's netdev eth3v0")
        // What a driver makes up at each probe is nobody's MAC.
        state.pfs[0].functions[0].hasRandomMAC = true
        #expect(MigratePlanner.guestsToAsk(state, plain) == [state.guests[0].uuid])
        // A new interface has a MAC of its own.
        #expect(BindPlanner.guestsToAsk(state, BindRequest(guest: state.guests[0].name)) == [state.guests[0].uuid])
        #expect(BindPlanner.guestsToAsk(state, BindRequest(guest: state.guests[0].name, adds: true)) == [])
        state.agentMACs[state.guests[0].uuid] = [try Self.mac(5), try #require(MACAddress("00:00:00:00:00:00"))]
        #expect(try source(plain) == "vm \(Self.known)5 from the guest's agent")
        state.agentMACs = [:]
        refused(.noMAC, hint: "--mac vm:0000:03:10.0=MAC") { try PretendHost.migration(state, plain).plan }
        #expect(try source(given) == "vm \(Self.known)1 as given")
    }

    /// The pool handed the VF out while its guest was off, or the daemon died before it put the VF's own MAC back.
    @Test func `not one that is another guest's`() throws {
        var state = try Self.richState()
        let plain = PretendHost.request(["vm"])
        var other = try #require(
            try PretendHost.pooled { host in try host.addGuest("web", [.pin("eth3", 1)]) }.state().guests.first)
        other.uuid = "11111111-2222-4333-8444-00000000000f"
        state.guests.append(other)
        state.guests[0].liveInterfaces[0].mac = nil
        let mac = try #require(other.interfaces[0].mac)
        state.pfs[0].functions[0].settings = VFSettings(mac: mac)
        #expect(
            try PretendHost.migration(state, plain).sources == ["vm \(Self.known)4 that of the VF's netdev eth3v0"])
        state.pfs[0].functions[0].netdevMAC = mac
        let failure = #expect(throws: Failure.self) { try PretendHost.migration(state, plain).plan }
        #expect(failure?.code == .noMAC, "\(String(describing: failure))")
        #expect(failure?.cause?.contains("the one on the VF, \(mac), is guest web's") == true)
    }

    @Test func `the agent is asked only where nobody else knows`() throws {
        let state = try Self.richState()
        #expect(MigratePlanner.guestsToAsk(state, PretendHost.request(["vm"])) == [])
        #expect(MigratePlanner.guestsToAsk(state, PretendHost.request()) == [])
    }

    @Test func `an agent that tells several, or that of another, is not believed`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.bridge("br0"), .hostdev("eth3", 0)], running: true)
            try host.addGuest("two", [.hostdev("eth3", 1), .hostdev("eth3", 2)], running: true)
        }
        for index in 0..<3 { host.pfs[0].functions[index].settings = nil }
        var state = try host.state()
        let (vm, two) = (state.guests.first { $0.name == "vm" }, state.guests.first { $0.name == "two" })
        let (bridge, own) = (try #require(MACAddress(PretendHost.mac(1, 0))), try Self.mac(1))
        let uuid = try #require(vm?.uuid)
        for told in [[bridge], [bridge, own, try Self.mac(2)], [], [try #require(MACAddress("33:33:00:00:00:01"))]] {
            state.agentMACs[uuid] = told
            #expect(try PretendHost.migration(state).reasons.contains("vm no-mac"), "\(told)")
        }
        state.agentMACs[uuid] = [bridge, own]
        #expect(try PretendHost.migration(state).sources == ["vm \(own) from the guest's agent"])
        // Which of two hostdevs one MAC belongs to, nobody can say.
        state.agentMACs[try #require(two?.uuid)] = [try Self.mac(2)]
        #expect(try PretendHost.migration(state).reasons == ["two no-mac"])
    }

    @Test func `the other half of a pair has the same MAC`() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest(
                "vm",
                [
                    .xml(
                        """
                        <interface type='bridge'><mac address='\(Self.known)7'/><source bridge='br0'/>\
                        <model type='virtio'/><teaming type='persistent'/><alias name='ua-net0'/></interface>
                        """),
                    .xml(
                        """
                        <hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='3' slot='16' \
                        function='0'/></source><teaming type='transient' persistent='ua-net0'/></hostdev>
                        """),
                ])
        }
        let migration = try host.migration()
        #expect(migration.sources == ["vm \(Self.known)7 that of the other half of its pair"])
        var after = host
        try after.apply(migration.plan)
        let interfaces = try after.state().guest(named: "vm").interfaces
        #expect(interfaces.map(\.mac?.description) == [Self.known + "7", Self.known + "7"])
        #expect(interfaces.map(\.isTeamed) == [true, true])
        #expect(interfaces.last?.partner == "ua-net0")
    }

    /// It runs on what the pool gave it, and its document has the fixed ones again: the place in the guest tells which is
    /// which, for the functions may have changed places.
    @Test func `from the running guest, by its place and not by its function`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.hostdev("eth3", 1), .hostdev("eth3", 0)])
        }
        let before = try host.guest("vm").persistent
        let macs = ["vm 0000:03:10.2 \(Self.known)1", "vm 0000:03:10.0 \(Self.known)2"]
        try host.apply(host.migration(PretendHost.request(macs: macs)).plan)
        try host.startGuest("vm")
        try host.defineGuest(before ?? "")
        #expect(
            try host.migration().sources == [
                "vm \(Self.known)1 from the running guest", "vm \(Self.known)2 from the running guest",
            ])
    }

    /// The document was changed while the guest runs: what stands in that place now is another kind of NIC.
    @Test func `not that of a bridged NIC that ran in its place`() throws {
        var host = try PretendHost.pooled { host in try host.addGuest("vm", [.hostdev("eth3", 0)]) }
        let after = try host.guest("vm").persistent
        let document = try Document(parsing: after ?? "")
        let hostdev = try document.selectOne("/domain/devices/hostdev")
        let bridge = """
            <interface type='bridge'><mac address='\(Self.known)6'/><source bridge='br0'/>\
            <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>
            """
        hostdev.replace(with: try Document(parsing: bridge).root)
        try host.defineGuest(document.serialized())
        try host.startGuest("vm")
        try host.defineGuest(after ?? "")
        host.pfs[0].functions[0].settings = VFSettings(mac: try Self.mac(3))
        #expect(try host.migration().sources == ["vm \(Self.known)3 set on the VF through its PF"])
    }

    @Test func `a given MAC that is another than the known one is refused`() throws {
        let host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)]) }
        refused(.badMAC, hint: "leave out --mac") {
            try host.migration(PretendHost.request(["vm"], macs: ["vm 0000:03:10.0 \(Self.known)1"])).plan
        }
        let same = PretendHost.request(["vm"], macs: ["vm 0000:03:10.0 \(PretendHost.mac(1, 0))"])
        #expect(try host.migration(same).rows.count == 1)
    }

    @Test(arguments: ["00:00:00:00:00:00", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff"])
    func `a MAC that no interface can have is refused, wherever it comes from`(_ mac: String) throws {
        var host = try PretendHost.pooled { host in try host.addGuest("vm", [.hostdev("eth3", 0)]) }
        refused(.badMAC) {
            try host.migration(PretendHost.request(["vm"], macs: ["vm 0000:03:10.0 \(mac)"])).plan
        }
        host.pfs[0].functions[0].settings = VFSettings(mac: MACAddress(mac))
        let code: Failure.Code = mac.hasPrefix("00") ? .noMAC : .badMAC
        refused(code) { try host.migration(PretendHost.request(["vm"])).plan }
        #expect(try host.migration().reasons == ["vm \(code.rawValue)"])
    }

    @Test func `flags that fit nothing are mistakes`() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.hostdev("eth3", 0)])
            try host.addGuest("other", [.pin("eth3", 1)])
        }
        let mac = Self.known + "1"
        refused(.noSuchInterface, hint: "0000:03:10.0") {
            try host.migration(PretendHost.request(["vm"], macs: ["vm 0000:03:10.2 \(mac)"])).plan
        }
        refused(.noSuchGuest) {
            try host.migration(PretendHost.request(["vm"], macs: ["nobody 0000:03:10.0 \(mac)"])).plan
        }
        refused(.badMAC) { try host.migration(PretendHost.request(["vm"], macs: ["vm 0000:03:10.0 5254"])).plan }
        refused(.noSuchVF) { try host.migration(PretendHost.request(["vm"], macs: ["vm eth3 \(mac)"])).plan }
    }

    // MARK: The same MAC twice

    @Test func `two guests with one MAC are both left out, and each is refused`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("a", [.hostdev("eth3", 0)])
            try host.addGuest("b", [.hostdev("eth3", 1)])
            try host.addGuest("c", [.pin("eth3", 2)])
        }
        for index in 0..<2 { host.pfs[0].functions[index].settings = VFSettings(mac: try Self.mac(1)) }
        let migration = try host.migration()
        #expect(migration.reasons == ["a duplicate-mac", "b duplicate-mac"])
        #expect(migration.rows.map(\.guest) == ["c"])
        refused(.duplicateMAC, hint: "--mac a:0000:03:10.0=MAC") {
            try host.migration(PretendHost.request(["a", "b"])).plan
        }
        let apart = PretendHost.request(macs: ["a 0000:03:10.0 \(Self.known)2"])
        #expect(try host.migration(apart).reasons == [])
    }

    @Test func `nor may a bridged guest have it already`() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest("a", [.hostdev("eth3", 0)])
            try host.addGuest("b", [.bridge("br0")])
        }
        let request = PretendHost.request(["a"], macs: ["a 0000:03:10.0 \(PretendHost.mac(2, 0))"])
        refused(.duplicateMAC) { try host.migration(request).plan }
    }

    @Test func `nor another interface of the same guest`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("a", [.hostdev("eth3", 0), .hostdev("eth3", 1)])
        }
        for index in 0..<2 { host.pfs[0].functions[index].settings = VFSettings(mac: try Self.mac(1)) }
        #expect(try host.migration().reasons == ["a duplicate-mac"])
    }

    @Test func `a MAC is never made up`() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest("known", [.pin("eth3", 0)])
            try host.addGuest("unknown", [.pin("eth3", 1), .hostdev("eth3", 2)])
        }
        let migration = try host.migration()
        #expect(migration.reasons == ["unknown no-mac"])
        #expect(
            migration.leftOut.first?.failure.hints.contains { $0.text.contains("--mac unknown:0000:03:10.4=MAC") }
                == true)
        var after = host
        try after.apply(migration.plan)
        // A guest is done whole or not at all.
        #expect(try after.guest("unknown").persistent == host.guest("unknown").persistent)
        #expect(try after.places("known") == ["vfpool-eth3"])
    }
}
