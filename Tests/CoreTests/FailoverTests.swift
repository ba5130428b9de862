import Libvirt
import Model
import SRIOV
import TestSupport
import Testing
import Text
import XML

@testable import Planning

/// Pairs of a VF and a virtio card with one MAC.
@Suite struct FailoverTests {
    private static let mac = PretendHost.mac(1, 0)
    private static let pool = Attachment.network(name: "vfpool-eth3", portgroup: nil)

    private static func world(
        _ nics: [PretendNIC] = [.pin("eth3", 0)], running: Bool = false, extra: String = ""
    ) throws -> JournalledHost {
        try JournalledHost(
            PretendHost.pooled { host in
                try host.addGuest("vm", nics, running: running, extra: extra)
                try host.addBridgedNetwork("lan")
                try host.addNetwork("<network><name>nat</name><forward mode='nat'/></network>")
            })
    }

    /// Whatever the VF's half was before, it becomes one on the pool where it stood, and gets a virtio card beside it.
    @Test(arguments: [PretendNIC.pin("eth3", 0), .hostdev("eth3", 0), .network("vfpool-eth3")])
    func besideAVF(_ nic: PretendNIC) throws {
        var world = try Self.world([nic])
        world.host.pfs[0].functions[0].settings = VFSettings(mac: MACAddress(Self.mac))
        let before = try world.host.guest("vm").persistent
        try world.apply(world.host.bind("vm", failover: "br0"))
        let guest = try world.host.state().guest(named: "vm")
        #expect(guest.interfaces.map(\.attachment) == [Self.pool, .bridge("br0")])
        #expect(guest.interfaces.map(\.mac?.description) == [Self.mac, Self.mac])
        #expect(guest.interfaces.map(\.isPersistentHalf) == [false, true])
        #expect(guest.interfaces[0].partner == guest.interfaces[1].alias)
        #expect(guest.interfaces.map(\.alias) == ["ua-vf-525400000100", "ua-failover-525400000100"])
        #expect(guest.interfaces[0].guestAddress?.bus == 1)
        #expect(try world.value("interface[2]/model/@type") == "virtio")
        // Again, there is nothing to do; neither without the option, for the pair is on the pool.
        #expect(try world.host.bind("vm", failover: "br0").isEmpty)
        #expect(try world.host.bind("vm").isEmpty)
        // Its MAC means the VF.
        #expect(try world.host.bind("vm", interfaces: [Self.mac], failover: "br0").isEmpty)
        try world.apply(world.unbindPlan("vm"))
        #expect(try world.host.guest("vm").persistent == before)
    }

    /// An emulated card stays where it is, with all it has, and a VF comes beside it.
    @Test(arguments: ["virtio", "e1000e"])
    func besideACard(_ model: String) throws {
        let card = """
            <interface type='network'><mac address='\(Self.mac)'/><source network='lan'/><model type='\(model)'/>\
            <driver queues='4'/><mtu size='9000'/><boot order='1'/>\
            <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>
            """
        var world = try Self.world([.xml(card), .bridge("br1")])
        let before = try world.host.guest("vm").persistent
        refused(.ambiguousInterface, hint: "--failover lan --pool vfpool-eth3 --interface") {
            try world.host.bind("vm", pool: "vfpool-eth3", failover: "lan")
        }
        let plan = try world.host.bind("vm", interfaces: ["0"], failover: "lan")
        #expect(plan.notes.contains { $0.contains("e1000e becomes virtio") } == (model != "virtio"))
        try world.apply(plan)
        let guest = try world.host.state().guest(named: "vm")
        #expect(
            guest.interfaces.map(\.attachment)
                == [.network(name: "lan", portgroup: nil), Self.pool, .bridge("br1")])
        #expect(guest.interfaces.map(\.isPersistentHalf) == [true, false, false])
        #expect(guest.interfaces[0].guestAddress?.bus == 1 && guest.interfaces[1].guestAddress == nil)
        #expect(guest.interfaces[1].mac?.description == Self.mac)
        #expect(try world.value("interface[1]/boot/@order") == "1")
        #expect(try world.value("interface[1]/mtu/@size") == "9000")
        #expect(try world.value("interface[2]/boot/@order") == nil)
        #expect(try world.value("interface[2]/model/@type") == nil)
        #expect(try world.host.bind("vm", failover: "lan").isEmpty)
        try world.apply(world.unbindPlan("vm"))
        #expect(try world.host.guest("vm").persistent == before)
    }

    /// The pair's card moves to the bridge that is named.
    @Test func elsewhere() throws {
        var world = try Self.world([.bridge("br1")])
        try world.apply(world.host.bind("vm", failover: "br0"))
        #expect(try world.host.state().guest(named: "vm").interfaces.map(\.attachment) == [.bridge("br0"), Self.pool])
        try world.apply(world.host.bind("vm", failover: "lan"))
        let guest = try world.host.state().guest(named: "vm")
        #expect(guest.interfaces.map(\.attachment) == [.network(name: "lan", portgroup: nil), Self.pool])
        #expect(guest.interfaces.map(\.isTeamed) == [true, true])
        // As a pinned VF with that card; as the card alone.
        try world.apply(world.unbindPlan("vm", .function("eth3:2")))
        #expect(try world.host.state().guest(named: "vm").interfaces.count == 2)
        try world.apply(world.host.bind("vm"))
        try world.apply(world.unbindPlan("vm", .network("lan")))
        let last = try world.host.state().guest(named: "vm")
        #expect(last.interfaces.map(\.attachment) == [.network(name: "lan", portgroup: nil)])
        #expect(last.interfaces[0].alias == nil && !last.interfaces[0].isTeamed)
        #expect(last.interfaces[0].mac?.description == Self.mac)
    }

    /// A whole pair more, with a MAC that is made up.
    @Test func added() throws {
        var world = try Self.world()
        let mac = "52:54:00:99:00:01"
        try world.apply(world.host.bind("vm", adds: true, newMAC: mac, failover: "br0"))
        let guest = try world.host.state().guest(named: "vm")
        #expect(guest.interfaces.map(\.mac?.description) == [Self.mac, mac, mac])
        #expect(guest.interfaces.map(\.isTeamed) == [false, true, true])
        #expect(try world.host.bind("vm", adds: true, mac: mac, failover: "br0").isEmpty)
        refused(.duplicateMAC) { try world.host.bind("vm", adds: true, mac: Self.mac, failover: "br0") }
        refused(.duplicateMAC) { try world.host.bind("vm", adds: true, mac: mac, failover: "br1") }
        try world.apply(world.unbindPlan("vm", .bridge("br7"), interfaces: [mac]))
        #expect(
            try world.host.state().guest(named: "vm").interfaces.map(\.attachment.summary)
                == ["VF 0000:03:10.0", "bridge br7"])
    }

    /// What a VF can't carry is refused, and what is agreed to stays with the card.
    @Test func promises() throws {
        let card = """
            <interface type='bridge'><mac address='\(Self.mac)'/><source bridge='br0'/><model type='virtio'/>\
            <filterref filter='clean-traffic'/></interface>
            """
        var world = try Self.world([.xml(card)])
        refused(.cannotCarry, hint: "--drop filterref") { try world.host.bind("vm", failover: "br0") }
        try world.apply(world.host.bind("vm", failover: "br0", drop: ["filterref"]))
        #expect(try world.value("interface[1]/filterref/@filter") == "clean-traffic")
        #expect(try world.value("interface[2]/filterref/@filter") == nil)
    }

    // MARK: While the guest runs

    @Test func live() throws {
        var world = try Self.world(running: true)
        let before = try world.host.guest("vm")
        let plan = try world.host.bind("vm", failover: "br0", live: true)
        #expect(plan.words.filter { $0.hasSuffix("plug vm") } == ["unplug vm", "plug vm", "plug vm"])
        try world.apply(plan)
        let guest = try world.host.state().guest(named: "vm")
        #expect(guest.liveInterfaces.map(\.isPersistentHalf) == [true, false])
        #expect(guest.liveInterfaces[1].partner == guest.liveInterfaces[0].alias)
        #expect(try world.host.bind("vm", failover: "br0", live: true).isEmpty)
        try world.apply(world.unbindPlan("vm", live: true))
        #expect(try world.host.guest("vm").persistent == before.persistent)
        let after = try world.host.state().guest(named: "vm")
        let function = try world.host.address("eth3", 0)
        #expect(after.liveInterfaces.map(\.attachment) == [.hostdevInterface(function)])
        #expect(!after.liveInterfaces.contains { $0.isTeamed })
    }

    /// Its VF was unplugged by hand; the card goes all the same, and what was before comes.
    @Test func unbindsWithoutItsVF() throws {
        var world = try Self.world(running: true)
        try world.apply(world.host.bind("vm", failover: "br0", live: true))
        let guest = try world.host.guest("vm")
        let half = try Document(parsing: guest.live ?? "").selectOne("//interface[teaming/@type='transient']")
        try world.host.unplug(guest.uuid, half.canonical())
        try world.apply(world.unbindPlan("vm", live: true))
        let live = try world.host.state().guest(named: "vm").liveInterfaces
        #expect(live.map(\.attachment.summary) == ["VF 0000:03:10.0"])
        #expect(live.map(\.mac?.description) == [Self.mac])
    }

    /// First for the next start, then at once.
    @Test(arguments: [PretendNIC.pin("eth3", 0), .network("vfpool-eth3"), .bridge("br0")])
    func liveAfterwards(_ nic: PretendNIC) throws {
        var world = try Self.world([nic])
        try world.host.startGuest("vm")
        try world.apply(world.host.bind("vm", failover: "br0"))
        #expect(try world.host.state().guest(named: "vm").liveInterfaces.count == 1)
        let id = try world.apply(world.host.bind("vm", failover: "br0", live: true))
        let live = try world.host.state().guest(named: "vm").liveInterfaces
        #expect(live.map(\.isPersistentHalf) == [true, false])
        try world.undo(id)
        let undone = try world.host.state().guest(named: "vm").liveInterfaces
        #expect(undone.count == 1 && !undone[0].isTeamed)
    }

    /// What a guest's document says of a pair is plugged as a whole, whoever asks.
    @Test func liveWithoutSayingSo() throws {
        var world = try Self.world(running: true)
        try world.apply(world.host.bind("vm", failover: "br0"))
        try world.apply(world.host.bind("vm", live: true))
        #expect(try world.host.state().guest(named: "vm").liveInterfaces.map(\.isPersistentHalf) == [true, false])
        #expect(try world.host.bind("vm", live: true).isEmpty)
    }

    /// A device that was plugged by hand stands where the document has the card.
    @Test func takenPlace() throws {
        let place = "<address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>"
        let pfs = "<controller type='pci' index='2' model='pcie-root-port'/>"
        let nics = [PretendNIC.pin("eth3", 0), .xml(Self.card(place, mac: "52:54:00:00:77:01"))]
        var world = try Self.world(nics, running: true, extra: pfs)
        let uuid = try world.host.guest("vm").uuid
        let text = try #require(try world.host.guest("vm").persistent)
        // In the document, the card there is the pair's by now.
        world.host.guests[uuid]?.persistent = text.replacing("52:54:00:00:77:01", with: Self.mac)
            .replacing(#"<model type="virtio"/>"#, with: #"<model type="virtio"/><teaming type="persistent"/>"#)
        refused(.noFreePlace, hint: "unplug that device") {
            try world.host.bind("vm", interfaces: ["0"], failover: "br0", live: true)
        }
    }

    // MARK: What can't be, and what to know

    @Test func places() throws {
        let half = { (place: String) in
            PretendNIC.xml(
                """
                <interface type='network'><mac address='\(Self.mac)'/><source network='vfpool-eth3'/>\
                <address type='pci' domain='0x0000' \(place)/></interface>
                """)
        }
        let ports = """
            <controller type='pci' index='1' model='pcie-root-port'/>\
            <controller type='pci' index='2' model='pcie-to-pci-bridge'/>\
            <controller type='pci' index='3' model='pcie-root-port'><target hotplug='off'/></controller>
            """
        for (place, hint) in [
            ("bus='0x00' slot='0x05' function='0x0'", "take its <address> out"),
            ("bus='0x02' slot='0x01' function='0x0'", "take its <address> out"),
            ("bus='0x03' slot='0x00' function='0x0'", "take its <address> out"),
            ("bus='0x01' slot='0x00' function='0x1'", "take its <address> out"),
            ("bus='0x01' slot='0x00' function='0x0' multifunction='on'", "take its <address> out"),
        ] {
            let world = try Self.world([half(place)], extra: ports)
            refused(.cannotCarry, hint: hint) { try world.host.bind("vm", failover: "br0") }
        }
        let fine = try Self.world([half("bus='0x01' slot='0x00' function='0x0'")], extra: ports)
        #expect(try !fine.host.bind("vm", failover: "br0").isEmpty)
        var old = try Self.world([half("bus='0x00' slot='0x05' function='0x0'")])
        let uuid = try old.host.guest("vm").uuid
        let text = try #require(try old.host.guest("vm").persistent)
        old.host.guests[uuid]?.persistent = text.replacing("pcie-root", with: "pci-root")
            .replacing("pc-q35-7.2", with: "pc-i440fx-7.2")
        refused(.cannotCarry, hint: "q35") { try old.host.bind("vm", failover: "br0") }
    }

    @Test func refusals() throws {
        var world = try Self.world()
        refused(.nameTaken, hint: "lan") { try world.host.bind("vm", failover: "vfpool-eth3") }
        refused(.noSuchNetwork, hint: "Open vSwitch") { try world.host.bind("vm", failover: "br9", isBridge: false) }
        let unseen = try world.host.bind("vm", failover: "br9", isBridge: nil)
        #expect(unseen.warnings.map(\.code) == [.failoverPath] && unseen.warnings[0].message.contains("br9"))
        try world.apply(world.host.bind("vm", failover: "br0"))
        refused(.cannotCarry, hint: "the other half") {
            try world.host.bind("vm", pool: "vfpool-eth3", interfaces: ["1"], failover: "br0")
        }
        world.host.version = LibvirtVersion(major: 6, minor: 0, release: 0)
        refused(.unsupported, hint: "--failover") { try world.host.bind("vm", failover: "br0") }
    }

    @Test func advice() throws {
        var world = try Self.world([
            .xml(
                """
                <interface type='network'><mac address='\(Self.mac)'/><source network='vfpool-eth3'/>\
                <vlan><tag id='42'/></vlan></interface>
                """)
        ])
        #expect(
            try world.host.bind("vm", failover: "nat").warnings.filter { $0.code == .failoverPath }.map(\.message) == [
                "network nat leads elsewhere than a VF does (nat): while the VF is unplugged, guest vm is on another network",
                "the VF of guest vm is on VLAN 42: whether network nat is as well can't be seen from here",
            ])
        try world.host.stopNetwork("lan")
        #expect(try world.host.bind("vm", failover: "lan").warnings.contains { $0.code == .poolNotActive })
        // Open vSwitch can be told.
        try world.host.addNetwork(
            """
            <network><name>ovs</name><forward mode='bridge'/><bridge name='ovs0'/><virtualport type='openvswitch'/></network>
            """)
        let plan = try world.host.bind("vm", failover: "ovs")
        #expect(!plan.warnings.contains { $0.code == .failoverPath })
        try world.apply(plan)
        #expect(try world.value("interface[2]/vlan/tag/@id") == "42")
    }
    // MARK: Pairs that are not whole, or were changed

    /// What somebody has changed since at the half that was there stays, whichever half that is.
    @Test func changedSince() throws {
        let place = "<address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>"
        for nic in [PretendNIC.xml(Self.card("<boot order='1'/>" + place)), .xml(Self.card("<boot order='1'/>"))] {
            var world = try Self.world([nic])
            try world.apply(world.host.bind("vm", pool: "vfpool-eth3", interfaces: ["0"], failover: "br0"))
            let paired = try world.host.guest("vm")
            world.host.guests[paired.uuid]?.persistent = paired.persistent?.replacing(
                "order=\"1\"", with: "order=\"2\"")
            try world.apply(world.unbindPlan("vm"))
            #expect(try world.host.state().guest(named: "vm").interfaces.map(\.attachment) == [.bridge("br0")])
            #expect(try world.value("interface[1]/boot/@order") == "2")
        }
    }

    private static let half = """
        <interface type='network'><mac address='\(mac)'/><source network='vfpool-eth3'/>\
        <teaming type='transient' persistent='ua-x'/></interface>
        """

    private static func card(_ inside: String, mac: String = mac) -> String {
        """
        <interface type='bridge'><mac address='\(mac)'/><source bridge='br0'/><model type='virtio'/>\(inside)</interface>
        """
    }

    /// What names another that is not its half is given one, and nothing is left that names the wrong one.
    @Test(arguments: [
        (card("<alias name='ua-x'/>"), ["ua-x"]),
        (card("<teaming type='persistent'/><alias name='ua-y'/>"), ["ua-y"]),
        (card("<teaming type='persistent'/>"), ["ua-failover-525400000100"]),
        (
            card("<teaming type='persistent'/><alias name='ua-x'/>", mac: "52:54:00:00:77:01"),
            ["ua-failover-525400000100", "ua-x"]
        ),
        (
            card("<alias name='ua-failover-525400000100'/>", mac: "52:54:00:00:77:01"),
            ["ua-failover-525400000100-2", nil]
        ),
    ])
    func mended(_ card: String, _ persistent: [Name?]) throws {
        var world = try Self.world([.xml(Self.half), .xml(card)])
        let before = try world.host.guest("vm").persistent
        let id = try world.apply(world.host.bind("vm", failover: "br0"))
        let guest = try world.host.state().guest(named: "vm")
        #expect(guest.interfaces.count == 1 + persistent.count)
        #expect(guest.interfaces[0].partner == persistent[0])
        let other = try #require(guest.interfaces.first { $0.alias == persistent[0] })
        #expect(other.isPersistentHalf && other.mac?.description == Self.mac)
        #expect(try world.host.bind("vm", failover: "br0").isEmpty)
        try world.undo(id)
        #expect(try world.host.guest("vm").persistent == before)
    }

    /// The guest falls back on it by itself, so a link that somebody was to set up comes up.
    @Test(arguments: ["down", "up"]) func linkOfWhatStays(_ link: String) throws {
        var world = try Self.world([.xml(Self.half), .xml(Self.card("<link state='\(link)'/><alias name='ua-x'/>"))])
        let plan = try world.host.bind("vm", failover: "br0")
        #expect(plan.notes.contains { $0.contains("its link comes up") } == (link == "down"))
        try world.apply(plan)
        #expect(try world.value("interface[2]/link/@state") == (link == "down" ? nil : "up"))
    }

    /// A card with another MAC is not what is left of an interface.
    @Test func strangerIsNotKept() throws {
        let other = Self.card("<teaming type='persistent'/><alias name='ua-x'/>", mac: "52:54:00:00:77:01")
        let world = try Self.world([.xml(Self.half), .xml(other)])
        refused(.cannotCarry, hint: "--to-vf") { try world.unbindPlan("vm", .bridge("br0")) }
    }

    /// What is said of a pair whose halves both change names each half's own way.
    @Test func eachHalfIsItself() throws {
        var host = try PretendHost.pooled()
        let card = Self.card("<teaming type='persistent'/><alias name='ua-x'/>")
        try host.addGuest("now", [.xml(Self.half), .xml(card)])
        try host.addGuest(
            "then",
            [
                .xml(Self.half.replacing("vfpool-eth3", with: "other")),
                .xml(card.replacing("br0", with: "br1")),
            ])
        let state = try host.state()
        let (now, then) = (try state.guest(named: "now"), try state.guest(named: "then"))
        let passages = Passages(now.interfaces, to: then.interfaces)
        #expect(passages.changed.map(\.now.index) == [0, 1])
        #expect(passages.changed.map(\.then.index) == [0, 1])
    }

    /// Two pairs with one MAC are as wrong as two interfaces.
    @Test func sameMACTwice() throws {
        var world = try Self.world([.hostdev("eth3", 0), .hostdev("eth3", 1)])
        try world.apply(world.host.bind("vm", interfaces: ["0"], mac: Self.mac, failover: "br0"))
        #expect(
            !(try world.host.bind("vm", interfaces: ["2"], mac: "52:54:00:00:77:01", failover: "br0")).warnings
                .contains { $0.code == .duplicateMAC })
        #expect(
            try world.host.bind("vm", interfaces: ["2"], mac: Self.mac, failover: "br0").warnings
                .contains { $0.code == .duplicateMAC })
    }

    /// Each unbinding takes back one binding.
    @Test func unboundTwice() throws {
        var world = try Self.world()
        let before = try world.host.guest("vm").persistent
        try world.apply(world.host.bind("vm"))
        let pooled = try world.host.guest("vm").persistent
        try world.apply(world.host.bind("vm", failover: "br0"))
        try world.apply(world.unbindPlan("vm"))
        #expect(try world.host.guest("vm").persistent == pooled)
        try world.apply(world.unbindPlan("vm"))
        #expect(try world.host.guest("vm").persistent == before)
    }

    @Test func otherVLAN() throws {
        var world = try Self.world()
        try world.host.addNetwork(
            """
            <network><name>ovs</name><forward mode='bridge'/><bridge name='ovs0'/><virtualport type='openvswitch'/></network>
            """)
        try world.apply(world.host.bind("vm", vlan: 42, failover: "ovs"))
        #expect(try world.value("interface[2]/vlan/tag/@id") == "42")
        #expect(try world.host.bind("vm", vlan: 43).warnings.contains { $0.code == .failoverPath })
        try world.apply(world.host.bind("vm", vlan: 43, failover: "ovs"))
        #expect(try world.value("interface[1]/vlan/tag/@id") == "43")
        #expect(try world.value("interface[2]/vlan/tag/@id") == "43")
        #expect(try world.host.bind("vm", vlan: 43, failover: "ovs").isEmpty)
    }
}

extension JournalledHost {
    /// An attribute below the devices of guest vm, by XPath; nil where there is none.
    fileprivate func value(_ path: String) throws -> String? {
        let parts = path.split(separator: "@")
        let document = try Document(parsing: host.guest("vm").persistent ?? "")
        return try document.select("//domain/devices/" + parts[0].dropLast()).first?[attribute: String(parts[1])]
    }
}
