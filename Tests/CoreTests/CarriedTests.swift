import FoundationEssentials
import SRIOV
import TestSupport
import Testing
import Text
import XML

@testable import Model
@testable import Planning
@testable import Reporting

/// What newer releases of libvirt have for devices, guests and networks: carried by each command, or refused or told by name.
@Suite struct CarriedTests {
    private static func pin(_ index: Int, _ inside: String) -> PretendNIC { .xml(MigrateTests.pin(index, inside)) }

    /// A host whose pool's document says this in its `<driver>`, running or from its next start on.
    private static func pooled(
        _ driver: String, isRunning: Bool = true, _ prepare: (inout PretendHost) throws -> Void = { _ in }
    ) throws -> PretendHost {
        var host = try PretendHost.pooled(prepare)
        let new = "<driver name=\"vfio\" \(driver)/>"
        let paths: [WritableKeyPath<PretendHost.Net, String?>] = isRunning ? [\.persistent, \.live] : [\.persistent]
        for path in paths {
            let text = host.networks["vfpool-eth3"]?[keyPath: path]
            host.networks["vfpool-eth3"]?[keyPath: path] = text?.replacing("<driver name=\"vfio\"/>", with: new)
        }
        #expect(host.networks["vfpool-eth3"]?.persistent?.contains(new) == true)
        return host
    }

    private static func failure(_ body: () throws -> Plan) -> Failure? {
        #expect(throws: Failure.self) { _ = try body() }
    }

    // MARK: <driver>

    @Test(arguments: [
        ("model=\"mlx5_vfio_pci\"", "the driver mlx5_vfio_pci,"), ("iommufd=\"yes\"", "iommufd='yes',"),
        ("model=\"mlx5_vfio_pci\" iommufd=\"yes\"", "the driver mlx5_vfio_pci and iommufd='yes',"),
    ])
    func `what a pin names of its driver has to be the pool's`(_ driver: String, _ words: String) throws {
        let guest = { (host: inout PretendHost) throws in
            try host.addGuest("vm", [Self.pin(0, "<driver name='vfio' \(driver)/>")])
        }
        let other = try PretendHost.pooled(guest)
        let refusal = Self.failure { try other.bind("vm") }
        #expect(
            refusal?.code == .cannotCarry && refusal?.message.contains("names " + words) == true, "\(refusal as Any)")
        #expect(refusal?.hints.contains { $0.text.contains(driver.replacing("\"", with: "'")) } == true)
        #expect(try other.migration().reasons == ["vm cannot-carry"])
        let dropped = try other.bind("vm", drop: ["driver"])
        #expect(dropped.notes.contains { $0.contains("the VFIO driver of its VF changes from ") })

        var world = try JournalledHost(Self.pooled(driver, guest))
        let before = try world.host.guest("vm").persistent
        let plan = try world.host.bind("vm")
        #expect(!plan.notes.contains { $0.contains("driver") })
        let id = try world.apply(plan)
        #expect(try world.host.guest("vm").persistent?.contains("<driver") == false)
        #expect(try world.host.migration().rows.isEmpty)
        let interface = try #require(Report(world.host.state()).guests.first?.interfaces.first)
        #expect(interface.next?.driver?.model == (driver.contains("mlx5") ? "mlx5_vfio_pci" : nil))
        #expect(interface.next?.driver?.iommufd == driver.contains("iommufd"))
        #expect(try !world.unbindPlan("vm").notes.contains { $0.contains("driver") })
        try world.undo(id)
        #expect(try world.host.guest("vm").persistent == before)
    }

    @Test func `what the pool names is told of a guest that names nothing`() throws {
        var world = try JournalledHost(
            Self.pooled("model=\"mlx5_vfio_pci\" iommufd=\"yes\"") { try $0.addGuest("vm", [.pin("eth3", 0)]) })
        let plan = try world.host.bind("vm")
        let words = "the VFIO driver of its VF changes from libvirt's choice to mlx5_vfio_pci with IOMMUFD"
        #expect(plan.notes.contains { $0.contains(words) }, "\(plan.notes)")
        let id = try world.apply(plan)
        let back = "the VFIO driver of its VF changes from mlx5_vfio_pci with IOMMUFD to libvirt's choice"
        for plan in [try world.unbindPlan("vm"), try world.undoPlan(id)] {
            #expect(plan.notes.contains { $0.contains(back) }, "\(plan.notes)")
        }
    }

    @Test func `IOMMUFD for all that a guest has goes with it, unless one device says no`() throws {
        var host = try PretendHost.pooled { host in
            for (number, inside) in ["", "<driver name='vfio' iommufd='yes'/>", "<driver iommufd='no'/>"].enumerated() {
                try host.addGuest(Name("vm\(number)"), [Self.pin(number, inside)])
                let text = try host.guest(Name("vm\(number)")).persistent ?? ""
                try host.defineGuest(text.replacing("<devices>", with: "<iommufd enabled='yes'/><devices>"))
            }
            try host.addGuest("plain", [Self.pin(3, "<driver iommufd='no'/>")])
        }
        for guest: Name in ["vm0", "vm1", "plain"] {
            let plan = try host.bind(guest)
            #expect(!plan.notes.contains { $0.contains("driver") }, "\(plan.notes)")
        }
        refused(.cannotCarry, hint: "iommufd='no'") { try host.bind("vm2") }
        try host.apply(host.bind("vm1"))
        #expect(try host.guest("vm1").persistent?.contains("<iommufd enabled=\"yes\"/>") == true)
    }

    @Test func `a pin has its pool's driver itself`() throws {
        let interface = try Document(
            parsing:
                "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='p'/><driver name='vfio'/></interface>"
        ).root
        var rewrite = InterfaceRewrite(interface)
        let address = try #require(PCIAddress("0000:03:10.0"))
        rewrite.toFunction(
            address, isManaged: true, driver: FunctionDriver(model: "mlx5_vfio_pci", iommufd: true))
        #expect(interface.children.map(\.name) == ["mac", "driver", "source"])
        let attributes = interface.first("driver")?.attributes.map { "\($0.name) \($0.value)" }
        #expect(attributes == ["name vfio", "model mlx5_vfio_pci", "iommufd yes"])
        rewrite.toFunction(address, isManaged: true)
        #expect(interface.children.map(\.name) == ["mac", "source"])
    }

    @Test func `a pool that was edited while it runs gets its driver when no guest uses it`() throws {
        var host = try Self.pooled("model=\"mlx5_vfio_pci\"", isRunning: false) {
            try $0.addGuest("vm", [.bridge("br0")])
        }
        try host.apply(host.bind("vm"))
        #expect(try host.pool("vfpool-eth3").live?.driver.model == "mlx5_vfio_pci", "every change brings pools in line")
        host = try Self.pooled("model=\"mlx5_vfio_pci\"", isRunning: false) { host in
            try host.addGuest("other", [.bridge("br0")])
        }
        try host.addGuest("user", [.network("vfpool-eth3")], running: true)
        let stale = Report(try host.state()).findings.filter { $0.code == .stalePool }
        #expect(
            stale.first?.message.contains("the VFIO driver libvirt's choice, not mlx5_vfio_pci") == true, "\(stale)")
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty, "it is in use")
        try host.stopGuest("user")
        try host.apply(ReconcilePlanner.plan(host.state()))
        #expect(try host.pool("vfpool-eth3").live?.driver.model == "mlx5_vfio_pci")
        #expect(
            try ReconcilePlanner.plan(host.state()).isEmpty
                && !Report(host.state()).findings.contains { $0.code == .stalePool })
    }

    // MARK: Devices

    /// On the grammar of any release: what was there before is not held against a plan.
    @Test func `NUMA nodes stay with a VF, and an emulated card is told to have none`() throws {
        let acpi = "<acpi index='7' nodeset='0-1'/>"
        var world = try JournalledHost(PretendHost.pooled { try $0.addGuest("vm", [Self.pin(0, acpi)]) })
        let id = try world.apply(world.host.bind("vm"))
        #expect(try world.host.state().guest(named: "vm").interfaces[0].acpiNodes == "0-1")
        #expect(try Report(world.host.state()).guests.first?.interfaces.first?.acpiNodes == "0-1")
        let plan = try world.unbindPlan("vm", .bridge("br0"))
        #expect(
            plan.notes.contains { $0.contains("loses acpi nodeset 0-1, which only a device of the host can have") },
            "\(plan.notes)")
        #expect(plan.steps.compactMap(\.documentChange).first?.after?.contains("<acpi index=\"7\"/>") == true)
        let pinned = try world.unbindPlan("vm", .function("eth3:1"))
        #expect(pinned.steps.compactMap(\.documentChange).first?.after?.contains("nodeset=\"0-1\"") == true)
        try world.undo(id)
        #expect(try world.host.guest("vm").persistent?.contains("nodeset=\"0-1\"") == true)
    }

    @Test func `what only a plain hostdev can have is named`() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest(
                "vm",
                [
                    .xml(
                        """
                        <hostdev mode='subsystem' type='pci' managed='yes' display='off'><source writeFiltering='no'>\
                        <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source></hostdev>
                        """)
                ])
        }
        let plan = try host.bind("vm", mac: "52:54:00:00:77:01")
        #expect(
            plan.notes.contains {
                $0.contains("loses display off, writeFiltering no, which only a plain hostdev can have")
            }, "\(plan.notes)")
    }

    // MARK: Titles

    @Test func `titles and descriptions stay`() throws {
        let words = Titles(title: "A title", description: "Its <text>\nof two lines")
        let elements = "<title>A title</title><description>Its &lt;text&gt;\nof two lines</description>"
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.pin("eth3", 0)])
            try host.defineGuest(
                try host.guest("vm").persistent?.replacing("<memory", with: elements + "<memory", maxReplacements: 1)
                    ?? "")
        }
        let paths: [WritableKeyPath<PretendHost.Net, String?>] = [\.persistent, \.live]
        for path in paths {
            let text = host.networks["vfpool-eth3"]?[keyPath: path]
            host.networks["vfpool-eth3"]?[keyPath: path] = text?.replacing("<metadata>", with: elements + "<metadata>")
        }
        var world = try JournalledHost(host)
        func check(_ what: Comment) throws {
            let report = Report(try world.host.state())
            #expect(report.guests.first?.titles == words && report.pools.first?.titles == words, what)
        }
        let changes: [(PretendHost) throws -> Plan] = [
            { try $0.bind("vm") }, { try $0.set("vfpool-eth3", SettingsRequest.of("max-rate=5")) },
            { try $0.resize("eth3", 8) },
        ]
        try check("as they were")
        var ids: [String] = []
        for change in changes {
            ids.append(try world.apply(change(world.host)))
            try check("after \(ids)")
        }
        try world.apply(world.unbindPlan("vm"))
        try check("unbound")
        try world.undo()
        for id in ids.reversed() {
            try world.undo(id)
            try check("\(id) undone")
        }
    }

    // MARK: What libvirt adds

    /// Recorded: what vfpool wrote to libvirt 11.3, and what that wrote back: with a controller more, and addresses.
    @Test func `what libvirt adds to a document is no difference, what it forgets is`() throws {
        func text(_ name: String) throws -> String {
            let tests = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
            return try String(contentsOfFile: "\(tests)/Fixtures/written/\(name).xml", encoding: .utf8)
        }
        let (planned, stored) = (try text("q35.planned"), try text("q35.stored"))
        let count = { (text: String) in text.split(separator: "<controller ").count - 1 }
        #expect(count(stored) == count(planned) + 1)
        #expect(try StoredDocument.differences(planned: planned, stored: stored) == [])
        for lost in [
            "<acpi index='7'/>", "<title>A title</title>", "<source network='vfpool-eth3'/>",
            "<teaming type='persistent'/>",
        ] {
            #expect(stored.contains(lost))
            let differences = try StoredDocument.differences(planned: planned, stored: stored.replacing(lost, with: ""))
            #expect(!differences.isEmpty, "\(lost)")
        }
        let named = stored.replacing(
            "<source network='vfpool-eth3'/>",
            with: "<driver name='vfio' iommufd='yes'/><source network='vfpool-eth3'/>")
        #expect(try StoredDocument.differences(planned: named, stored: stored).isEmpty == false)
    }
}
