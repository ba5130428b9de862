import Model
import Planning
import Reporting
import SRIOV
import TestSupport
import Testing
import Text
import XML

/// Pools over several PFs, planned.
@Suite struct SeveralPFTests {
    private func host(_ counts: Int...) throws -> PretendHost {
        try PretendHost(
            counts.enumerated().map { PretendPF("eth\(3 + 2 * $0)", bus: 3 + 2 * $0, vfs: $1, possible: 8) })
    }

    private func create(
        _ host: PretendHost, _ pfs: [Name] = ["eth3", "eth5"], name: Name? = "both", vlan: Int? = nil,
        selection: VFSelection = .all, order: FunctionOrder = .interleaved, adopt: Bool = false, count: Int? = nil
    ) throws -> Plan {
        let pfs = try pfs.map { try host.pf($0) }
        return try CreatePlanner.plan(
            host.state(),
            CreateRequest(
                pfs: pfs, name: name, vlan: vlan, selection: selection, order: order, adopt: adopt,
                resizes: count.map { count in pfs.map { ResizeRequest(pf: $0, count: count) } } ?? [],
                uuid: PretendHost.poolUUID))
    }

    /// `3/0 5/0 3/1`: bus and index of what the pool's document lists.
    private func list(_ host: PretendHost, _ pool: Name = "both") throws -> String {
        let state = try host.state()
        return try state.pool(named: pool).configuration?.addresses.map { address in
            "\(address.bus)/" + (state.function(at: address).map { String($0.index) } ?? "?")
        }.joined(separator: " ") ?? ""
    }

    /// The card is in another slot.
    private func move(_ host: inout PretendHost, _ index: Int, bus: UInt8) {
        func moved(_ address: PCIAddress) -> PCIAddress {
            PCIAddress(bus: bus, slot: address.slot, function: address.function)
        }
        host.pfs[index].address = moved(host.pfs[index].address)
        for place in host.pfs[index].functions.indices {
            host.pfs[index].functions[place].address = moved(host.pfs[index].functions[place].address)
        }
    }

    // MARK: Order

    @Test func `functions of each PF in turn`() throws {
        var host = try host(3, 2)
        try host.apply(create(host))
        #expect(try list(host) == "3/0 5/0 3/1 5/1 3/2")
        #expect(try host.pool("both").live?.addresses.count == 5)
        #expect(try create(host).isEmpty, "run again, there is nothing to do")
        refused(.poolDiffers) { try create(host, order: .numa) }
        refused(.poolDiffers) { try create(host, ["eth3"]) }
        var named = try self.host(1, 1, 1)
        try named.apply(create(named, ["eth7", "eth3"], name: nil))
        #expect(try list(named, "vfpool-eth7-eth3") == "7/0 3/0")
    }

    @Test func `those of the first PF's node before the others`() throws {
        var host = try host(2, 2, 2)
        for (index, node) in [0, 1, 0].enumerated() { host.pfs[index].numaNode = node }
        try host.apply(create(host, ["eth3", "eth5", "eth7"], order: .numa))
        #expect(try list(host) == "3/0 7/0 3/1 7/1 5/0 5/1")
        var other = try self.host(1, 1)
        try other.apply(create(other, ["eth5", "eth3"], order: .numa))
        #expect(try list(other) == "5/0 3/0", "whose node is not known, are of one")
    }

    @Test func `what others hold is left out, and nothing else changes its place`() throws {
        var host = try host(3, 3)
        try host.addGuest("off", [.pin("eth3", 1)])
        try host.apply(create(host, selection: VFSelection(included: nil, excluded: IndexSet([2]))))
        #expect(try list(host) == "3/0 5/0 5/1")
        #expect(try host.pool("both").reservations.map(\.ownerName) == ["off"])
        try host.apply(host.bind("off"))
        #expect(try list(host) == "3/0 5/0 3/1 5/1")
        #expect(try host.pool("both").reservations.isEmpty)
    }

    @Test func `all PFs get their VFs first`() throws {
        var host = try host(0, 2)
        try host.apply(create(host, count: 3))
        #expect(try list(host) == "3/0 5/0 3/1 5/1 3/2 5/2")
    }

    // MARK: Refusals

    @Test func `PFs that would treat a guest differently can't share a pool`() throws {
        var host = try host(2, 2)
        host.pfs[1].functions[1].settings = VFSettings(vlan: 42)
        host.pfs[0].functions[0].settings = VFSettings()
        host.pfs[1].functions[0].settings = VFSettings()
        refused(.pfsDiffer, hint: "ip link set dev eth5 vf 1 vlan 0") { try create(host) }
        #expect(try !create(host, vlan: 7).isEmpty, "its own VLAN is set on each")
        host.networks["both"] = nil
        // Who has it, keeps it.
        try host.addGuest("off", [.pin("eth5", 1)])
        #expect(try !create(host).isEmpty)
        host.pfs[0].isSwitchdev = true
        refused(.pfsDiffer, hint: "devlink") { try create(host) }
        host.pfs[0].isSwitchdev = nil
        host.pfs[1].isInfiniBand = true
        refused(.notEthernet) { try create(host) }
        let without = try self.host(2, 0)
        refused(.noVFsEnabled, hint: "vfpool create eth3 eth5 --vfs-count 8") { try create(without) }
    }

    @Test func `no VF is in two pools`() throws {
        var host = try host(2, 2)
        try host.apply(host.create("eth5"))
        refused(.poolExists, hint: "vfpool-eth5") { try create(host) }
        var other = try self.host(2, 2)
        try other.apply(create(other))
        refused(.poolExists) { try other.create("eth5") }
        refused(.overlappingVFs) {
            try other.create("eth3", selection: VFSelection(included: IndexSet("1"), excluded: IndexSet()))
        }
    }

    // MARK: The mark

    @Test func `a mark of one PF and one of several`() throws {
        var host = try host(2, 2)
        try host.apply(host.create("eth3"))
        let one = try #require(try host.pool("vfpool-eth3").configuration?.mark)
        #expect(one == PoolMark([PFMark(try host.pf("eth3"))]) && !one.isOfSeveral)
        var both = try self.host(2, 2)
        try both.apply(create(both, order: .numa))
        let mark = try #require(try both.pool("both").configuration?.mark)
        #expect(mark == PoolMark(try [PFMark(both.pf("eth3")), PFMark(both.pf("eth5"))], order: .numa))
    }

    /// A vfpool that knows pools of one PF alone reads what stands there for such a pool.
    @Test func `an older vfpool finds nothing to change in a pool over several PFs`() throws {
        var host = try host(2, 2)
        try host.apply(create(host))
        let document = try Document(parsing: try #require(try host.network("both").persistent))
        let mark = try #require(document.root.first("metadata")?.first("pool", in: PoolMark.namespace))
        try #require(mark.first("pf") == nil)
        mark.first("several")?.remove()
        host.networks["both"]?.persistent = document.serialized()
        let state = try host.state()
        let older = try #require(try state.pool(named: "both").configuration?.mark?.pfs.first)
        #expect(older.device == nil && older.address == nil && !older.selection.contains(0))
        #expect(try ReconcilePlanner.plan(state).isEmpty)
    }

    @Test func `an order of a later vfpool's stays as it is`() throws {
        var host = try host(2, 2)
        try host.apply(create(host))
        let document = try Document(parsing: try #require(try host.network("both").persistent))
        let mark = document.root.first("metadata")?.first("pool", in: PoolMark.namespace)
        mark?.first("several")?[attribute: "order"] = "by-weight"
        host.networks["both"]?.persistent = document.serialized()
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
    }

    // MARK: Adopting

    @Test(arguments: [["eth3"], ["eth5"], ["eth5", "eth3"]] as [[Name]])
    func `a network made by hand is taken as it is`(_ pfs: [Name]) throws {
        var host = try host(2, 3)
        let order: [(Name, Int)] = [("eth5", 1), ("eth3", 0), ("eth5", 0), ("eth3", 1)]
        try host.addPoolByHand("both", functions: order)
        try host.apply(create(host, pfs, adopt: true))
        #expect(try list(host) == "5/1 3/0 5/0 3/1")
        let mark = try #require(try host.pool("both").configuration?.mark)
        #expect(mark.order == .listed && mark.pfs.map(\.device) == ["eth5", "eth3"])
        #expect(mark.pfs.map { $0.selection.contains(2) } == [false, true], "of eth5 it had two of three")
        try host.addGuest("off", [.pin("eth3", 0)])
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try list(host) == "5/1 5/0 3/1")
    }

    @Test func `one that is listed in turn goes on so`() throws {
        var host = try host(2, 2)
        let order: [(Name, Int)] = [("eth5", 0), ("eth3", 0), ("eth5", 1), ("eth3", 1)]
        try host.addPoolByHand("both", functions: order)
        try host.apply(create(host, ["eth3"], adopt: true))
        #expect(try host.pool("both").configuration?.mark?.order == .interleaved)
        #expect(try list(host) == "5/0 3/0 5/1 3/1")
    }

    // MARK: What becomes of the PFs

    @Test func `a PF with another name, at another place`() throws {
        var host = try host(2, 2)
        try host.apply(create(host))
        host.pfs[0].netdev = "ens1"
        move(&host, 1, bus: 9)
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try list(host) == "3/0 9/0 3/1 9/1")
        #expect(try host.pool("both").configuration?.mark?.pfs.map(\.device) == ["ens1", "eth5"])
    }

    /// With the first card pulled, the second is where the first was, and has its name.
    @Test func `a PF that is gone is not the one in its place`() throws {
        var host = try host(2, 2)
        try host.apply(create(host))
        host.pfs.removeFirst()
        host.pfs[0].netdev = "eth3"
        move(&host, 0, bus: 3)
        let report = Report(try host.state())
        #expect(report.findings.contains { $0.code == .pfMissing && $0.message.contains("eth3 of pool both") })
        #expect(!report.findings.contains { $0.code == .pfReplaced })
        #expect(report.pools[0].pfs.map(\.title) == [nil, "eth3"])
        let plan = try ReconcilePlanner.plan(host.state())
        #expect(plan.warnings.contains { $0.message.contains("the pool goes on with eth3") })
        try host.apply(plan)
        #expect(try list(host) == "3/0 3/1")
    }

    @Test func `another card in the place of one is nobody's to hand out`() throws {
        var host = try host(2, 2)
        try host.apply(create(host))
        host.pfs[1].permanentMAC = MACAddress("a0:36:9f:aa:aa:aa")
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try list(host) == "3/0 3/1")
        #expect(Report(try host.state()).findings.contains { $0.code == .pfReplaced })
    }

    /// Whoever starts a pool's guests next: what is gone would be handed out as if it were there.
    @Test func `what is gone is kept from guests while the pool runs on`() throws {
        var host = try host(2, 2)
        try host.addGuest("g1", [.network("both")])
        try host.apply(create(host))
        host.pfs.removeLast()
        #expect(Report(try host.state()).findings.contains { $0.code == .stalePool })
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.pool("both").reservations.count == 2)
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        #expect(
            !Report(try host.state()).findings.contains { $0.code == .stalePool || $0.code == .orphanedReservation })
    }

    // MARK: Migrating

    @Test func `pins of each PF go to the pool that has their VFs`() throws {
        var host = try host(2, 2)
        try host.addGuest("g1", [.pin("eth3", 0)])
        try host.addGuest("g2", [.pin("eth5", 1)])
        try host.apply(create(host))
        try host.apply(host.migration().plan)
        for name in ["g1", "g2"] as [Name] {
            #expect(try host.state().guest(named: name).interfaces.first?.attachment.networkName == "both")
        }
        #expect(try list(host) == "3/0 5/0 3/1 5/1")
    }
}
