import Libvirt
import SRIOV
import TestSupport
import Testing
import Text
import XML

@testable import Model
@testable import Planning

/// Which guests `vfpool migrate` turns to which pool, and which it leaves alone and why.
@Suite struct MigrateTests {
    // MARK: Every spelling

    @Test func `every kind of pin, on two PFs, in one plan`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 6), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addGuest("both", [.pin("eth3", 0), .bridge("br0"), .hostdev("eth4", 1)])
        try host.addGuest("running", [.pin("eth3", 1)], running: true, autostart: true)
        try host.addGuest(
            "decimal",
            [
                .xml(
                    """
                    <interface type='hostdev' managed='yes'><mac address='52:54:00:99:00:01'/><source>\
                    <address type='pci' domain='0' bus='3' slot='0x10' function='4'/></source></interface>
                    """)
            ])
        try host.addGuest("none", [.bridge("br0")])
        host.pfs[1].functions[1].settings = VFSettings(mac: MACAddress("52:54:00:99:00:02"))
        let migration = try host.migration(PretendHost.request(creates: true))
        #expect(
            migration.rows.map { "\($0.guest) \($0.interface) \($0.pool) \($0.effect.rawValue)" } == [
                "both 0 vfpool-eth3 now", "both 2 vfpool-eth4 now", "decimal 0 vfpool-eth3 now",
                "running 0 vfpool-eth3 next start",
            ])
        #expect(migration.leftOut.isEmpty)
        try host.apply(migration.plan)
        #expect(try host.places("both") == ["vfpool-eth3", "bridge br0", "vfpool-eth4"])
        #expect(try host.places("decimal") == ["vfpool-eth3"])
        #expect(try host.migration(PretendHost.request(creates: true)).plan.isEmpty)
        #expect(try host.migration().plan.isEmpty)
        // The running one keeps its VF, and the pool knows it.
        let pool = try #require(host.state().network("vfpool-eth3"))
        #expect(pool.reservations.map(\.ownerName) == ["running"])
        #expect(try host.guest("running").held == [host.address("eth3", 1)])
    }

    @Test func `what the interface has stays`() throws {
        let inside = """
            <vlan><tag id='42'/></vlan><boot order='1'/><alias name='ua-front'/><rom bar='off'/>\
            <address type='pci' domain='0x0000' bus='0x07' slot='0x00' function='0x0'/>
            """
        var host = try PretendHost.pooled { host in
            try host.addGuest(
                "interface",
                [
                    .xml(
                        """
                        <interface type='hostdev' managed='yes'><mac address='52:54:00:99:00:01'/><driver name='vfio'/>\
                        <source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source>\
                        \(inside)</interface>
                        """)
                ])
            try host.addGuest(
                "hostdev",
                [
                    .xml(
                        """
                        <hostdev mode='subsystem' type='pci' managed='yes'><driver name='vfio'/><source><address \
                        domain='0x0000' bus='0x03' slot='0x10' function='0x2'/></source><boot order='1'/>\
                        <alias name='ua-front'/><rom bar='off'/><address type='pci' domain='0x0000' bus='0x07' \
                        slot='0x00' function='0x0'/></hostdev>
                        """)
                ])
        }
        host.pfs[0].functions[1].settings = VFSettings(mac: MACAddress("52:54:00:99:00:02"), vlan: 42)
        try host.apply(host.migration().plan)
        for (name, mac): (Name, String) in [("interface", "52:54:00:99:00:01"), ("hostdev", "52:54:00:99:00:02")] {
            let document = try Document(parsing: host.guest(name).persistent ?? "")
            let devices = try document.selectOne("/domain/devices")
            let interface = try #require(devices.first("interface"))
            #expect(devices.first("hostdev") == nil)
            #expect(interface[attribute: "type"] == "network")
            #expect(interface[attribute: "managed"] == nil)
            #expect(interface.first("source")?[attribute: "network"] == "vfpool-eth3")
            #expect(interface.first("mac")?[attribute: "address"] == mac)
            #expect(interface.first(path: ["vlan", "tag"])?[attribute: "id"] == "42", "\(name)")
            #expect(interface.first("boot")?[attribute: "order"] == "1")
            #expect(interface.first("alias")?[attribute: "name"] == "ua-front")
            #expect(interface.first("rom")?[attribute: "bar"] == "off")
            #expect(interface.first("address")?[attribute: "bus"] == "0x07")
            #expect(interface.first("driver") == nil)
        }
    }

    // MARK: Who is meant

    @Test func `named guests, all but some, or one PF`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addGuest("a", [.pin("eth3", 0)])
        try host.addGuest("b", [.pin("eth4", 0), .pin("eth3", 1)])
        try host.addGuest("c", [.pin("eth4", 1)])
        try host.apply(host.create("eth3"))
        try host.apply(host.create("eth4"))
        func guests(_ request: MigrateRequest) throws -> [String] {
            try host.migration(request).rows.map { "\($0.guest) \($0.interface)" }
        }
        #expect(try guests(PretendHost.request(["b"])) == ["b 0", "b 1"])
        #expect(try guests(PretendHost.request(["c", "a", "c"])) == ["c 0", "a 0"])
        #expect(try guests(PretendHost.request(except: ["b"])) == ["a 0", "c 0"])
        #expect(try guests(PretendHost.request(pf: PCIAddress("0000:04:00.0"))) == ["b 0", "c 0"])
        #expect(try guests(PretendHost.request(["b"], pf: PCIAddress("0000:03:00.0"))) == ["b 1"])
        refused(.noSuchGuest) { try host.migration(PretendHost.request(["nobody"])).plan }
        refused(.noSuchGuest) { try host.migration(PretendHost.request(except: ["nobody"])).plan }
    }

    @Test func `a sweep leaves out what a named guest is refused for`() throws {
        var host = try PretendHost.pooled(vfs: 6) { host in
            try host.addGuest("good", [.pin("eth3", 0)])
            try host.addGuest("saved", [.pin("eth3", 1)])
            try host.addGuest("filtered", [.xml(Self.pin(2, "<filterref filter='clean-traffic'/>"))])
            try host.addGuest("unknown", [.hostdev("eth3", 3)])
        }
        host.saved = [try host.guest("saved").uuid]
        let migration = try host.migration()
        #expect(migration.rows.map(\.guest) == ["good"])
        #expect(migration.reasons.sorted() == ["filtered cannot-carry", "saved saved-state", "unknown no-mac"])
        refused(.savedState, hint: "managedsave-remove") { try host.migration(PretendHost.request(["saved"])).plan }
        refused(.cannotCarry, hint: "--drop filterref") {
            try host.migration(PretendHost.request(["good", "filtered"])).plan
        }
        refused(.noMAC) { try host.migration(PretendHost.request(["unknown"])).plan }
        let dropped = try host.migration(PretendHost.request(["filtered"], drop: ["filterref"]))
        #expect(dropped.plan.notes.contains { $0.contains("filterref") })
        #expect(migration.leftOut.allSatisfy { !$0.failure.hints.isEmpty })
    }

    @Test func `a guest without a pin, and one that has it for this run only, are told`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("none", [.bridge("br0")])
            try host.addGuest("passing", [.pin("eth3", 1)], running: true, persistent: false)
        }
        let none = try host.migration(PretendHost.request(["none"]))
        #expect(none.plan.isEmpty && none.mentions == ["guest none has no pinned VF: there is nothing to migrate"])
        for request in [PretendHost.request(), PretendHost.request(["passing"])] {
            let passing = try host.migration(request)
            #expect(passing.plan.isEmpty && passing.rows.isEmpty)
            #expect(passing.mentions.contains { $0.contains("passing") && $0.contains("this run only") })
        }
        // It holds its VF all the same.
        try host.reconcile()
        #expect(try host.state().network("vfpool-eth3")?.reservations.map(\.ownerName) == ["passing"])
    }

    @Test func `snapshots are named`() throws {
        let host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)]) }
        var state = try host.state()
        state.snapshotGuests = [state.guests[0].uuid]
        let migration = try PretendHost.migration(state)
        #expect(migration.rows.count == 1)
        let warning = try #require(migration.plan.warnings.first { $0.code == .savedState })
        #expect(warning.message.contains("vm has snapshots"))
    }

    @Test func `a VF that is no more`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("gone", [.pin("eth3", 3)])
            try host.addGuest("good", [.pin("eth3", 0)])
        }
        host.pfs[0].functions.removeLast()
        let migration = try host.migration()
        #expect(migration.reasons == ["gone no-such-vf"])
        #expect(migration.rows.map(\.guest) == ["good"])
    }

    /// A host that is a guest itself has VFs without their PF.
    @Test func `a VF whose PF is elsewhere`() throws {
        var host = try PretendHost.pooled { host in try host.addGuest("nested", [.pin("eth3", 3)]) }
        let address = host.pfs[0].functions[3].address
        host.pfs[0].functions.removeLast()
        var state = try host.state()
        state.devices = [address]
        let failure = try #require(PretendHost.migration(state).leftOut.first?.failure)
        #expect(
            failure.code == .noSuchVF
                && failure.message.contains("pinned to VF \(address), whose PF is not on this host"))
    }

    @Test func `without a pool`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0)])
        #expect(try host.migration().reasons == ["vm no-such-pool"])
        refused(.noSuchPool, hint: "--create-pools") { try host.migration(PretendHost.request(["vm"])).plan }
        let creates = try host.migration(PretendHost.request(["vm"], creates: true))
        #expect(creates.plan.words.contains("define vfpool-eth3"))
        try host.apply(creates.plan)
        #expect(try host.places("vm") == ["vfpool-eth3"])
        // No pool for nobody.
        var empty = try PretendHost([PretendPF("eth3", vfs: 4)])
        try empty.addGuest("vm", [.bridge("br0")])
        #expect(try empty.migration(PretendHost.request(creates: true)).plan.isEmpty)
    }

    @Test func `a pool that is there and does not run is started`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0)])
        try host.addGuest("other", [.pin("eth3", 1)])
        try host.apply(host.create("eth3", autostart: false, start: false))
        let migration = try host.migration(PretendHost.request(["vm"], creates: true))
        try host.apply(migration.plan)
        #expect(try host.places("vm") == ["vfpool-eth3"])
        let pool = try #require(host.state().network("vfpool-eth3"))
        #expect(pool.isActive && pool.autostart && pool.reservations.map(\.ownerName) == ["other"])
        #expect(try host.migration(PretendHost.request(["vm"], creates: true)).plan.isEmpty)
    }

    // MARK: Networks made by hand

    @Test func `a hostdev network made by hand is taken over, and its guests stay on it`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addPoolByHand("hand", functions: [("eth3", 0), ("eth3", 1)])
        try host.addGuest("pooled", [.network("hand")])
        try host.addGuest("pinned", [.pin("eth3", 0)])
        #expect(try host.migration().reasons.sorted() == ["pinned not-managed", "pooled not-managed"])
        let migration = try host.migration(PretendHost.request(creates: true))
        #expect(migration.reasons == [])
        try host.apply(migration.plan)
        #expect(try host.places("pooled") == ["hand"])
        #expect(try host.places("pinned") == ["hand"])
        #expect(try host.state().network("hand")?.isManaged == true)
        #expect(try host.migration(PretendHost.request(creates: true)).plan.isEmpty)
    }

    @Test(arguments: [nil, "eth3", "eth4"] as [Name?])
    func `one with VFs of several PFs, too`(_ named: Name?) throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addPoolByHand("hand", functions: [("eth3", 0), ("eth4", 0)])
        try host.addGuest("pooled", [.network("hand")])
        let pf = try named.map { try host.pf($0).address }
        let migration = try host.migration(PretendHost.request(pf: pf, creates: true))
        #expect(migration.reasons == [])
        try host.apply(migration.plan)
        #expect(try host.places("pooled") == ["hand"])
        #expect(try host.pool("hand").configuration?.mark?.pfs.map(\.device) == ["eth3", "eth4"])
    }

    @Test func `two of them, on two PFs`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addPoolByHand("three", functions: [("eth3", 0), ("eth3", 1)])
        try host.addPoolByHand("four", pf: "eth4")
        try host.addGuest("vm", [.network("three"), .network("four"), .pin("eth3", 3)])
        let migration = try host.migration(PretendHost.request(creates: true))
        #expect(migration.reasons == [])
        try host.apply(migration.plan)
        // VF 3 is not of that network: a pool of the PF's other VFs is made.
        #expect(try host.places("vm") == ["three", "four", "vfpool-eth3"])
        let pools = try host.state().pools
        #expect(pools.filter(\.isManaged).map(\.name).sorted() == ["four", "three", "vfpool-eth3"])
        let covered = try host.state().pools.flatMap { try host.state().coverage(of: $0).map(\.address) }
        #expect(Set(covered).count == covered.count, "no VF is in two pools")
    }

    // MARK: Macvtap

    @Test func `a macvtap over a VF is mentioned, and converted when told`() throws {
        let functions = [PretendFunction.onHost("eth3v0"), PretendFunction(), PretendFunction()]
        var host = try PretendHost([PretendPF("eth3", functions: functions)])
        try host.addGuest(
            "tap",
            [
                .xml(
                    """
                    <interface type='direct'><mac address='52:54:00:99:00:01'/><source dev='eth3v0' \
                    mode='passthrough'/><model type='virtio'/></interface>
                    """)
            ])
        try host.addGuest(
            "shared",
            [
                .xml(
                    """
                    <interface type='direct'><mac address='52:54:00:99:00:02'/><source dev='eth3' mode='bridge'/>\
                    <model type='virtio'/></interface>
                    """)
            ])
        try host.apply(host.create("eth3"))
        let left = try host.migration()
        #expect(left.rows.isEmpty && left.plan.isEmpty)
        #expect(left.mentions.count == 1 && left.mentions.contains { $0.contains("--include-macvtap") })
        let migration = try host.migration(PretendHost.request(macvtap: true))
        #expect(migration.sources == ["tap 52:54:00:99:00:01 the guest's document"])
        try host.apply(migration.plan)
        #expect(try host.places("tap") == ["vfpool-eth3"])
        #expect(try host.state().network("vfpool-eth3")?.reservations == [])
    }

    @Test func `a macvtap of a network, whose VF libvirt picks, is converted, too`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(host.create("eth3", portgroups: [Portgroup(name: "a", vlan: nil, isDefault: false)]))
        try host.addNetwork(
            "<network><name>taps</name><forward mode='passthrough'><pf dev='eth3'/></forward></network>")
        try host.addGuest("known", [.network("taps", portgroup: "a")])
        try host.addGuest("unknown", [.network("taps", portgroup: "b")])
        #expect(try host.migration().rows.isEmpty)
        let migration = try host.migration(PretendHost.request(macvtap: true))
        #expect(migration.reasons.isEmpty)
        try host.apply(migration.plan)
        let groups: [(Name, Name?)] = [("known", "a"), ("unknown", nil)]
        for (guest, group) in groups {
            let attachments = try host.state().guest(named: guest).interfaces.map(\.attachment)
            #expect(attachments == [.network(name: "vfpool-eth3", portgroup: group)])
        }
    }

    /// Its guest could not start: it is on a pool that started without its VF, and whose other VFs are all in use.
    @Test func `a running pool without a VF to spare takes nobody`() throws {
        var host = try PretendHost.pooled { try $0.addGuest("pinned", [.pin("eth3", 0)]) }
        try host.reboot()
        for name: Name in ["a", "b"] { try host.addGuest(name, [.network("vfpool-eth3")], running: true) }
        #expect(try host.migration(PretendHost.request(["pinned"])).rows.count == 1)
        try host.addGuest("c", [.network("vfpool-eth3")], running: true)
        refused(.stalePool) { try host.migration(PretendHost.request(["pinned"])).plan }
    }

    // MARK: VLAN and what else is set on a VF

    @Test func `a VLAN that only the kernel knows goes into the document`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("plain", [.hostdev("eth3", 0)])
            try host.addGuest("running", [.pin("eth3", 1)], running: true)
            try host.addGuest("off", [.pin("eth3", 2)])
            try host.addGuest("own", [.xml(Self.pin(3, "<vlan><tag id='9'/></vlan>"))], running: true)
        }
        for index in 0..<4 {
            host.pfs[0].functions[index].settings = VFSettings(mac: MACAddress("52:54:00:99:00:0\(index)"), vlan: 42)
        }
        let migration = try host.migration()
        // What is there when a guest with an interface starts is removed by libvirt: that of a guest that is off is
        // somebody else's.
        #expect(
            migration.rows.map { "\($0.guest) \($0.vlan ?? 0)" } == ["off 0", "own 9", "plain 42", "running 42"])
        let passedOver = migration.plan.notes.map(\.text).filter { $0.contains("libvirt goes by the guest's document") }
        #expect(
            passedOver.map { $0.contains("guest off:") || $0.contains("guest own:") } == [true, true], "\(passedOver)")
        try host.apply(migration.plan)
        #expect(try host.state().guest(named: "running").interfaces.map(\.vlan) == [42])
        #expect(try host.state().guest(named: "own").interfaces.map(\.vlan) == [9])
    }

    @Test func `trust and the like stay with the VF, and that is said`() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("plain", [.hostdev("eth3", 0)])
            try host.addGuest("usual", [.hostdev("eth3", 1)])
        }
        host.pfs[0].functions[0].settings = VFSettings(
            mac: MACAddress("52:54:00:99:00:01"), trust: true, spoofCheck: false, linkState: .enable, maxRate: 500)
        for index in 1..<4 {
            host.pfs[0].functions[index].settings = VFSettings(
                mac: MACAddress("52:54:00:99:01:0\(index)"), trust: false, spoofCheck: true, linkState: .auto)
        }
        let said = try host.migration().plan.warnings.filter { $0.code == .staysWithVF }
        let hint = said.first?.hints.first?.text ?? ""
        #expect(said.count == 1 && hint.contains(bytes: "--trust on --spoof-check off"), "\(hint)")
        for word in ["plain", "trust on", "spoof check off", "500 Mbit/s", "link state enable"] {
            #expect(said.first?.message.contains(bytes: word) == true, "\(word)")
        }
    }

    @Test func `a pool never puts a guest on another network`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("none", [.pin("eth3", 0)])
        try host.addGuest("own", [.xml(Self.pin(1, "<vlan><tag id='9'/></vlan>"))])
        try host.addGuest("same", [.xml(Self.pin(2, "<vlan><tag id='7'/></vlan>"))])
        try host.apply(host.create("eth3", vlan: 7))
        let migration = try host.migration()
        #expect(migration.reasons == ["none cannot-carry"])
        #expect(migration.rows.map { "\($0.guest) \($0.vlan ?? 0)" } == ["own 9", "same 7"])
        refused(.cannotCarry, hint: "vfpool bind none") { try host.migration(PretendHost.request(["none"])).plan }
    }

    @Test func `a trunk or a virtualport that no VF can have is refused`() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest("trunk", [.xml(Self.pin(0, "<vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>"))])
            try host.addGuest(
                "port",
                [
                    .xml(
                        Self.pin(
                            1,
                            "<virtualport type='802.1Qbg'><parameters managerid='11' typeid='1193047' typeidversion='2'/></virtualport>"
                        ))
                ])
        }
        #expect(try host.migration().reasons.sorted() == ["port cannot-carry", "trunk vlan-trunk"])
    }

    // MARK: The VFIO driver

    private static func pin(_ index: Int, model: String) -> PretendNIC {
        .xml(pin(index, "<driver name='vfio' model='\(model)'/>"))
    }

    @Test(
        .enabled(
            if: (try? Schema(file: "/usr/share/libvirt/schemas/network.rng").knowsDriverModels) ?? false,
            "libvirt's grammar has no driver models before 10.0.0"))
    func `the driver's model moves to a pool that is made`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        host.version = LibvirtVersion(major: 10, minor: 0, release: 0)
        try host.addGuest("one", [Self.pin(0, model: "mlx5_vfio_pci")])
        try host.addGuest("two", [.pin("eth3", 1)])
        let made = try host.migration(PretendHost.request(creates: true))
        #expect(made.reasons == [])
        let network = try #require(made.plan.steps.compactMap(\.documentChange).first { $0.name == "vfpool-eth3" })
        #expect(network.after?.contains("model=\"mlx5_vfio_pci\"") == true, "\(network.after ?? "")")
    }

    @Test func `a driver's model that is not the pool's is refused`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("one", [Self.pin(0, model: "mlx5_vfio_pci")])
        try host.addGuest("two", [Self.pin(1, model: "nvgrace_gpu_vfio_pci")])
        // Two models on one PF: no pool can have both.
        #expect(
            try host.migration(PretendHost.request(creates: true)).reasons.sorted() == [
                "one cannot-carry", "two cannot-carry",
            ])
        try host.apply(host.create("eth3"))
        refused(.cannotCarry, hint: "--drop driver") { try host.migration(PretendHost.request(["one"])).plan }
        let dropped = try host.migration(PretendHost.request(["one"], drop: ["driver"]))
        #expect(dropped.plan.notes.contains { $0.contains("mlx5_vfio_pci") })
    }

    // MARK: Capacity

    @Test func `what a pool then has is counted`() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        host.pfs[0].functions[3].hostUses = [.upper(kind: "bridge", name: "br7")]
        for number in 0..<3 { try host.addGuest("vm\(number)", [.pin("eth3", number)], autostart: true) }
        try host.apply(host.create("eth3"))
        try host.addGuest("pooled", [.network("vfpool-eth3")], autostart: true)
        let migration = try host.migration()
        let pool = try #require(migration.capacity.first)
        #expect(migration.capacity.count == 1 && pool.pool == "vfpool-eth3")
        #expect(
            [pool.functions, pool.heldElsewhere, pool.available, pool.before, pool.after, pool.autostart] == [
                4, 1, 3, 1, 4, 4,
            ])
        #expect(migration.plan.warnings.contains { $0.code == .moreGuestsThanVFs && $0.message.contains("at boot") })
    }

    // MARK: Details

    static func pin(_ index: Int, _ inside: String) -> String {
        """
        <interface type='hostdev' managed='yes'><mac address='52:54:00:77:00:0\(index)'/><source>\
        <address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x\(2 * index)'/></source>\
        \(inside)</interface>
        """
    }
}

extension Schema {
    /// Whether a pool may name a VFIO driver's model.
    fileprivate var knowsDriverModels: Bool {
        let text = """
            <network><name>n</name><forward mode='hostdev' managed='yes'><driver name='vfio' model='m'/>\
            <pf dev='eth3'/></forward></network>
            """
        return (try? Document(parsing: text)).map { problems(in: $0).isEmpty } ?? false
    }
}
