import Applying
import FoundationEssentials
import Journal
import Model
import Planning
import Reading
import SRIOV
import TestSupport
import Testing
import Text

/// A whole round on libvirt's own library, by its test driver, which knows nothing of PFs or VFs.
@Suite struct TestDriverTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A host of its own.
    private func open() throws -> Host {
        let text = """
            <node><domain type='test'><name>test</name><uuid>\(PretendHost.uuid(1))</uuid><memory>8192</memory>
            <os><type>hvm</type></os><devices><interface type='bridge'><mac address='52:54:00:00:01:00'/>
            <source bridge='br0'/></interface></devices></domain></node>
            """
        try Data(text.utf8).write(to: URL(filePath: folder.path + "/host.xml"))
        return try Host.open("test://\(folder.path)/host.xml", readOnly: false)
    }

    private func state(_ host: Host, _ pfs: [PhysicalFunction]) throws -> State {
        var state = try host.state()
        state.pfs = pfs
        return state
    }

    @Test func wholeRound() throws {
        let pfs = try PretendHost([PretendPF("eth3", vfs: 4)]).pfs
        let host = try open()
        let journal = Journal(StateFolder(path: folder.path))
        func apply(_ plan: Plan) throws {
            let record = try journal.begin(plan, command: ["vfpool"], uri: host.uri)
            try Applier(LibvirtHypervisor(host), record: record).apply(plan)
        }
        func create() throws -> Plan {
            try CreatePlanner.plan(state(host, pfs), CreateRequest(pfs: [pfs[0]], uuid: PretendHost.poolUUID))
        }
        let before = try state(host, pfs)
        #expect(!before.supportsPorts)
        try apply(create())
        #expect(try create().isEmpty)
        let mac = MACAddress("52:54:00:aa:aa:aa")
        func add() throws -> Plan {
            try BindPlanner.plan(
                state(host, pfs), BindRequest(guest: "test", pool: "vfpool-eth3", adds: true, mac: mac, vlan: 7))
        }
        try apply(add())
        #expect(try add().isEmpty)
        // The driver shows only what runs, so what its networks start next can't be read, and is left alone.
        let network = try state(host, pfs).pool(named: "vfpool-eth3")
        #expect(!network.showsPersistent)
        try apply(
            UnbindPlanner.plan(
                state(host, pfs), [UnbindRequest(guest: "test", target: .function("eth3:2"))],
                History(journal, uri: host.uri)))
        #expect(try state(host, pfs).pool(named: "vfpool-eth3") == network)
        for _ in 0..<2 {
            let entry = try UndoPlanner.latest(in: journal, uri: host.uri)
            let plan = try UndoPlanner.plan(state(host, pfs), entry, journal)
            let record = try journal.begin(
                plan, command: ["vfpool"], uri: host.uri, origin: ChangeOrigin(undoes: entry.id))
            try Applier(LibvirtHypervisor(host), record: record).apply(plan)
        }
        #expect(try state(host, pfs).guest(named: "test").inactiveXML == before.guest(named: "test").inactiveXML)
        try apply(DeletePlanner.plan(state(host, pfs), pool: "vfpool-eth3"))
        #expect(try state(host, pfs).networks.map(\.name) == before.networks.map(\.name))
    }

    /// No VF that is free: the list is empty, and libvirt takes it.
    @Test func everythingHeld() throws {
        var pfs = try PretendHost([PretendPF("eth3", vfs: 2)]).pfs
        for index in pfs[0].functions.indices { pfs[0].functions[index].hostUses = [.otherNamespace] }
        let host = try open()
        let plan = try CreatePlanner.plan(state(host, pfs), CreateRequest(pfs: [pfs[0]], uuid: PretendHost.poolUUID))
        try Applier(LibvirtHypervisor(host), record: MemoryRecord()).apply(plan)
        #expect(try state(host, pfs).pool(named: "vfpool-eth3").configuration?.addresses.isEmpty == true)
        #expect(try state(host, pfs).pool(named: "vfpool-eth3").configuration?.pfName == nil)
    }

    // MARK: Naming a PF, as far as node devices tell

    @Test func portsByName() throws {
        let host = try open()
        let state = try state(
            host, PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 0)]).pfs)
        for name in ["eth3", "0000:03:00.0", "03:00.0", "a0:36:9f:03:00:00", "pci_0000_03_00_0", "a036.9f03.0000"] {
            #expect(try host.pf(name, in: state).netdev == "eth3", "\(name)")
        }
        func code(_ name: String) -> Failure? { #expect(throws: Failure.self) { try host.pf(name, in: state) } }
        #expect(code("eth9")?.code == .noSuchDevice)
        #expect(code("eth9")?.hints.contains { $0.text.contains("eth3 and eth4") } == true)
        #expect(code("0000:03:10.2")?.code == .isVirtualFunction)
        let made = #expect(throws: Failure.self) { try host.pf("0000:03:10.2", in: state, makesPool: true) }
        #expect(made?.hints.contains { $0.text.contains("vfpool create eth3") } == true)
    }
}
