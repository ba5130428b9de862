import Applying
import Libvirt
import Model
import Planning
import SRIOV
import TestSupport
import Testing
import Text
import XML

@Suite struct BindTests {
    // MARK: Which interface, which pool

    @Test func pinnedOnes() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.bridge("br0"), .pin("eth3", 0), .hostdev("eth3", 1)])
        }
        host.pfs[0].functions[1].settings = VFSettings(mac: MACAddress("52:54:00:99:99:99"))
        let plan = try host.bind("vm")
        #expect(
            plan.words == [
                "define vm", "release 0000:03:10.0 vm", "release 0000:03:10.2 vm", "define vfpool-eth3",
            ])
        try host.apply(plan)
        let guest = try host.state().guest(named: "vm")
        #expect(
            guest.interfaces.map(\.attachment) == [
                .bridge("br0"), .network(name: "vfpool-eth3", portgroup: nil),
                .network(name: "vfpool-eth3", portgroup: nil),
            ])
        #expect(
            guest.interfaces.map(\.mac?.description) == [
                PretendHost.mac(1, 0), PretendHost.mac(1, 1), "52:54:00:99:99:99",
            ])
        #expect(try host.pool("vfpool-eth3").configuration?.pfName == "eth3")
        #expect(try host.bind("vm").isEmpty)
        #expect(guest.interfaces.map(\.guestAddress?.bus) == [1, 2, 3])
    }

    /// Each to the pool of its own port.
    @Test func twoPools() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0), .pin("eth4", 1)])
        try host.apply(host.create("eth3"))
        try host.apply(host.create("eth4"))
        try host.apply(host.bind("vm"))
        let guest = try host.state().guest(named: "vm")
        #expect(guest.interfaces.map(\.attachment.networkName) == ["vfpool-eth3", "vfpool-eth4"])
    }

    @Test func theOnlyOne() throws {
        var host = try PretendHost.pooled { host in try host.addGuest("vm", [.bridge("br0")]) }
        try host.apply(host.bind("vm"))
        refused(.badMAC, hint: "leave out --mac") { try host.bind("vm", mac: "52:54:00:99:99:99") }
        #expect(try host.state().guest(named: "vm").points(at: "vfpool-eth3"))
        #expect(try host.bind("vm").isEmpty)
        #expect(try host.bind("vm", pool: "vfpool-eth3").isEmpty)
    }

    @Test func refusesChoices() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.addGuest("one", [.bridge("br0")])
        refused(.noSuchPool, hint: "vfpool create") { try host.bind("one") }
        try host.apply(host.create("eth3"))
        try host.apply(host.create("eth4"))
        try host.addBridgedNetwork("lan")
        try host.addGuest("two", [.bridge("br0"), .bridge("br1")])
        try host.addGuest("none", [])
        refused(.noSuchGuest, hint: "virsh list") { try host.bind("zzz") }
        refused(.noSuchGuest, hint: "one") { try host.bind("one2") }
        refused(.ambiguousPool, hint: "--pool vfpool-eth4") { try host.bind("one") }
        refused(.noSuchPool, hint: "vfpool-eth3") { try host.bind("one", pool: "zzz") }
        refused(.notAPool) { try host.bind("one", pool: "lan") }
        refused(.ambiguousInterface, hint: "--pool vfpool-eth3 --interface \(PretendHost.mac(2, 1))") {
            try host.bind("two", pool: "vfpool-eth3")
        }
        refused(.noSuchInterface, hint: "--add") { try host.bind("none", pool: "vfpool-eth3") }
        refused(.noSuchInterface, hint: PretendHost.mac(1, 0)) {
            try host.bind("one", pool: "vfpool-eth3", interfaces: ["7"])
        }
        refused(.vlanOutOfRange) { try host.bind("one", pool: "vfpool-eth3", vlan: 4095) }
        refused(.noSuchPortgroup) { try host.bind("one", pool: "vfpool-eth3", portgroup: "red") }
        refused(.guestNotRunning, hint: "--live") { try host.bind("one", pool: "vfpool-eth3", live: true) }
        refused(.usage) { try host.bind("one", pool: "vfpool-eth3", interfaces: ["0"], adds: true) }
        try host.startGuest("one")
        host.version = LibvirtVersion(major: 12, minor: 1, release: 0)
        refused(.libvirtFault, hint: "12.2.0") { try host.bind("one", pool: "vfpool-eth3", live: true) }
    }

    /// A VF whose PF has no pool, while another has one.
    @Test func pinOfAnotherPF() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.apply(host.create("eth3"))
        try host.addGuest("vm", [.pin("eth4", 0)])
        refused(.noSuchPool, hint: "vfpool create eth4") { try host.bind("vm") }
        try host.apply(host.bind("vm", pool: "vfpool-eth3"))
        #expect(try host.state().guest(named: "vm").points(at: "vfpool-eth3"))
    }

    @Test func namedOnes() throws {
        var host = try PretendHost.pooled()
        try host.addGuest(
            "vm",
            [
                .bridge("br0"),
                .xml(
                    "<interface type='bridge'><mac address='52:54:00:00:01:FF'/><source bridge='br1'/><alias name='ua-x'/></interface>"
                ), .bridge("br2"),
            ], running: true)
        for (selector, index) in [(PretendHost.mac(1, 2), 2), ("52:54:00:00:01:fF", 1), ("ua-x", 1), ("0", 0)] {
            var copy = host
            try copy.apply(copy.bind("vm", interfaces: [selector]))
            let bound = try copy.state().guest(named: "vm").interfaces.filter { $0.attachment.networkName != nil }
            #expect(bound.map(\.index) == [index], "\(selector)")
        }
        let plan = try host.bind("vm", interfaces: ["0", "ua-x", "0"])
        #expect(plan.words == ["define vm"])
        #expect(plan.notes.contains { $0.contains("is running") })
    }

    // MARK: What stays and what goes

    @Test func keepsWhatAVFHas() throws {
        var host = try PretendHost.pooled()
        let kept = """
            <vlan><tag id='42'/></vlan>
            <link state='down'/>
            <boot order='3'/>
            <rom bar='off'/>
            <acpi index='7'/>
            <alias name='ua-net'/>
            <address type='pci' domain='0x0000' bus='0x08' slot='0x03' function='0x1'/>
            """
        try host.addGuest(
            "vm",
            [
                .xml(
                    """
                    <interface type='hostdev' managed='yes'><mac address='52:54:00:00:00:aa'/><driver name='vfio'/>
                    <source><address type='pci' domain='0x0000' bus='0x03' slot='0x10' function='0x0'/></source>\(kept)
                    <teaming type='transient' persistent='ua-other'/></interface>
                    """)
            ], extra: "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='3'/></source></hostdev>")
        let before = try host.guest("vm").persistent ?? ""
        try host.apply(host.bind("vm"))
        let expected = before.replacing(
            "<interface type=\"hostdev\" managed=\"yes\">", with: "<interface type=\"network\">"
        )
        .replacing("      <driver name=\"vfio\"/>\n", with: "")
        let source = try #require(expected.firstRange(of: "<source>"))
        let end = try #require(expected.firstRange(of: "</source>"))
        let text =
            expected[..<source.lowerBound] + "<source network=\"vfpool-eth3\"/>" + expected[end.upperBound...]
        #expect(try host.guest("vm").persistent == String(text))
    }

    @Test func dropsAndNames() throws {
        var host = try PretendHost.pooled()
        try host.addGuest(
            "vm",
            [
                .xml(
                    """
                    <interface type='bridge' trustGuestRxFilters='yes'><mac address='52:54:00:00:00:aa'/><source bridge='br0'/>
                    <target dev='vnet7'/><model type='virtio'/><driver name='vhost' queues='4'/>
                    <backend tap='/dev/net/tun'/><tune><sndbuf>1600</sndbuf></tune><mtu size='9000'/>
                    <coalesce><rx><frames max='7'/></rx></coalesce></interface>
                    """)
            ])
        let plan = try host.bind("vm")
        let note = try #require(plan.notes.first)
        for word in [
            "target vnet7", "model virtio", "driver", "backend", "tune", "mtu 9000", "coalesce", "trustGuestRxFilters",
        ] {
            #expect(note.contains(word), "\(word) in \(note)")
        }
        try host.apply(plan)
        let document = try Document(parsing: host.guest("vm").persistent ?? "")
        let interface = try document.selectOne("//interface")
        #expect(interface.children.map(\.name) == ["mac", "source"])
        #expect(interface.attributes.map(\.name) == ["type"])
    }

    @Test(arguments: [
        ("filterref", "<filterref filter='clean-traffic'/>"),
        ("bandwidth", "<bandwidth><inbound average='1000'/></bandwidth>"),
        ("port", "<port isolated='yes'/>"),
        (
            "virtualport",
            "<virtualport type='802.1Qbg'><parameters managerid='11' typeid='1193047' typeidversion='2'/></virtualport>"
        ),
    ]) func promises(_ name: String, _ xml: String) throws {
        var host = try PretendHost.pooled()
        try host.addGuest(
            "vm",
            [
                .xml(
                    "<interface type='bridge'><mac address='52:54:00:00:00:aa'/><source bridge='br0'/>\(xml)</interface>"
                )
            ])
        refused(.cannotCarry, hint: "--drop \(name)") { try host.bind("vm") }
        let plan = try host.bind("vm", drop: [name])
        #expect(plan.notes.contains { $0.contains(name) })
        #expect(plan.steps.first?.documentChange?.after?.contains("<\(name)") == false)
    }

    @Test func refusesTrunk() throws {
        var host = try PretendHost.pooled()
        try host.addGuest(
            "vm",
            [
                .xml(
                    """
                    <interface type='bridge'><mac address='52:54:00:00:00:aa'/><source bridge='br0'/>
                    <vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan></interface>
                    """)
            ])
        refused(.vlanTrunk, hint: "one VLAN") { try host.bind("vm") }
        try host.apply(host.bind("vm", vlan: 5))
        #expect(try host.state().guest(named: "vm").interfaces[0].vlan == 5)
        #expect(try host.state().guest(named: "vm").interfaces[0].hasTrunk == false)
    }

    @Test func vlanAndPortgroup() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0)])
        try host.apply(host.create("eth3", portgroups: [Portgroup(name: "red", vlan: 7, isDefault: false)]))
        refused(.noSuchPortgroup, hint: "red") { try host.bind("vm", portgroup: "blue") }
        try host.apply(host.bind("vm", vlan: 9, portgroup: "red"))
        let interface = try host.state().guest(named: "vm").interfaces[0]
        #expect(interface.vlan == 9)
        #expect(interface.attachment == .network(name: "vfpool-eth3", portgroup: "red"))
        // What is not asked for stays.
        #expect(try host.bind("vm").isEmpty)
        #expect(try host.bind("vm", vlan: 9, portgroup: "red").isEmpty)
        try host.apply(host.bind("vm", vlan: 10))
        #expect(try host.state().guest(named: "vm").interfaces[0].vlan == 10)
        #expect(
            try host.state().guest(named: "vm").interfaces[0].attachment
                == .network(name: "vfpool-eth3", portgroup: "red"))
    }

    /// A VLAN and an 802.1Qbh profile at once can't be; one of them can.
    @Test func virtualport() throws {
        var host = try PretendHost.pooled()
        let pf = "<virtualport type='802.1Qbh'><parameters profileid='x'/></virtualport>"
        try host.addGuest(
            "vm",
            [
                .xml(
                    "<interface type='bridge'><mac address='52:54:00:00:00:aa'/><source bridge='br0'/>\(pf)</interface>"
                )
            ])
        try host.addGuest(
            "ovs",
            [
                .xml(
                    "<interface type='bridge'><mac address='52:54:00:00:00:ab'/><source bridge='br0'/><virtualport type='openvswitch'/></interface>"
                )
            ])
        #expect(try host.bind("vm").steps.first?.documentChange?.after?.contains("802.1Qbh") == true)
        refused(.cannotCarry) { try host.bind("vm", vlan: 7) }
        let plan = try host.bind("ovs")
        #expect(plan.steps.first?.documentChange?.after?.contains("openvswitch") == false)
        #expect(plan.notes.contains { $0.contains("virtualport openvswitch") })
    }

    /// Teaming: the pinned half goes to the pool; the persistent one never does.
    @Test func teaming() throws {
        var host = try PretendHost.teamed(running: false)
        let plan = try host.bind("vm")
        #expect(!plan.warnings.contains { $0.code == .duplicateMAC })
        try host.apply(plan)
        let guest = try host.state().guest(named: "vm")
        #expect(guest.interfaces.map(\.attachment) == [.bridge("br0"), .network(name: "vfpool-eth3", portgroup: nil)])
        refused(.cannotCarry, hint: "other half") { try host.bind("vm", pool: "vfpool-eth3", interfaces: ["0"]) }
    }

    @Test func teamingLive() throws {
        var host = try PretendHost.teamed(running: true)
        let plan = try host.bind("vm", live: true)
        #expect(plan.words.contains("unplug vm") && plan.words.contains("plug vm"))
        try host.apply(plan)
        let guest = try host.state().guest(named: "vm")
        #expect(guest.liveInterfaces.count == 2)
        #expect(guest.liveInterfaces.contains { $0.attachment == .bridge("br0") })
        #expect(try host.bind("vm", live: true).isEmpty)
        // And back off the pool.
        try host.apply(host.unbind("vm", .function("eth3:2"), live: true))
        #expect(
            try host.state().guest(named: "vm").liveInterfaces.map(\.attachment.pinnedAddress) == [
                nil, host.address("eth3", 2),
            ])
    }

    // MARK: MACs

    @Test func macOfPlainHostdev() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.hostdev("eth3", 0)])
        }
        refused(.noMAC, hint: "--new-mac") { try host.bind("vm") }
        refused(.badMAC) { try host.bind("vm", mac: "01:00:5e:00:00:01") }
        refused(.badMAC) { try host.bind("vm", mac: "00:00:00:00:00:00") }
        for (request, mac) in [
            (try host.bind("vm", mac: "52:54:00:aa:aa:aa"), "52:54:00:aa:aa:aa"),
            (try host.bind("vm", newMAC: "52:54:00:bb:bb:bb"), "52:54:00:bb:bb:bb"),
        ] {
            var copy = host
            try copy.apply(request)
            #expect(try copy.state().guest(named: "vm").interfaces.map(\.mac?.description) == [mac])
            #expect(try copy.state().guest(named: "vm").interfaces[0].guestAddress?.bus == 1)
        }
        host.pfs[0].functions[0].settings = VFSettings(mac: MACAddress("00:00:00:00:00:00"))
        refused(.noMAC) { try host.bind("vm") }
        host.pfs[0].functions[0].settings = VFSettings(mac: MACAddress("52:54:00:cc:cc:cc"))
        try host.apply(host.bind("vm"))
        #expect(try host.state().guest(named: "vm").interfaces[0].mac?.description == "52:54:00:cc:cc:cc")
    }

    /// One MAC is for one interface.
    @Test func oneMACForTwo() throws {
        let host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.hostdev("eth3", 0), .hostdev("eth3", 1)])
        }
        refused(.noMAC, hint: "--interface 1 --mac") { try host.bind("vm", mac: "52:54:00:aa:aa:aa") }
        refused(.noMAC, hint: "--interface 1 --new-mac") { try host.bind("vm", newMAC: "52:54:00:aa:aa:aa") }
        #expect(try host.bind("vm", interfaces: ["1"], mac: "52:54:00:aa:aa:aa").words.first == "define vm")
    }

    @Test func macIsKept() throws {
        let host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)]) }
        refused(.badMAC, hint: "--mac") { try host.bind("vm", mac: "52:54:00:aa:aa:aa") }
        #expect(try host.bind("vm", mac: PretendHost.mac(1, 0)).words.first == "define vm")
        // A new one is for what has none.
        #expect(
            try host.bind("vm", newMAC: "52:54:00:aa:aa:aa").steps[0].documentChange?.after?.contains(
                PretendHost.mac(1, 0)) == true)
    }

    /// The config was edited while the guest ran: the device in the same place is another one, and so is its MAC.
    @Test func macOfAnotherDevice() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.bridge("br0"), .bridge("br1")], running: true)
            let text = try host.guest("vm").persistent ?? ""
            let document = try Document(parsing: text)
            let second = try document.selectOne("//interface[2]")
            let hostdev = try Document(
                parsing: """
                    <hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x03' \
                    slot='0x10' function='0x0'/></source><address type='pci' domain='0x0000' bus='0x09' slot='0x00' \
                    function='0x0'/></hostdev>
                    """)
            second.replace(with: hostdev.root)
            try host.defineGuest(document.serialized())
        }
        refused(.noMAC) { try host.bind("vm") }
        try host.stopGuest("vm")
        try host.startGuest("vm")
        refused(.noMAC) { try host.bind("vm") }
    }

    @Test func duplicateMACs() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.pin("eth3", 0)])
            try host.addGuest(
                "twin",
                [
                    .xml(
                        "<interface type='bridge'><mac address='\(PretendHost.mac(1, 0))'/><source bridge='br0'/></interface>"
                    )
                ])
        }
        let plan = try host.bind("vm")
        #expect(plan.warnings.map(\.code) == [.duplicateMAC])
        #expect(plan.warnings[0].message.contains("twin"))
        refused(.duplicateMAC) { try host.bind("vm", adds: true, mac: PretendHost.mac(1, 0)) }
        try host.addGuest("third", [])
        refused(.duplicateMAC) { try host.bind("third", adds: true, mac: PretendHost.mac(1, 0)) }
    }

    /// One warning a MAC, not one from each of its guests to each other.
    @Test func duplicateMACsAreSaidOnce() throws {
        let twins: [Name] = ["a", "b", "c"]
        let card = "<interface type='bridge'><mac address='52:54:00:00:77:01'/><source bridge='br0'/></interface>"
        let host = try PretendHost.pooled { host in
            for guest in twins { try host.addGuest(guest, [.xml(card)]) }
            try host.addGuest(
                "own", [.xml(card.replacing(":01'", with: ":02'")), .xml(card.replacing(":01'", with: ":02'"))])
        }
        let plan = try BindPlanner.plan(
            host.state(), twins.map { BindRequest(guest: $0) } + [BindRequest(guest: "own", interfaces: ["0", "1"])])
        #expect(
            plan.warnings.filter { $0.code == .duplicateMAC }.map(\.message) == [
                "the MAC 52:54:00:00:77:01 is that of guest a, guest b and guest c: they disturb each other when they run at once",
                "guest own has the MAC 52:54:00:00:77:02 at several interfaces",
            ])
    }

    // MARK: Adding

    @Test func adds() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.bridge("br0")], running: true)
            try host.addGuest("bare", [])
        }
        refused(.noMAC, hint: "--add --mac") { try host.bind("vm", adds: true) }
        for guest: Name in ["vm", "bare"] {
            let mac = guest == "vm" ? "52:54:00:aa:aa:aa" : "52:54:00:bb:bb:bb"
            try host.apply(host.bind(guest, adds: true, mac: mac, vlan: 3))
            let interface = try #require(host.state().guest(named: guest).interfaces.last)
            #expect(interface.mac?.description == mac && interface.vlan == 3)
            #expect(try host.bind(guest, adds: true, mac: mac, vlan: 3).isEmpty)
        }
        // Now for the running one, too.
        let plan = try host.bind("vm", adds: true, mac: "52:54:00:aa:aa:aa", live: true)
        #expect(plan.words == ["plug vm"])
        try host.apply(plan)
        #expect(try host.bind("vm", adds: true, mac: "52:54:00:aa:aa:aa", live: true).isEmpty)
        try host.addBridgedNetwork("lan")
        refused(.notAPool) { try host.bind("vm", pool: "lan", adds: true, mac: "52:54:00:cc:cc:cc") }
    }

    @Test func refusesTransient() throws {
        var host = try PretendHost.pooled()
        try host.addGuest("vm", [.bridge("br0")], running: true, persistent: false)
        refused(.transientGuest, hint: "virsh define") { try host.bind("vm", adds: true, mac: "52:54:00:aa:aa:aa") }
        refused(.transientGuest, hint: "virsh define") { try host.bind("vm") }
    }

    // MARK: Running guests

    @Test func runningPinIsAdopted() throws {
        var host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)], running: true) }
        let plan = try host.bind("vm")
        #expect(plan.words == ["define vm", "define vfpool-eth3"])
        #expect(plan.notes.contains { $0.contains("shut down and started again") })
        #expect(!plan.cutsLink)
        try host.apply(plan)
        let pool = try host.pool("vfpool-eth3")
        #expect(pool.configuration?.pfName == "eth3")
        #expect(pool.reservations.map(\.ownerName) == ["vm"])
        for number in 0..<3 { try host.addGuest("new\(number)", [.network("vfpool-eth3")], running: true) }
        // Its VF is still kept for it when it stops, until somebody reconciles.
        try host.stopGuest("vm")
        #expect(!host.canStart("vm"))
        let back = try ReconcilePlanner.plan(host.state())
        #expect(back.words == ["release 0000:03:10.0 vm"])
        try host.apply(back)
        #expect(host.canStart("vm"))
        #expect(try ReconcilePlanner.plan(host.state()).isEmpty)
    }

    @Test func live() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("vm", [.pin("eth3", 0)], running: true)
            try host.addGuest("plain", [.hostdev("eth3", 1)], running: true)
        }
        let plan = try host.bind("vm", live: true)
        #expect(plan.words == ["define vm", "unplug vm", "release 0000:03:10.0 vm", "define vfpool-eth3", "plug vm"])
        #expect(plan.cutsLink)
        try host.apply(plan)
        #expect(try host.pool("vfpool-eth3").guestPorts?.map(\.ownerName) == ["vm"])
        try host.apply(host.bind("plain", mac: "52:54:00:aa:aa:aa", live: true))
        #expect(try host.pool("vfpool-eth3").reservations.isEmpty)
        #expect(try host.state().guest(named: "plain").liveInterfaces.map(\.mac?.description) == ["52:54:00:aa:aa:aa"])
        #expect(try host.bind("vm", live: true).isEmpty && host.bind("plain", live: true).isEmpty)
    }

    /// The link is not cut for a pool that has nothing to give.
    @Test func liveWithoutRoom() throws {
        var host = try PretendHost.pooled(vfs: 2) { host in
            try host.addGuest("off", [.pin("eth3", 0)])
            try host.addGuest("on", [.pin("eth3", 1)], running: true)
            try host.addGuest("vm", [.bridge("br0")], running: true)
        }
        refused(.noVFFree, hint: "vfpool status") { try host.bind("vm", live: true) }
        // The VF that it has itself is room enough.
        try host.apply(host.bind("on", live: true))
        try host.stopNetwork("vfpool-eth3")
        refused(.poolNotActive, hint: "net-start") { try host.bind("vm", live: true) }
    }

    /// Nor for a VF that libvirt can't set up: by then the guest could not get back what it had.
    @Test func liveWithPFDown() throws {
        var world = try JournalledHost(
            PretendHost.pooled { host in
                try host.addGuest("pinned", [.pin("eth3", 0)], running: true)
                try host.addGuest("vm", [.bridge("br0")], running: true)
            })
        try world.apply(world.host.bind("pinned", live: true))
        world.host.pfs[0].isUp = false
        let hint = "ip link set dev eth3 up"
        refused(.pfDown, hint: hint) { try world.host.bind("vm", live: true) }
        refused(.pfDown, hint: hint) { try world.unbindPlan("pinned", live: true) }
        refused(.pfDown, hint: hint) { try world.undoPlan() }
        #expect(try !world.unbindPlan("pinned", .bridge("br0"), live: true).isEmpty)
        #expect(try !world.host.bind("vm").isEmpty)
    }

    /// The guest does not let go, or says no: everything is as it was.
    @Test(arguments: [UnplugOutcome.refused, .timedOut]) func stubborn(_ outcome: UnplugOutcome) throws {
        let host = try PretendHost.pooled { host in try host.addGuest("vm", [.pin("eth3", 0)], running: true) }
        let hypervisor = FaultyHypervisor(host, unplugs: outcome)
        let record = MemoryRecord()
        let plan = try host.bind("vm", live: true)
        let failure = #expect(throws: Failure.self) { try Applier(hypervisor, record: record).apply(plan) }
        let code: Failure.Code = if case .refused = outcome { .unplugRefused } else { .unplugTimedOut }
        #expect(failure?.code == code)
        #expect(hypervisor.host == host)
        // Asked to let go, it may still do so.
        #expect(record.result == (code == .unplugTimedOut ? .failed : .reverted))
    }

    // MARK: Warnings

    @Test func warnings() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 1)])
        try host.addPoolByHand("hand", pf: "eth3", active: false)
        try host.addGuest("a", [.network("hand")])
        try host.addGuest("vm", [.bridge("br0")])
        host.pfs[0].isUp = false
        host.saved = [PretendHost.uuid(2)]
        let plan = try host.bind("vm")
        #expect(
            plan.warnings.map(\.code) == [.notManaged, .poolNotActive, .pfDown, .moreGuestsThanVFs, .savedState])
    }

    @Test func severalGuestsAtOnce() throws {
        var host = try PretendHost.pooled { host in
            try host.addGuest("a", [.pin("eth3", 0)])
            try host.addGuest("b", [.pin("eth3", 1)])
        }
        let plan = try BindPlanner.plan(host.state(), [BindRequest(guest: "a"), BindRequest(guest: "b")])
        #expect(
            plan.words == [
                "define a", "define b", "release 0000:03:10.0 a", "release 0000:03:10.2 b", "define vfpool-eth3",
            ])
        try host.apply(plan)
        #expect(try BindPlanner.plan(host.state(), [BindRequest(guest: "a"), BindRequest(guest: "b")]).isEmpty)
    }

    @Test(arguments: [(nil, false), (7, true)] as [(Int?, Bool)])
    func saysThatTheVLANChanges(_ vlan: Int?, _ isSaid: Bool) throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.addGuest("vm", [.pin("eth3", 0)])
        try host.apply(host.create("eth3", vlan: vlan))
        #expect(try host.bind("vm").warnings.contains { $0.code == .vlanChanges } == isSaid)
    }

    @Test(arguments: [(5, false), (6, true)])
    func saysThatItsOwnVLANStays(_ own: Int, _ isSaid: Bool) throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(host.create("eth3", portgroups: [Portgroup(name: "a", vlan: 5, isDefault: false)]))
        try host.addGuest(
            "vm",
            [
                .xml(
                    "<interface type='network'><mac address='52:54:00:00:00:10'/><source network='vfpool-eth3'/><vlan><tag id='\(own)'/></vlan></interface>"
                )
            ])
        let warnings = try host.bind("vm", pool: "vfpool-eth3", interfaces: ["0"], portgroup: "a").warnings
        #expect(warnings.contains { $0.message.contains("overrides portgroup a's 5") } == isSaid, "\(warnings)")
    }

    /// Put back, a running interface is on the pool that it runs on, whatever its document says by now.
    @Test func runningOnAnotherPool() throws {
        var host = try PretendHost([PretendPF("eth3", vfs: 4), PretendPF("eth4", bus: 4, vfs: 4)])
        try host.apply(host.create("eth3"))
        try host.apply(host.create("eth4"))
        try host.addGuest("vm", [.network("vfpool-eth3")], running: true)
        try host.apply(host.bind("vm", pool: "vfpool-eth4", interfaces: ["0"]))
        let plan = try host.bind("vm", pool: "vfpool-eth4", interfaces: ["0"], live: true)
        let devices = plan.steps.compactMap { if case .unplug(let device) = $0 { device.xml } else { nil } }
        #expect(devices.count == 1 && devices.allSatisfy { $0.contains("network=\"vfpool-eth3\"") }, "\(devices)")
    }
}

extension PretendHost {
    /// A guest with a persistent half on a bridge and a transient one on VF 0, both with one MAC.
    static func teamed(running: Bool) throws -> PretendHost {
        try pooled { host in
            let mac = "<mac address='52:54:00:00:00:aa'/>"
            try host.addGuest(
                "vm",
                [
                    .xml(
                        """
                        <interface type='bridge'>\(mac)<source bridge='br0'/><model type='virtio'/><teaming type='persistent'/>\
                        <alias name='ua-persistent'/><address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></interface>
                        """),
                    .xml(
                        """
                        <interface type='hostdev' managed='yes'>\(mac)<source><address type='pci' domain='0x0000' bus='0x03' \
                        slot='0x10' function='0x0'/></source><teaming type='transient' persistent='ua-persistent'/>\
                        <address type='pci' domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></interface>
                        """),
                ], running: running)
        }
    }
}
