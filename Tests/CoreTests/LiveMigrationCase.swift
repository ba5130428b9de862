import Libvirt
import SRIOV
import TestSupport
import Text

@testable import Model
@testable import Reporting

/// One thing that is wrong with an otherwise well live migration, and the check that has to say so.
struct LiveMigrationCase: Sendable, CustomStringConvertible {
    typealias OfHost = @Sendable (inout PretendHost) throws -> Void
    typealias OfEnd = @Sendable (inout LiveMigrationHost) throws -> Void

    let code: Diagnostic.Code
    let severity: Diagnostic.Severity
    /// What the message has to name.
    let says: String
    private let nics: [PretendNIC]
    private let runs: Bool
    private let extra: String
    private let prepare: OfHost
    private let source: OfEnd
    private let targetHost: OfHost
    private let target: OfEnd

    init(
        _ name: Diagnostic.Code, _ verdict: Diagnostic.Severity, _ says: String, nics: [PretendNIC] = pair + other,
        runs: Bool = true, extra: String = "", prepare: @escaping OfHost = { _ in }, source: @escaping OfEnd = { _ in },
        targetHost: @escaping OfHost = { _ in }, target: @escaping OfEnd = { _ in }
    ) {
        self.code = name
        self.severity = verdict
        self.says = says
        self.nics = nics
        self.runs = runs
        self.extra = extra
        self.prepare = prepare
        self.source = source
        self.targetHost = targetHost
        self.target = target
    }

    /// Nothing is wrong.
    static let well = LiveMigrationCase(.pair, .pass, "")

    var description: String { "\(code.rawValue) \(severity.rawValue): \(says)" }

    func diagnosis() throws -> Diagnosis {
        var here = try Self.wellHost()
        try prepare(&here)
        try here.addGuest("vm1", nics, running: runs, extra: extra)
        var there = try Self.wellHost()
        try targetHost(&there)
        var source = Self.end(try here.state(), "qemu:///system", 1)
        var target = Self.end(try there.state(), "qemu+ssh://root@b/system", 2)
        try self.source(&source)
        try self.target(&target)
        let moving = MovingGuest(try source.state.guest(named: "vm1"), source.state)
        return Diagnosis(LiveMigration(moving, from: source, to: target))
    }

    // MARK: What is well

    static let mac = "52:54:00:aa:00:01"

    /// A VF of the pool's portgroup, and its other half on a bridge.
    static let pair = [persistent(), transient()]
    /// An interface that has nothing to do with VFs.
    static let other = [
        PretendNIC.xml(
            "<interface type='network'><mac address='52:54:00:aa:00:02'/><source network='lan'/><model type='virtio'/></interface>"
        )
    ]

    static func persistent(
        _ mac: String = mac, alias: String = "ua-backup", model: String = "<model type='virtio'/>",
        teaming: String = "<teaming type='persistent'/>", source: String = "bridge='br0'", type: String = "bridge"
    ) -> PretendNIC {
        .xml(
            "<interface type='\(type)'><mac address='\(mac)'/><source \(source)/>\(model)\(teaming)<alias name='\(alias)'/></interface>"
        )
    }

    static func transient(
        _ mac: String = mac, partner: String = " persistent='ua-backup'", group: String = " portgroup='dmz'",
        inside: String = ""
    ) -> PretendNIC {
        .xml(
            "<interface type='network'><mac address='\(mac)'/><source network='vfpool-eth3'\(group)/>\(inside)<teaming type='transient'\(partner)/></interface>"
        )
    }

    /// A VF alone.
    static let alone = PretendNIC.network("vfpool-eth3", portgroup: "dmz")

    /// A pool with two portgroups, of which something is wanted, and an ordinary network.
    private static func wellHost() throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(
            host.create(
                "eth3", vlan: 7,
                portgroups: [
                    Portgroup(name: "dmz", vlan: 50, isDefault: false),
                    Portgroup(name: "lan", vlan: 60, isDefault: true),
                ]))
        try host.apply(host.set("vfpool-eth3", .of("trust=on")))
        try host.addBridgedNetwork("lan")
        return host
    }

    private static func end(_ state: State, _ uri: String, _ number: Int) -> LiveMigrationHost {
        var state = state
        state.uri = uri
        return LiveMigrationHost(
            state: state, uuid: .known(PretendHost.uuid(number)),
            emulator: .known(LibvirtVersion(major: 7, minor: 2, release: 0)), netdevs: .known(["br0"]),
            kinds: ["vfpool-eth3": FunctionKind(vendor: "0x8086", product: "0x10ca", name: "Intel 82576 VF")],
            hooks: .known(Dictionary(uniqueKeysWithValues: HookFile.allCases.map { (Name($0.path), true) })))
    }

    static func version(_ major: UInt, _ minor: UInt) -> LibvirtVersion {
        LibvirtVersion(major: major, minor: minor, release: 0)
    }
}
