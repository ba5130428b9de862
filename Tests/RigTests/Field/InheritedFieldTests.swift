import TestSupport
import Testing

/// What an interface inherits from its network or portgroup is judged as if it stood in the interface.
@Suite(.enabled(if: Rig.missing == nil, "no rig: \(Rig.missing ?? "")"))
struct InheritedFieldTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        var what: String
        /// The same within a network's portgroup (or the network, where a portgroup can't have it) and in an interface.
        var inherited: String
        var own: String
        var inPortgroup = true
        /// What of a network it takes for libvirt to let it have that.
        var network = "<forward mode='bridge'/><bridge name='br-int'/>"
        /// What must be in what is said; with an error code, the plan is refused by it.
        var says: [String]

        var testDescription: String { what }
    }

    static let openVSwitch = "<forward mode='bridge'/><bridge name='br-int'/><virtualport type='openvswitch'/>"

    static let kinds = [
        Kind(
            what: "a VLAN trunk", inherited: "<vlan trunk='yes'><tag id='30'/><tag id='40'/></vlan>",
            own: "<vlan trunk='yes'><tag id='30'/><tag id='40'/></vlan>", network: openVSwitch,
            says: ["error[vlan-trunk]"]),
        Kind(
            what: "a native VLAN of a trunk",
            inherited: "<vlan trunk='yes'><tag id='50' nativeMode='untagged'/><tag id='60'/></vlan>",
            own: "<vlan trunk='yes'><tag id='50' nativeMode='untagged'/><tag id='60'/></vlan>", network: openVSwitch,
            says: ["error[vlan-trunk]"]),
        Kind(
            what: "a bandwidth", inherited: "<bandwidth><inbound average='1000'/></bandwidth>",
            own: "<bandwidth><inbound average='1000'/></bandwidth>", says: ["error[cannot-carry]", "bandwidth"]),
        Kind(
            what: "an Open vSwitch port", inherited: "<virtualport type='openvswitch'/>",
            own: "<virtualport type='openvswitch'/>", says: ["virtualport openvswitch"]),
        Kind(
            what: "an MTU", inherited: "<mtu size='9000'/>", own: "<mtu size='9000'/>", inPortgroup: false,
            network: "<bridge name='vfpool9'/>", says: ["mtu 9000"]),
        Kind(
            what: "an isolated port", inherited: "<port isolated='yes'/>", own: "<port isolated='yes'/>",
            inPortgroup: false, says: ["error[cannot-carry]", "isolated"]),
    ]

    private func document(_ kind: Kind) -> String {
        let group = kind.inPortgroup ? "<portgroup name='g'>\(kind.inherited)</portgroup>" : "<portgroup name='g'/>"
        return """
            <network><name>old</name>\(kind.network)
            \(kind.inPortgroup ? "" : kind.inherited)\(group)</network>
            """
    }

    @Test(arguments: kinds) func `inherited or its own, it is the same`(_ kind: Kind) throws {
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: document(kind), active: false),
            .guest("inherits", .network("old", mac: OnRig.mac(1), portgroup: "g", inside: "<model type='virtio'/>")),
            .guest("has", .bridge("br-int", mac: OnRig.mac(2), inside: kind.own))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let own = try rig.vfpool("bind", "has", "--dry-run")
            let inherited = try rig.vfpool("bind", "inherits", "--dry-run")
            for word in kind.says {
                #expect((own.stdout + own.stderr).contains(word), "its own: \(own)")
                #expect((inherited.stdout + inherited.stderr).contains(word), "inherited: \(inherited)")
            }
            #expect(inherited.status == own.status, "\(inherited)")
            #expect(!inherited.stderr.contains("error") || inherited.stderr.contains("network old"), "where it is from")
        }
    }

    @Test func `a port of 802.1Qbg is refused where it is inherited, too`() throws {
        let qbg = """
            <virtualport type='802.1Qbg'><parameters managerid='11' typeid='1193047' typeidversion='2'
            instanceid='09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f'/></virtualport>
            """
        let network = """
            <network><name>old</name><forward mode='bridge'><interface dev='eth4'/></forward>
            <portgroup name='g'>\(qbg)</portgroup></network>
            """
        try Rig.with(
            .pf("eth3", vfs: 4), .pf("eth4", vfs: 0), .network(xml: network, active: false),
            .guest("inherits", .network("old", mac: OnRig.mac(1), portgroup: "g")),
            .guest("has", .macvtap("eth4", mac: OnRig.mac(2), inside: qbg))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            for guest in ["has", "inherits"] {
                let result = try rig.vfpool("bind", guest, "--dry-run")
                #expect(result.status == 1 && result.stderr.contains("802.1Qbg"), "\(result)")
            }
        }
    }

    @Test func `the pair's card does not lose the portgroup's trunk`() throws {
        let trunk = Self.kinds[0]
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: document(trunk), active: false),
            .guest("fw", .network("old", mac: OnRig.mac(1), portgroup: "g", inside: "<model type='virtio'/>"))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let pair = try rig.vfpool("bind", "fw", "--failover", "old", "--dry-run")
            #expect(pair.status == 1 && pair.stderr.contains("error[vlan-trunk]"), "\(pair)")
        }
    }

    @Test func `a pinned guest's pair is told of the trunk that its card would have`() throws {
        let network = """
            <network><name>old</name>\(Self.openVSwitch)<portgroup name='g' default='yes'>\(Self.kinds[0].inherited)
            </portgroup></network>
            """
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: network, active: false),
            .guest("fw", .pinned("eth3", 0, mac: OnRig.mac(1)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let pair = try rig.vfpool("bind", "fw", "--failover", "old", "--dry-run")
            #expect(pair.status == 0 && pair.stderr.contains("trunk of VLANs 30 and 40"), "\(pair)")
        }
    }

    @Test func `migrate leaves out what bind refuses`() throws {
        let inherited = Self.kinds[0]
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: document(inherited), active: false),
            .guest("fw", .pinned("eth3", 0, mac: OnRig.mac(1), inside: inherited.own))
        ) { rig throws in
            let left = try rig.vfpool("migrate", "--all", "--create-pools", "--dry-run")
            #expect(left.stderr.contains("guest fw is left out [vlan-trunk]"), "\(left)")
        }
    }

    @Test func `the default portgroup's, and what the network limits, counts as well`() throws {
        let network = """
            <network><name>old</name><bridge name='vfpool9'/><bandwidth><inbound average='1000'/></bandwidth></network>
            """
        let named = "<network><name>ovs</name>\(Self.openVSwitch)<portgroup name='g' default='yes'>"
        let group = named + "<vlan><tag id='30'/></vlan></portgroup></network>"
        try Rig.with(
            .pf("eth3", vfs: 4), .network(xml: network, active: false), .network(xml: group, active: false),
            .guest("limited", .network("old", mac: OnRig.mac(1))), .guest("tagged", .network("ovs", mac: OnRig.mac(2)))
        ) { rig throws in
            #expect(try rig.vfpool("create", "eth3", "-q").status == 0)
            let limited = try rig.vfpool("bind", "limited", "--dry-run")
            #expect(limited.status == 1 && limited.stderr.contains("bandwidth from network old"), "\(limited)")
            let dropped = try rig.vfpool("bind", "limited", "--drop", "bandwidth", "--dry-run")
            #expect(dropped.status == 0 && dropped.stderr.contains("bandwidth (network old)"), "\(dropped)")
            let tagged = try rig.vfpool("bind", "tagged", "--dry-run")
            #expect(tagged.stdout.contains("+        <tag id=\"30\"/>"), "\(tagged)")
            #expect(tagged.stderr.contains("virtualport openvswitch (network ovs)"), "\(tagged)")
        }
    }
}
