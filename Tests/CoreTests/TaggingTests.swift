import Libvirt
import SRIOV
import TestSupport
import Testing
import Text

@testable import Model
@testable import Planning

/// A VLAN on a Linux bridge: libvirt from 11.0 on gives it, where the bridge tells VLANs apart.
@Suite struct TaggingTests {
    struct Case: Sendable, CustomStringConvertible {
        var version: LibvirtVersion?
        var filters: Bool?
        /// What the refusal's cause names; nil where it is allowed.
        var refusal: String?
        var description: String {
            "libvirt \(version.map { "\($0)" } ?? "?"), vlan_filtering \(String(describing: filters))"
        }
    }

    private static let new = LibvirtVersion(major: 11, minor: 0, release: 0)

    static let cases = [
        Case(version: new, filters: true, refusal: nil),
        Case(version: new, filters: false, refusal: "vlan_filtering is 0"),
        Case(version: new, filters: nil, refusal: "can't be seen from here"),
        Case(
            version: LibvirtVersion(major: 10, minor: 10, release: 9), filters: true,
            refusal: "libvirt 10.10.9 gives no VLAN"),
        Case(version: nil, filters: true, refusal: "gives no VLAN"),
    ]

    private static func state(_ nic: PretendNIC, _ kind: Case, pool vlan: Int? = nil) throws -> State {
        var host = try PretendHost([PretendPF("eth3", vfs: 4)])
        try host.apply(host.create("eth3", vlan: vlan))
        try host.addBridgedNetwork("lan")
        try host.addGuest("vm", [nic])
        var state = try host.state()
        state.libvirtVersion = kind.version
        state.bridgeFilters = kind.filters.map { ["br0": $0] } ?? [:]
        return state
    }

    private static let tagged = PretendNIC.xml(
        "<interface type='network'><mac address='\(PretendHost.mac(1, 0))'/><source network='vfpool-eth3'/><vlan><tag id='77'/></vlan></interface>"
    )

    private func unbind(_ state: State, _ target: UnbindTarget, drop: Set<String> = []) throws -> Plan {
        let journal = try JournalledHost(PretendHost.pooled()).journal
        let request = UnbindRequest(guest: "vm", target: target, isBridge: true, drop: drop)
        return try UnbindPlanner.plan(state, [request], History(journal, uri: PretendHost.uri))
    }

    private func document(_ plan: Plan) -> String {
        plan.steps.compactMap { if case .defineGuest(let change) = $0 { change.after } else { nil } }.first ?? ""
    }

    /// To a bridge, and to a network over one.
    @Test(arguments: cases, [UnbindTarget.bridge("br0"), .network("lan")]) func unbinds(
        _ kind: Case, _ target: UnbindTarget
    ) throws {
        let state = try Self.state(Self.tagged, kind)
        guard let refusal = kind.refusal else {
            let plan = try unbind(state, target)
            #expect(document(plan).contains("<tag id=\"77\"/>") && plan.warnings.isEmpty, "\(plan.warnings)")
            return
        }
        let failure = #expect(throws: Failure.self) { try unbind(state, target) }
        #expect(
            failure?.code == .cannotCarry && failure?.cause?.contains(refusal) == true, "\(String(describing: failure))"
        )
        #expect(failure?.hints.contains { $0.text.contains("`--drop vlan`") } == true)
        #expect(try !document(unbind(state, target, drop: ["vlan"])).contains("<vlan>"))
    }

    /// A VLAN that the pool gave it comes along, or is told of with the reason.
    @Test(arguments: cases) func thePoolsVLAN(_ kind: Case) throws {
        let plan = try unbind(Self.state(.network("vfpool-eth3"), kind, pool: 42), .bridge("br0"))
        #expect(document(plan).contains("<tag id=\"42\"/>") == (kind.refusal == nil))
        #expect(plan.warnings.map(\.code) == (kind.refusal == nil ? [] : [.vlanChanges]))
        guard let refusal = kind.refusal else { return }
        #expect(plan.warnings.first?.hints.contains { $0.text.contains(refusal) } == true)
    }

    /// The half of a pair that lasts is on the VF's VLAN, and keeps it when the pair ends.
    @Test(arguments: cases) func pairs(_ kind: Case) throws {
        let state = try Self.state(Self.tagged, kind)
        let request = BindRequest(
            guest: "vm", pool: nil, interfaces: [], adds: false, mac: nil, newMAC: nil, vlan: nil, portgroup: nil,
            failover: FailoverRequest("br0", isBridge: true), live: false, drop: [], settings: .none)
        let plan = try BindPlanner.plan(state, request)
        let tags = document(plan).split(separator: "<tag id=\"77\"/>", omittingEmptySubsequences: false).count - 1
        #expect(tags == (kind.refusal == nil ? 2 : 1))
        #expect(plan.warnings.contains { $0.message.contains("VLAN 77") } == (kind.refusal != nil), "\(plan.warnings)")
        let paired = try state.after(plan.items)
        #expect(
            try document(unbind(paired, .bridge("br0"))).contains("<tag id=\"77\"/>") == (kind.refusal == nil))
    }
}
