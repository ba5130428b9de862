import Applying
import Model
import Planning
import SRIOV
import TestSupport
import Text

/// Short ways to ask for a plan, and to have it.
extension PretendHost {
    static let poolUUID = "44444444-2222-4333-8444-000000000001"

    func create(
        _ netdev: Name, with others: [Name] = [], order: FunctionOrder = .interleaved, name: Name? = nil,
        vlan: Int? = nil, portgroups: [Portgroup] = [],
        selection: VFSelection = .all, autostart: Bool = true, start: Bool = true, adopt: Bool = false,
        template: String? = nil, count: Int? = nil, settings: SettingsRequest = .none, uuid: String? = nil
    ) throws -> Plan {
        try CreatePlanner.plan(
            state(),
            CreateRequest(
                pfs: ([netdev] + others).map { try pf($0) }, name: name, vlan: vlan, portgroups: portgroups,
                selection: selection, order: order, autostart: autostart, start: start, adopt: adopt,
                template: template,
                templateName: template.map { _ in "mine.xml" },
                resizes: count.map { [ResizeRequest(pf: try pf(netdev), count: $0)] } ?? [], settings: settings,
                uuid: uuid ?? "44444444-2222-4333-8444-" + String(100_000_000_001 + networks.count)))
    }

    func bind(
        _ guest: Name, pool: Name? = nil, interfaces: [String] = [], adds: Bool = false, mac: String? = nil,
        newMAC: String? = nil, vlan: Int? = nil, portgroup: Name? = nil, failover: Name? = nil,
        isBridge: Bool? = true,
        live: Bool = false, drop: Set<String> = [], settings: SettingsRequest = .none
    ) throws -> Plan {
        try BindPlanner.plan(
            state(),
            BindRequest(
                guest: guest, pool: pool, interfaces: interfaces, adds: adds, mac: mac.flatMap { MACAddress($0) },
                newMAC: newMAC.flatMap { MACAddress($0) }, vlan: vlan, portgroup: portgroup,
                failover: failover.map { FailoverRequest($0, isBridge: isBridge) }, live: live, drop: drop,
                settings: settings))
    }

    func set(_ target: Name, interfaces: [String] = [], _ settings: SettingsRequest) throws -> Plan {
        try SettingsPlanner.plan(state(), SetRequest(target: target, interfaces: interfaces, settings: settings))
    }

    func resize(_ netdev: Name, _ count: Int, hostDrivers: Bool? = nil, boot: BootSetup? = nil) throws -> Plan {
        try ResizePlanner.plan(
            state(), ResizeRequest(pf: pf(netdev), count: count, hostDrivers: hostDrivers, boot: boot))
    }

    /// Applies a plan, without a fault and without a journal.
    mutating func apply(_ plan: Plan) throws {
        let hypervisor = FaultyHypervisor(self)
        try Applier(hypervisor, record: MemoryRecord()).apply(plan)
        self = hypervisor.host
    }

    /// A host with a pool on `eth3`, made by vfpool.
    static func pooled(vfs: Int = 4, _ prepare: (inout PretendHost) throws -> Void = { _ in }) throws -> PretendHost {
        var host = try PretendHost([PretendPF("eth3", vfs: vfs)])
        try prepare(&host)
        try host.apply(host.create("eth3"))
        return host
    }
}
