import FoundationEssentials
import TestSupport
import Testing
import Text

@testable import Applying
@testable import Journal
@testable import Model
@testable import Planning
@testable import Reporting

/// Whose change it is, where a journal is shared, copied, or reached by another name.
@Suite struct HostIdentityTests {
    private static let one = "11111111-2222-4333-8444-000000000001"
    private static let two = "11111111-2222-4333-8444-000000000002"

    private static func host(
        _ name: String?, _ uuid: String? = nil, hardware: Bool = false, machine: String? = nil
    ) -> HostIdentity {
        HostIdentity(name: name, uuid: uuid, isHardware: hardware, machine: machine)
    }

    static let pairs: [(HostIdentity, HostIdentity, Bool?)] = [
        // Two machines with one state folder, each by its own libvirt.
        (host("a", machine: "m1"), host("b", machine: "m2"), false),
        (host("a", machine: "m1"), host("a", machine: "m2"), false),
        (host("a", machine: "m1"), host("renamed", machine: "m1"), true),
        // A copied image keeps its machine-id, on other hardware.
        (host("a", one, hardware: true, machine: "m1"), host("a", two, hardware: true, machine: "m1"), false),
        // Hardware without a UUID: libvirt makes one up at every start.
        (host("a", one, machine: "m1"), host("a", two, machine: "m1"), true),
        // Hardware whose maker gave all the same one.
        (host("a", one, hardware: true, machine: "m1"), host("b", one, hardware: true, machine: "m2"), false),
        // From elsewhere: two names for one host, one name for two.
        (host("a", one, hardware: true, machine: "m1"), host("a", one, hardware: true), true),
        (host("a", one, hardware: true), host("a.example.org", one.uppercased(), hardware: true), true),
        (host("a", one, hardware: true), host("a", two, hardware: true), false),
        (host("a", one), host("b", two), false), (host("a", one), host("a", two), nil),
        (host("a"), host("a"), nil), (host("a"), host("b"), false), (host(nil), host("a"), nil),
        (host(nil, one), host(nil), nil),
    ]

    @Test(arguments: pairs) func sameOrNot(_ one: HostIdentity, _ other: HostIdentity, _ expected: Bool?) {
        #expect(one.isSame(as: other) == expected)
        #expect(other.isSame(as: one) == expected)
    }

    @Test func thisMachine() throws {
        let tree = try FileTree([
            "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
            "sys/class/dmi/id/product_uuid": Self.one.uppercased() + "\n",
        ])
        let machine = HostIdentity.ofThisMachine(root: tree.root)
        #expect(machine.uuid == HostIdentity(uuid: Self.one).uuid && machine.isHardware == true)
        #expect(machine.machine?.count == 32 && machine.machine != "0123456789abcdef0123456789abcdef")
        #expect(machine.name?.isEmpty == false)
        for id in ["", "uninitialized\n", "00000000000000000000000000000000\n", "0123\n"] {
            let tree = try FileTree(["etc/machine-id": id, "sys/class/dmi/id/product_uuid": id])
            let machine = HostIdentity.ofThisMachine(root: tree.root)
            #expect(machine.machine == nil && machine.uuid == nil && machine.isHardware == nil, "\(id)")
        }
    }

    @Test(arguments: [
        ("qemu:///system", "qemu+ssh://root@a:22/system?keyfile=x", true),
        ("qemu:///system", "qemu+tls://b/system", true),
        ("qemu:///system", "qemu:///session", false), ("qemu:///session", "qemu+ssh://a/session", false),
        ("qemu:///system", "lxc:///system", false), ("qemu:///system", "qemu+unix:///system?socket=/s", true),
        ("test:///a", "test:///b", false), ("qemu:///system", "qemu://a/embed/system", false),
        ("qemu:///system", "", false),
    ])
    func uris(_ one: String, _ other: String, _ isOne: Bool) throws {
        let a = Self.host("a", Self.one, hardware: true)
        var header = try JSONDecoder().decode(EntryHeader.self, from: Data(Self.header.utf8))
        header.uri = one
        header.host = a
        #expect(ChangeHost(uri: other, host: a).isOrigin(of: header) == isOne)
        #expect(!ChangeHost(uri: one, host: Self.host("b", Self.two, hardware: true)).isOrigin(of: header))
        // Who does not know goes by the URI.
        #expect(ChangeHost(uri: one, host: nil).isOrigin(of: header))
        header.host = nil
        #expect(ChangeHost(uri: one, host: a).isOrigin(of: header))
        #expect(!ChangeHost(uri: other, host: a).isOrigin(of: header))
    }

    private static let header = """
        {"version": 1, "id": "x", "time": "", "command": [], "user": "", "uri": "", "process": 1, "steps": []}
        """

    // MARK: Undo

    private static let a = host("kvm7", one, hardware: true, machine: "m1")
    private static let b = host("kvm8", two, hardware: true, machine: "m2")

    /// Two hosts with one state folder, or one image: what the other did is not this one's to take back.
    @Test(arguments: [b, host("kvm7", two, hardware: true, machine: "m1"), host("kvm7", machine: "m2")])
    func anotherHost(_ other: HostIdentity) throws {
        var first = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]), on: Self.a)
        try first.host.addGuest("vm", [.pin("eth3", 0)])
        // The other host looks just the same.
        var second = first.on(other)
        try first.apply(first.host.create("eth3"))
        let bind = try first.apply(first.host.bind("vm"))
        second.host = first.host
        refused(.nothingToUndo, hint: "vfpool log") { try second.undoPlan() }
        refused(.otherHost, hint: "on host kvm7") { try second.undoPlan(bind) }
        // Nor does it know what was before.
        refused(.nothingKnown) { try second.unbindPlan("vm") }
        let own = try second.apply(second.unbindPlan("vm", .bridge("br0")))
        #expect(try UndoPlanner.latest(in: second.journal, uri: PretendHost.uri).id == own)
        #expect(try UndoPlanner.latest(in: first.journal, uri: PretendHost.uri).id == bind)
        #expect(try LogReport(first.journal, machine: Self.a).changes.map(\.isHere) == [false, true, true])
        try first.undo()
    }

    /// A name that leads to another machine now; and another name for the same one.
    @Test func remote() throws {
        let uri = "qemu+ssh://kvm/system"
        let there = Self.host("kvm7", Self.one, hardware: true)
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]), on: there)
        let create = try world.apply(world.host.create("eth3"), uri: uri)
        var state = try world.host.state()
        state.uri = uri
        let moved = world.on(Self.host("kvm8", Self.two, hardware: true)).journal
        refused(.otherHost, hint: "-c URI undo") { try UndoPlanner.plan(state, world.entry(create), moved) }
        #expect(throws: Failure.self) { try UndoPlanner.latest(in: moved, uri: uri) }
        state.uri = "qemu+tls://kvm7.example.org/system"
        #expect(try UndoPlanner.latest(in: world.journal, uri: state.uri).id == create)
        #expect(try !UndoPlanner.plan(state, world.entry(create), world.journal).isEmpty)
        // On the host itself, if it shares the journal.
        let local = world.on(Self.a).journal
        #expect(try UndoPlanner.latest(in: local, uri: "qemu:///system").id == create)
    }

    /// A journal from before hosts were noted is its URI's, as it was.
    @Test func earlierJournal() throws {
        var world = try JournalledHost(PretendHost([PretendPF("eth3", vfs: 4)]))
        let create = try world.apply(world.host.create("eth3"))
        #expect(try UndoPlanner.latest(in: world.on(Self.b).journal, uri: PretendHost.uri).id == create)
        #expect(try LogReport(world.journal, machine: Self.a).changes.map(\.isHere) == [nil])
    }

    @Test func resumption() throws {
        let batch = Batch.all[0]
        let (before, plan, _) = try batch.make()
        let folder = StateFolder(path: try TemporaryFolder().path)
        let journal = Journal(folder, host: Self.a)
        let record = try journal.begin(
            plan, command: ["vfpool", "migrate"], uri: PretendHost.uri,
            origin: ChangeOrigin(migration: batch.request))
        let killed = KilledRecord(record, after: 3) { before }
        #expect(throws: Failure.self) { try Applier(FaultyHypervisor(before), record: killed, width: 1).apply(plan) }
        #expect(try Resumption(journal, uri: PretendHost.uri).entry.id == record.id)
        let failure = #expect(throws: Failure.self) {
            try Resumption(Journal(folder, host: Self.b), uri: PretendHost.uri)
        }
        #expect(failure?.code == .nothingToResume)
    }
}
