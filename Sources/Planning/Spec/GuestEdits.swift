import Model
import SRIOV
import Spec
import Text
import XML

/// Changes of guests' interfaces, in one plan: by the planner of bind, and of what bind leaves as it is.
struct GuestEdits {
    struct Edit {
        let guest: Name
        let pool: Name
        let interface: GuestSpec.Interface
        private let options: SpecOptions
        /// What finds the interface; nil: its MAC.
        var selector: String?
        var adds = false
        var isLive = false
        private var isBare = false

        init(guest: Name, pool: Name, interface: GuestSpec.Interface, _ options: SpecOptions) {
            self.guest = guest
            self.pool = pool
            self.interface = interface
            self.options = options
        }

        /// The same for an interface whose document is as it should be.
        var bare: Edit {
            var copy = self
            copy.isBare = true
            return copy
        }

        var request: BindRequest {
            var request = BindRequest(
                guest: guest, pool: pool, live: isLive, drop: options.drop, patience: options.patience)
            if adds {
                request.adds = true
                request.mac = interface.mac
            } else {
                request.interfaces = [selector ?? interface.mac.description]
            }
            guard !isBare else { return request }
            request.vlan = interface.vlan.value
            request.portgroup = interface.portgroup.value
            request.failover = interface.failover.map { FailoverRequest($0, isBridge: options.isBridge($0)) }
            let settings = interface.settings
            if !settings.isEmpty { request.settings = options.request(settings) }
            return request
        }

        /// What bind would leave as it is.
        var takesAway: Bool { !isBare && (interface.vlan == .none || interface.portgroup == .none) }
    }

    private let edits: [Edit]

    init(_ edits: [Edit]) { self.edits = edits }

    func plan(_ chain: inout PlanChain) throws(Failure) {
        try chain.add(try BindPlanner.plan(chain.picture, edits.map(\.request)))
        for edit in edits where edit.takesAway { try chain.add(try InterfaceTrim.plan(chain.picture, edit)) }
    }
}

/// Takes an interface's own VLAN or portgroup away: it then has its pool's.
enum InterfaceTrim {
    static func plan(_ state: State, _ edit: GuestEdits.Edit) throws(Failure) -> Plan {
        let guest = try state.guest(named: edit.guest)
        guard
            let interface = guest.interfaces.first(where: { interface in
                interface.mac == edit.interface.mac && !interface.isPersistentHalf
                    && interface.attachment.networkName.flatMap(state.network)?.isPool ?? false
            })
        else { return Plan() }
        var document = try GuestEdit(guest)
        let element = try document.element(interface)
        var details: [String] = []
        if edit.interface.vlan == .none, let vlan = element.first("vlan") {
            vlan.remove()
            details.append("without a VLAN of its own")
        }
        if edit.interface.portgroup == .none, let source = element.first("source"), source[name: "portgroup"] != nil {
            source[name: "portgroup"] = nil
            details.append("without a portgroup")
        }
        guard !details.isEmpty else { return Plan() }
        document.changed(element, "interface \(interface.index): \(details.joined(separator: ", "))")
        guard let item = try document.item(state) else { return Plan() }
        let after = try state.after([item])
        var warnings: [Diagnostic] = []
        if let new = after.guest(uuid: guest.uuid)?.interfaces.first(where: { $0.index == interface.index }) {
            let (old, new) = (state.effectiveVLAN(interface), after.effectiveVLAN(new))
            if old != new {
                warnings.append(
                    VLANChange.warning("interface \(interface.index) of guest \(guest.name)", from: old, to: new))
            }
        }
        return Plan([item], warnings: warnings, notes: guest.isActive ? [GuestPlan.later(guest)] : [])
    }
}
