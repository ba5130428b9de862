import Model
import SRIOV
import Spec
import Text

/// Changes of guests' interfaces, in one plan, by the planner of bind.
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
        /// Whether the running guest has it otherwise, on the pool that it is to be on.
        var replugs = false
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
            request.replugs = replugs
            if adds {
                request.adds = true
                request.mac = interface.mac
            } else {
                request.interfaces = [selector ?? interface.mac.description]
            }
            guard !isBare else { return request }
            request.vlan = interface.vlan.value?.tag
            request.leavesVLAN = interface.vlan == .none
            request.portgroup = interface.portgroup.value
            request.leavesPortgroup = interface.portgroup == .none
            request.failover = interface.failover.value.map { FailoverRequest($0, isBridge: options.isBridge($0)) }
            request.endsPair = interface.failover == .none
            let settings = interface.settings
            if !settings.isEmpty { request.settings = options.request(settings) }
            return request
        }
    }

    private let edits: [Edit]

    init(_ edits: [Edit]) { self.edits = edits }

    func plan(_ chain: inout PlanChain) throws(Failure) {
        for edit in edits {
            _ = try PoolMaking.tag(edit.interface.vlan, "interface \(edit.interface.mac) of guest \(edit.guest)")
        }
        try chain.add(try BindPlanner.plan(chain.picture, edits.map(\.request)))
    }
}
