/// One part of a pretend host. A list of parts describes it:
///
/// ```swift`
/// try Rig.with(
///     .pf("eth3", vfs: 8, uses: [.address(vf: 7, "192.0.2.1/24")]),
///     .pool("eth3"),
///     .guest("vm1", .pinned("eth3", 0, mac: "52:54:00:00:00:01"), running: true)
/// ) { rig in … }
/// ````
///
/// Networks and guests are made in the order given; a network must come before a running guest that needs it.
package enum RigPart: Sendable {
    case pf(RigPF)
    case network(RigNetwork)
    case guest(RigGuest)
    /// The host has no IOMMU.
    case noIOMMU
    /// libvirt's daemons are not started.
    case noDaemon
    /// Which daemons libvirt is made of, else `RIG_DAEMONS`: `libvirtd`, `modular`, `modular+proxy`. One that is told to end has
    /// this many seconds to do so.
    case daemons(String?, patience: Double? = nil)
    /// The host's name, else `rig`.
    case named(String)
    case hostFile(String, RigFile)
    case laidOver(String, RigSysfs)

    /// An SR-IOV PF. Buses count from 03; VF addresses are the PF's plus 10.0, 10.2, 10.4, … as of an Intel 82599.
    package static func pf(
        _ name: String, vfs: Int, total: Int? = nil, bus: String? = nil, mac: String? = nil, driver: String? = nil,
        vfDriver: String? = nil, up: Bool = true, carrier: Bool = true, numa: Int? = nil, vfsPerGroup: Int? = nil,
        adminMACs: [Int: String] = [:], settings: [Int: RigVFSettings] = [:], uses: [RigUse] = [],
        hardware: RigHardware = RigHardware()
    ) -> RigPart {
        func byName<Value>(_ values: [Int: Value]) -> [String: Value] {
            Dictionary(uniqueKeysWithValues: values.map { (String($0.key), $0.value) })
        }
        let own = RigPF.Own(
            name: name, vfs: vfs, total: total, bus: bus, mac: mac, driver: driver, vfDriver: vfDriver, up: up,
            carrier: carrier, numa: numa, vfsPerGroup: vfsPerGroup, adminMACs: byName(adminMACs),
            vfSettings: byName(settings), uses: uses)
        return .pf(RigPF(own: own, hardware: hardware))
    }

    /// A file that the host has from the start; below /run at each boot. Elsewhere than in /etc, /var, /run and /usr nothing
    /// can be written.
    package static func file(_ path: String, _ text: String, mode: String = "644") -> RigPart {
        .hostFile(path, RigFile(text: text, mode: mode))
    }

    package static func link(_ path: String, to target: String) -> RigPart { .hostFile(path, RigFile(link: target)) }

    /// What a netdev's files in /sys say: `.netdev("eth3", says: ["phys_port_id": "0002c9"])`; some of it netlink says, too.
    package static func netdev(_ name: String, says files: [String: String]) -> RigPart {
        .laidOver(name, .netdev(files))
    }

    /// A file of /sys once the hardware is there; nil: it is taken away. `.sys("bus/pci/devices/0000:03:10.0/physfn", nil)`
    package static func sys(_ path: String, _ text: String?) -> RigPart { .laidOver(path, .file(text)) }

    /// A hostdev network over a whole PF, by default of the PF's name; active.
    package static func pool(
        _ pf: String, named name: String? = nil, active: Bool = true, autostart: Bool = false, managed: Bool = true,
        inside: String = ""
    ) -> RigPart {
        .network(
            RigNetwork(name: name ?? pf, pf: pf, active: active, autostart: autostart, managed: managed, inside: inside)
        )
    }

    /// A hostdev network over some VFs of a PF, as a list of addresses.
    package static func pool(
        _ name: String, pf: String, vfs: [Int], active: Bool = true, autostart: Bool = false
    ) -> RigPart {
        .network(
            RigNetwork(
                name: name, vfs: vfs.map { RigVFReference(pf: pf, vf: $0) }, active: active, autostart: autostart))
    }

    /// Any network, by its document.
    package static func network(xml: String, active: Bool = true, autostart: Bool = false) -> RigPart {
        .network(RigNetwork(name: "", active: active, autostart: autostart, xml: xml))
    }

    /// A guest of 16 MiB. `inside`: XML among its devices; `beside`: XML beside them (a description, metadata).
    package static func guest(
        _ name: String, _ nics: RigNIC..., running: Bool = false, autostart: Bool = false, memory: Int = 16,
        inside: String = "", beside: String = ""
    ) -> RigPart {
        .guest(
            RigGuest(
                name: name, nics: nics, running: running, autostart: autostart, memory: memory, inside: inside,
                beside: beside))
    }

    /// What a guest has inside to have an agent.
    package static let agentChannel =
        "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"

    /// Any guest, by its document; its emulator must be `/usr/bin/qemu-system-x86_64` to start here.
    package static func guest(xml: String, running: Bool = false, autostart: Bool = false) -> RigPart {
        .guest(RigGuest(name: "", nics: [], running: running, autostart: autostart, xml: xml))
    }
}

package struct RigPF: Encodable, Sendable {
    struct Own: Encodable, Sendable {
        var name: String
        var vfs: Int
        var total: Int?
        var bus: String?
        var mac: String?
        var driver: String?
        var vfDriver: String?
        var up = true
        var carrier = true
        var numa: Int?
        var vfsPerGroup: Int?
        var adminMACs: [String: String] = [:]
        var vfSettings: [String: RigVFSettings] = [:]
        var uses: [RigUse] = []
    }

    var own: Own
    var hardware: RigHardware

    /// One object.
    package func encode(to encoder: any Encoder) throws {
        try own.encode(to: encoder)
        try hardware.encode(to: encoder)
    }
}

package struct RigNetwork: Encodable, Sendable {
    var name: String
    var pf: String?
    var vfs: [RigVFReference]?
    var active = true
    var autostart = false
    var managed = true
    var inside = ""
    var xml: String?
}

/// A VF by its PF and number; in JSON `["eth3", 0]`.
package struct RigVFReference: Encodable, Sendable {
    var pf: String
    var vf: Int

    package func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        try list.encode(pf)
        try list.encode(vf)
    }
}

package struct RigGuest: Encodable, Sendable {
    var name: String
    var nics: [RigNIC]
    var running = false
    var autostart = false
    var memory = 16
    var inside = ""
    var beside = ""
    var xml: String?
}

/// How a guest is attached to the network. `inside` is XML that goes along: a VLAN, an alias, a guest address.
package struct RigNIC: Encodable, Sendable {
    var attached: String
    var mac: String?
    var pf: String?
    var vf: Int?
    var network: String?
    var portgroup: String?
    var bridge: String?
    var dev: String?
    var mode: String?
    var managed = true
    var inside = ""

    /// `<interface type='hostdev'>`.
    package static func pinned(_ pf: String, _ vf: Int, mac: String? = nil, managed: Bool = true, inside: String = "")
        -> RigNIC
    {
        RigNIC(attached: "pinned", mac: mac, pf: pf, vf: vf, managed: managed, inside: inside)
    }

    /// `<hostdev>`, whose XML knows no MAC.
    package static func hostdev(_ pf: String, _ vf: Int, managed: Bool = true, inside: String = "") -> RigNIC {
        RigNIC(attached: "hostdev", pf: pf, vf: vf, managed: managed, inside: inside)
    }

    /// `<interface type='network'>`.
    package static func network(_ name: String, mac: String? = nil, portgroup: String? = nil, inside: String = "")
        -> RigNIC
    {
        RigNIC(attached: "network", mac: mac, network: name, portgroup: portgroup, inside: inside)
    }

    /// A virtio NIC on a bridge of the host.
    package static func bridge(_ name: String, mac: String, inside: String = "") -> RigNIC {
        RigNIC(attached: "bridge", mac: mac, bridge: name, inside: inside)
    }

    /// A virtio NIC on a macvtap over one of the host's netdevs, for example a VF's, `eth3v4`.
    package static func macvtap(_ dev: String, mac: String, mode: String = "bridge", inside: String = "") -> RigNIC {
        RigNIC(attached: "macvtap", mac: mac, dev: dev, mode: mode, inside: inside)
    }

    /// A virtio NIC on a vdpa device, `/dev/vhost-vdpa-0`. It can be defined, not started.
    package static func vdpa(_ dev: String, mac: String) -> RigNIC { RigNIC(attached: "vdpa", mac: mac, dev: dev) }
}

/// A use that the host itself makes of a VF. Its netdev, of VF 7 of eth3 named `eth3v7`, is up.
package struct RigUse: Encodable, Sendable {
    var vf: Int
    var address: String?
    var upper: String?
    var name: String?
    var namespace: Bool?
    var program: String?
    var rdma: String?
    var vdpa: String?
    var driver: String?
    var holder: String?

    /// An IP address with its prefix.
    package static func address(vf: Int, _ address: String) -> RigUse { RigUse(vf: vf, address: address) }
    package static func bridge(vf: Int, _ name: String) -> RigUse { RigUse(vf: vf, upper: "bridge", name: name) }
    package static func bond(vf: Int, _ name: String) -> RigUse { RigUse(vf: vf, upper: "bond", name: name) }
    /// A VLAN; its tag is what follows the dot of the name.
    package static func vlan(vf: Int, _ name: String) -> RigUse { RigUse(vf: vf, upper: "vlan", name: name) }
    package static func macvtap(vf: Int, _ name: String) -> RigUse { RigUse(vf: vf, upper: "macvtap", name: name) }
    package static func macvlan(vf: Int, _ name: String) -> RigUse { RigUse(vf: vf, upper: "macvlan", name: name) }
    /// Its netdev is in another network namespace, as a container's. (libvirt then starts no `<pf>` network of the PF.)
    package static func otherNamespace(vf: Int) -> RigUse { RigUse(vf: vf, namespace: true) }
    /// A program of this name holds its VFIO group open.
    package static func program(vf: Int, _ name: String = "dpdk-testpmd") -> RigUse { RigUse(vf: vf, program: name) }
    /// A program of this name holds its RDMA device open; for a PF with `rdma`.
    package static func rdma(vf: Int, _ program: String = "ib_write_bw") -> RigUse { RigUse(vf: vf, rdma: program) }
    /// It has a vdpa device for guests, /dev/vhost-vdpa-0 and so on, which a program may hold open.
    package static func vhostVDPA(vf: Int, _ name: String = "vdpa0", holder: String? = nil) -> RigUse {
        RigUse(vf: vf, vdpa: name, driver: "vhost_vdpa", holder: holder)
    }
    /// It has a vdpa device that the host itself uses, by a netdev of this name.
    package static func virtioVDPA(vf: Int, _ name: String = "vdpa0", netdev: String) -> RigUse {
        RigUse(vf: vf, name: netdev, vdpa: name, driver: "virtio_vdpa")
    }
    /// Merely up.
    package static func up(vf: Int) -> RigUse { RigUse(vf: vf) }
}
