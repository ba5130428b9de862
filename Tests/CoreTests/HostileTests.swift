import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text

/// Guests and networks whose documents mean harm. Whoever may define a guest may write any of these.
@Suite(.timeLimit(.minutes(10))) struct HostileTests {
    private static let entities = """
        <!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
        <domain><name>&c;</name><devices/></domain>
        """
    private static let documents = [
        entities,
        "<!DOCTYPE domain SYSTEM \"file:///etc/passwd\"><domain><devices/></domain>",
        String(repeating: "<domain>", count: 100_000),
        "<domain>" + String(repeating: "<devices>", count: 5000) + String(repeating: "</devices>", count: 5000)
            + "</domain>",
        "<domain><devices>" + String(repeating: "<interface type='bridge'/>", count: 400_000) + "</devices></domain>",
        "<domain><devices><interface " + (0..<3000).map { "a\($0)='x' " }.joined() + "/></devices></domain>",
        "", "\u{0}", "<domain/>", "<network/>", "<domain><devices/></domain><domain/>",
    ]

    @Test(arguments: documents.indices) func guests(_ number: Int) throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.bridge("br0")])
        var state = try host.state()
        state.guests[0].inactiveXML = Self.documents[number]
        let time = processorTime {
            refused(.invalidDocument) { try BindPlanner.plan(state, BindRequest(guest: "vm", pool: "vfpool-eth3")) }
        }
        #expect(time < .seconds(10))
    }

    @Test(arguments: documents.indices) func networks(_ number: Int) throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.pin("eth3", 0)])
        var state = try host.state()
        state.networks[0].inactiveXML = Self.documents[number]
        refused(.invalidDocument) { try ReconcilePlanner.plan(state) }
    }

    /// Elements of the same names in a foreign namespace, before the real ones: they are nobody's interfaces.
    @Test func foreignDevices() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.bridge("br0"), .bridge("br1")])
        let text = try host.guest("vm").persistent ?? ""
        try host.defineGuest(
            text.replacing(
                "<devices>",
                with: "<devices><x:interface xmlns:x='urn:x' type='bridge'><x:mac address='no'/></x:interface>"))
        let guest = try host.state().guest(named: "vm")
        #expect(guest.interfaces.map(\.mac?.description) == [PretendHost.mac(1, 0), PretendHost.mac(1, 1)])
        let plan = try host.bind("vm", interfaces: [PretendHost.mac(1, 0)])
        try host.apply(plan)
        let bound = try host.state().guest(named: "vm").interfaces
        #expect(bound.map(\.attachment) == [.network(name: "vfpool-eth3", portgroup: nil), .bridge("br1")])
        #expect(try host.guest("vm").persistent?.contains("<x:mac address=\"no\"/>") == true)
    }
}
