import Journal
import Model
import Planning
import SRIOV
import TestSupport
import Text

/// A host, and a plan for it: one of every kind of change.
struct Scenario: Sendable, CustomStringConvertible {
    let description: String
    let make: @Sendable () throws -> (PretendHost, Plan)
    /// The same request again; nil where that is no request.
    let again: @Sendable (PretendHost) throws -> Plan?

    private init(
        _ description: String, _ host: @escaping @Sendable () throws -> PretendHost,
        _ request: @escaping @Sendable (PretendHost) throws -> Plan, repeats: Bool = true
    ) {
        self.description = description
        make = {
            let host = try host()
            return (host, try request(host))
        }
        again = { host in repeats ? try request(host) : nil }
    }

    /// - Parameter make: what happened before the plan, too.
    init(_ description: String, _ make: @escaping @Sendable () throws -> (PretendHost, Plan)) {
        self.description = description
        self.make = make
        again = { _ in nil }
    }

    static let all = [
        Scenario("create", { try PretendHost([PretendPF("eth3", vfs: 4)]) }, { try $0.create("eth3") }),
        Scenario("create with pins", pinned, { try $0.create("eth3") }),
        Scenario(
            "create part", pinned,
            { try $0.create("eth3", vlan: 7, selection: VFSelection(included: IndexSet("1-2"), excluded: IndexSet())) }),
        Scenario(
            "adopt",
            {
                var host = try pinned()
                try host.addPoolByHand("hand", pf: "eth3", active: false)
                return host
            }, { try $0.create("eth3", name: "hand", adopt: true) }),
        Scenario(
            "delete",
            {
                var host = try pinned()
                try host.apply(host.create("eth3"))
                return host
            }, { try DeletePlanner.plan($0.state(), pool: "vfpool-eth3") }, repeats: false),
        Scenario("bind", boundHost, { try $0.bind("off") }),
        Scenario(
            "bind after a reboot",
            {
                var host = try boundHost()
                try host.addGuest("third", [.pin("eth3", 4)])
                try host.apply(ReconcilePlanner.plan(host.state()))
                try host.reboot()
                return host
            }, { try $0.bind("off") }),
        Scenario("bind running", boundHost, { try $0.bind("running") }),
        Scenario("bind live", boundHost, { try $0.bind("running", live: true) }),
        Scenario("bind plain hostdev live", boundHost, { try $0.bind("plain", mac: "52:54:00:aa:bb:cc", live: true) }),
        Scenario("bind bridged live", boundHost, { try $0.bind("bridged", pool: "vfpool-eth3", live: true) }),
        Scenario(
            "add live", boundHost,
            { try $0.bind("running", pool: "vfpool-eth3", adds: true, mac: "52:54:00:aa:bb:cc", live: true) }),
        Scenario("bind a pair", boundHost, { try $0.bind("off", failover: "br0") }),
        Scenario("bind a pair live", boundHost, { try $0.bind("running", failover: "br0", live: true) }),
        Scenario(
            "bind a card's pair live", boundHost,
            { try $0.bind("bridged", pool: "vfpool-eth3", failover: "br0", live: true) }),
        Scenario(
            "unbind a pair live",
            {
                var host = try boundHost()
                try host.apply(host.bind("running", failover: "br0", live: true))
                return host
            }, { try $0.unbind("running", .bridge("br1"), live: true) }, repeats: false),
        Scenario("unbind to VF", unboundHost, { try $0.unbind("shut", .function("eth3:2")) }, repeats: false),
        Scenario(
            "unbind to VF live", unboundHost, { try $0.unbind("pooled", .function("eth3:2"), live: true) },
            repeats: false),
        Scenario(
            "unbind to bridge", unboundHost, { try $0.unbind("pooled", .bridge("br0"), live: true) }, repeats: false),
        Scenario("resize", { try PretendHost([PretendPF("eth3", vfs: 4)]) }, { try $0.resize("eth3", 6) }),
        Scenario(
            "resize under a pool", { try PretendHost.pooled { try $0.addGuest("off", [.pin("eth3", 1)]) } },
            { try $0.resize("eth3", 7, hostDrivers: false) }),
        Scenario(
            "create with VFs", { try PretendHost([PretendPF("eth3", vfs: 0, possible: 8)]) },
            { try $0.create("eth3", count: 6) }),
        Scenario("apply a spec", SpecPlanTests.bare, { try $0.spec(SpecPlanTests.whole).plan }),
        Scenario(
            "apply a spec to a pool", { try PretendHost.pooled(vfs: 6) { try $0.addGuest("off", [.pin("eth3", 1)]) } },
            {
                try $0.spec(
                    "version: 1\npools: {vfpool-eth3: {vfs: 0-3, vlan: 9, settings: {maxRate: 9}, portgroups: {a: {vlan: 5, settings: {trust: on}}}}}"
                ).plan
            }),
        // Its document is changed by bind, then by what takes its VLAN away, with the pool's upkeep between.
        Scenario(
            "apply a spec to a guest",
            {
                try PretendHost.pooled { host in
                    let address = PretendHost.xml(try host.pf("eth3").functions[1].address)
                    let nic =
                        "<interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:10'/><source>\(address)</source><vlan><tag id='6'/></vlan></interface>"
                    try host.addGuest("off", [.xml(nic)])
                }
            },
            {
                try $0.spec(
                    "version: 1\nguests: {off: [{mac: '52:54:00:00:00:10', pool: vfpool-eth3, vlan: null, settings: {trust: on}}]}"
                ).plan
            }),
        Scenario(
            "reconcile",
            {
                var host = try boundHost()
                try host.apply(host.bind("running"))
                try host.stopGuest("running")
                return host
            }, { try ReconcilePlanner.plan($0.state()) }),
    ]

    /// VF 0 pinned by a running guest, VF 1 by one that is shut off.
    @Sendable private static func pinned() throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 6)])
        try host.addGuest("running", [.pin("eth3", 0)], running: true)
        try host.addGuest("off", [.pin("eth3", 1)])
        return host
    }

    @Sendable private static func boundHost() throws -> PretendHost {
        var host = try pinned()
        try host.addGuest("plain", [.hostdev("eth3", 3)], running: true)
        try host.addGuest("bridged", [.bridge("br0")], running: true)
        try host.apply(host.create("eth3"))
        return host
    }

    @Sendable private static func unboundHost() throws -> PretendHost {
        var host = try pinned()
        try host.apply(host.create("eth3"))
        try host.addGuest("pooled", [.network("vfpool-eth3")], running: true)
        try host.addGuest("shut", [.network("vfpool-eth3")])
        // Who got VF 2, when the pool was made, leaves it.
        try host.addGuest("other", [.network("vfpool-eth3")], running: true)
        try host.stopGuest("pooled")
        try host.stopGuest("other")
        try host.startGuest("other")
        try host.startGuest("pooled")
        try host.stopGuest("other")
        return host
    }
}

extension PretendHost {
    func unbind(
        _ guest: Name, _ target: UnbindTarget, interfaces: [String] = [], live: Bool = false,
        journal: Journal = Journal(StateFolder(path: "/nowhere"))
    ) throws -> Plan {
        try UnbindPlanner.plan(
            state(), [UnbindRequest(guest: guest, interfaces: interfaces, target: target, live: live)],
            History(journal, uri: Self.uri))
    }
}
