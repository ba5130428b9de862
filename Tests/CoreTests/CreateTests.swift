import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

@Suite struct CreateTests {
    /// Everything the plan does to a host where nobody else holds a VF.
    @Test func freePF() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        let plan = try host.create("eth3")
        #expect(plan.words == ["define vfpool-eth3", "start vfpool-eth3", "autostart vfpool-eth3"])
        #expect(plan.warnings.isEmpty)
        try host.apply(plan)
        let pool = try host.pool("vfpool-eth3")
        #expect(pool.configuration?.pfName == "eth3")
        #expect(pool.configuration?.isManagedByLibvirt == true)
        #expect(pool.live?.addresses.count == 4)
        #expect(pool.autostart && pool.isActive)
        let pf = try host.pf("eth3")
        #expect(
            pool.configuration?.mark
                == PoolMark([PFMark(device: "eth3", address: pf.address, mac: pf.permanentMAC)]))
        #expect(try host.create("eth3").isEmpty)
    }

    @Test func withoutStart() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("off", [.pin("eth3", 0)])
        try host.apply(host.create("eth3", autostart: false, start: false))
        let pool = try host.pool("vfpool-eth3")
        #expect(!pool.isActive && !pool.autostart)
        // Whoever starts it with virsh must not get the pin.
        #expect(pool.configuration?.addresses.count == 3)
        #expect(try host.create("eth3", autostart: false, start: false).isEmpty)
        // Started later, it covers all and reserves.
        try host.apply(host.create("eth3"))
        let live = try host.pool("vfpool-eth3")
        #expect(live.live?.addresses.count == 4)
        #expect(live.reservations.map(\.ownerName) == ["off"])
        #expect(live.configuration?.addresses.count == 3)
    }

    // MARK: Refusals

    @Test func refusesPFs() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 0, possible: 63), PretendPF("eth4", bus: 4, vfs: 2)])
        refused(.noVFsEnabled, hint: "--vfs-count 8") { try host.create("eth3") }
        refused(.noSuchVF, hint: "0-1") {
            try host.create("eth4", selection: VFSelection(included: IndexSet("1,2"), excluded: IndexSet()))
        }
        refused(.noSuchVF) {
            try host.create("eth4", selection: VFSelection(included: nil, excluded: IndexSet([7])))
        }
        refused(.badSelection) {
            try host.create("eth4", selection: VFSelection(included: IndexSet("1"), excluded: IndexSet(0...1)))
        }
        var nameless = host
        nameless.pfs[1].netdev = nil
        let pf = nameless.pfs[1]
        refused(.notNetworkDevice) {
            try CreatePlanner.plan(nameless.state(), CreateRequest(pfs: [pf], uuid: PretendHost.poolUUID))
        }
    }

    @Test(arguments: [0, -1, 4095, 70_000, Int.max]) func refusesVLAN(_ id: Int) throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4)])
        refused(.vlanOutOfRange) { try host.create("eth3", vlan: id) }
        refused(.vlanOutOfRange) {
            try host.create("eth3", portgroups: [Portgroup(name: "red", vlan: id, isDefault: false)])
        }
    }

    @Test func refusesPortgroups() throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4)])
        func groups(_ groups: (Name, Bool)...) throws -> Plan {
            try host.create("eth3", portgroups: groups.map { Portgroup(name: $0.0, vlan: 5, isDefault: $0.1) })
        }
        refused(.severalDefaults, hint: ":default") { try groups(("a", true), ("b", true)) }
        refused(.duplicatePortgroup) { try groups(("a", true), ("a", false)) }
        refused(.badPortgroup) { try groups(("", false)) }
        #expect(try !groups(("a", true), ("b", false)).isEmpty)
    }

    @Test(arguments: ["", "a/b", "-x", ".", "..", "a\nb", "a\u{0}b", String(repeating: "x", count: 300)])
    func refusesNames(_ name: String) throws {
        let host = try PretendHost([PretendPF("eth3", vfs: 4)])
        refused(.badName) { try host.create("eth3", name: Name(name)) }
    }

    @Test func refusesTakenNames() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addBridgedNetwork("lan")
        try host.addPoolByHand("hand", pf: "eth3")
        refused(.nameTaken, hint: "--name NAME") { try host.create("eth4", name: "lan") }
        refused(.nameTaken, hint: "--name NAME") { try host.create("eth4", name: "hand") }
        refused(.nameTaken) { try host.create("eth4", name: "lan", adopt: true) }
    }

    @Test func refusesSecondPools() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addPoolByHand("hand", pf: "eth3")
        refused(.poolExists, hint: "--adopt") { try host.create("eth3", name: "other") }
        try host.apply(host.create("eth4"))
        refused(.poolExists, hint: "--pool vfpool-eth4") { try host.create("eth4", name: "other") }
    }

    @Test func overlappingParts() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 8)])
        func part(_ text: String, name: Name? = nil) throws -> Plan {
            try host.create("eth3", name: name, selection: VFSelection(included: IndexSet(text), excluded: IndexSet()))
        }
        let first = try part("0-3")
        try host.apply(first)
        refused(.overlappingVFs) { try part("3-5", name: "second") }
        let second = try part("4-7", name: "second")
        try host.apply(second)
        #expect(try part("0-3").isEmpty)
        #expect(try part("4-7", name: "second").isEmpty)
        refused(.poolDiffers, hint: "net-edit") { try part("0-2") }
        let addresses = try ["vfpool-eth3", "second"].map { try host.pool($0).live?.addresses ?? [] }
        #expect(Set(addresses[0]).isDisjoint(with: addresses[1]))
        #expect(addresses[0].count == 4 && addresses[1].count == 4)
    }

    /// A pool by hand may take from several PFs.
    @Test func overlapsPoolOfTwoPFs() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addPoolByHand("mixed", functions: [("eth3", 0), ("eth4", 0)])
        refused(.poolExists) { try host.create("eth3") }
        refused(.poolExists) { try host.create("eth4") }
        refused(.overlappingVFs) {
            try host.create("eth4", selection: VFSelection(included: IndexSet("0-1"), excluded: IndexSet()))
        }
        try host.apply(
            host.create("eth4", selection: VFSelection(included: nil, excluded: IndexSet([0]))))
        #expect(try host.pool("vfpool-eth4").live?.addresses.count == 3)
    }

    @Test func differs() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(
            host.create("eth3", vlan: 42, portgroups: [Portgroup(name: "red", vlan: 43, isDefault: true)]))
        #expect(
            try host.create("eth3", vlan: 42, portgroups: [Portgroup(name: "red", vlan: 43, isDefault: true)]).isEmpty)
        refused(.poolDiffers) { try host.create("eth3") }
        refused(.poolDiffers) { try host.create("eth3", vlan: 41) }
        refused(.poolDiffers) {
            try host.create("eth3", vlan: 42, portgroups: [Portgroup(name: "red", vlan: 43, isDefault: false)])
        }
        let document = try Document(parsing: host.network("vfpool-eth3").persistent ?? "")
        #expect(try document.selectOne("/network/vlan/tag")[attribute: "id"] == "42")
        #expect(
            try document.selectOne("/network/portgroup[@name='red'][@default='yes']/vlan/tag")[attribute: "id"] == "43")
    }

    // MARK: Who holds what

    @Test func heldFunctions() throws {
        var functions = (0..<12).map { _ in PretendFunction() }
        functions[4] = .onHost("eth3v4", uppers: [("bridge", "br0")])
        functions[5] = .inContainer
        functions[6] = .onHost("eth3v6", up: true)
        functions[7].group = 900
        let system = try PretendSys([PretendPF("eth3", possible: 63, functions: functions)])
        try system.addProcess(4711, name: "dpdk", open: ["/dev/vfio/900"])
        var host = try PretendHost(system)
        host.pfs[0].functions[8].hostUses = [.address("192.0.2.1/24")]
        try host.addGuest("running", [.pin("eth3", 0)], running: true)
        try host.addGuest("off", [.pin("eth3", 1)])
        try host.addGuest("plain", [.hostdev("eth3", 2)])
        try host.addGuest("transient", [.hostdev("eth3", 3)], running: true, persistent: false)
        let plan = try host.create("eth3")
        let addresses = try host.pf("eth3").functions.map(\.address.description)
        let reserved = [
            "reserve \(addresses[0]) running", "reserve \(addresses[1]) off", "reserve \(addresses[2]) plain",
            "reserve \(addresses[3]) transient", "reserve \(addresses[4]) vfpool-host",
            "reserve \(addresses[7]) vfpool-host", "reserve \(addresses[8]) vfpool-host",
        ]
        // VF 5's netdev is elsewhere: libvirt could not start a pool of the whole PF, so it is left out.
        #expect(
            plan.words == ["define vfpool-eth3", "start vfpool-eth3"] + reserved + [
                "define vfpool-eth3", "autostart vfpool-eth3",
            ])
        try host.apply(plan)
        let pool = try host.pool("vfpool-eth3")
        // The transient guest's hold ends with its run.
        let safe = try [3, 6, 9, 10, 11].map { try host.address("eth3", $0) }
        #expect(pool.configuration?.addresses == safe)
        #expect(pool.configuration?.pfName == nil)
        #expect(pool.live?.addresses.count == 11)
        #expect(try host.create("eth3").isEmpty)
        #expect(plan.notes.count { $0.contains("count as free") && $0.contains("9") } == 1)
        #expect(!plan.notes.contains { $0.contains("VF 6 ") })
        // Every start from here gets a function that nobody has.
        for number in 0..<4 { try host.addGuest("new\(number)", [.network("vfpool-eth3")], running: true) }
        try host.addGuest("toomany", [.network("vfpool-eth3")])
        #expect(!host.canStart("toomany"))
        try host.startGuest("off")
        try host.startGuest("plain")
    }

    @Test func everythingHeld() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 2)])
        try host.addGuest("a", [.pin("eth3", 0)])
        try host.addGuest("b", [.pin("eth3", 1)], running: true)
        let plan = try host.create("eth3")
        #expect(plan.warnings.map(\.code) == [.noVFFree])
        try host.apply(plan)
        let pool = try host.pool("vfpool-eth3")
        #expect(pool.configuration?.addresses.isEmpty == true && pool.configuration?.pfName == nil)
        #expect(pool.reservations.count == 2)
        #expect(try host.create("eth3").isEmpty)
    }

    @Test func warnings() throws {
        var pf = PretendPF("eth3", functions: [.inGroup(5), .inGroup(5), PretendFunction()])
        pf.up = false
        var host = try PretendHost([pf])
        host.iommuEnabled = false
        let plan = try host.create("eth3")
        #expect(plan.warnings.map(\.code) == [.pfDown, .iommuOff, .sharedGroup])
        #expect(plan.warnings.allSatisfy { !$0.hints.isEmpty })
        #expect(plan.warnings.last?.message.contains("0-1") == true)
    }

    /// The test driver, and libvirt before 5.5, have no PFs: then only the safe functions are ever in the pool.
    @Test func withoutPorts() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        host.supportsPorts = false
        try host.addGuest("running", [.pin("eth3", 0)], running: true)
        try host.addGuest("off", [.pin("eth3", 1)])
        let plan = try host.create("eth3")
        #expect(plan.words == ["define vfpool-eth3", "start vfpool-eth3", "autostart vfpool-eth3"])
        #expect(plan.warnings.map(\.code) == [.noReservations])
        try host.apply(plan)
        #expect(try host.pool("vfpool-eth3").live?.addresses == [host.address("eth3", 2), host.address("eth3", 3)])
        #expect(try host.create("eth3").isEmpty)
    }

    // MARK: The PF's identity

    @Test func renamedPF() throws {
        var host = try PretendHost.pooled()
        host.pfs[0].netdev = "eth9"
        #expect(try host.create("eth9", name: "vfpool-eth3").words == ["define vfpool-eth3"])
        try host.apply(ReconcilePlanner.plan(host.state()))
        let configuration = try host.pool("vfpool-eth3").configuration
        #expect(configuration?.pfName == "eth9")
        #expect(configuration?.mark?.pfs.first?.device == "eth9")
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
        refused(.poolExists) { try host.create("eth9") }
    }

    @Test func replacedPF() throws {
        var host = try PretendHost.pooled { host in try host.addGuest("off", [.pin("eth3", 1)]) }
        host.pfs[0].permanentMAC = MACAddress("aa:bb:cc:00:11:22")
        let before = try host.network("vfpool-eth3").persistent
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.network("vfpool-eth3").persistent == before)
    }

    // MARK: Adoption

    @Test func adopts() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("off", [.pin("eth3", 1)])
        try host.addPoolByHand(
            "hand", pf: "eth3",
            inside:
                "<vlan><tag id='42'/></vlan><portgroup name='red' default='yes'><vlan><tag id='43'/></vlan></portgroup>"
        )
        refused(.nameTaken, hint: "--adopt") { try host.create("eth3", name: "hand") }
        refused(.poolDiffers) { try host.create("eth3", name: "hand", vlan: 42, adopt: true) }
        let plan = try host.create("eth3", adopt: true)
        #expect(plan.words == ["define hand", "reserve 0000:03:10.2 off", "define hand"])
        try host.apply(plan)
        let pool = try host.pool("hand")
        #expect(pool.isManaged && pool.configuration?.vlan == 42)
        #expect(pool.configuration?.portgroups == [Portgroup(name: "red", vlan: 43, isDefault: true)])
        #expect(pool.configuration?.addresses.count == 3)
        // The same again, both ways of saying it.
        #expect(try host.create("eth3", name: "hand", adopt: true).isEmpty)
        #expect(try host.create("eth3", adopt: true).isEmpty)
    }

    @Test func adoptsPart() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", functions: [("eth3", 1), ("eth3", 3)])
        try host.apply(host.create("eth3", adopt: true))
        #expect(
            try host.pool("hand").configuration?.mark?.pfs.first?.selection
                == VFSelection(included: IndexSet("1,3"), excluded: IndexSet()))
        #expect(try host.create("eth3", adopt: true).isEmpty)
        #expect(try host.create("eth3", name: "hand", adopt: true).isEmpty)
    }

    @Test func refusesAdoption() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        refused(.noSuchNetwork, hint: "vfpool create eth3") { try host.create("eth3", adopt: true) }
        try host.addPoolByHand("one", functions: [("eth3", 0)])
        try host.addPoolByHand("two", functions: [("eth3", 1)])
        refused(.ambiguousPool, hint: "--name two") { try host.create("eth3", adopt: true) }
        host.networks["two"]?.persistent = nil
        refused(.notAPool, hint: "net-define") { try host.create("eth3", name: "two", adopt: true) }
        try host.addPoolByHand(
            "trunk", functions: [("eth3", 2)], inside: "<vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>")
        refused(.vlanTrunk) { try host.create("eth3", name: "trunk", adopt: true) }
    }
}

extension PretendHost {
    func pool(_ name: Name) throws -> NetworkState { try state().pool(named: name) }
}
