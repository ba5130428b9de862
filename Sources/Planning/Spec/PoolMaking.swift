import Model
import SRIOV
import Spec
import Text

/// Makes a pool as a spec says, by the planner of create, and of what changes a pool.
struct PoolMaking {
    private let pool: PoolSpec
    private let options: SpecOptions

    init(_ pool: PoolSpec, _ options: SpecOptions) {
        self.pool = pool
        self.options = options
    }

    // MARK: A new pool

    func create(_ chain: inout PlanChain) throws(Failure) {
        guard pool.isManaged else {
            throw Failure(
                .noSuchNetwork, "there is no network \(pool.name), and one with managed: false is not vfpool's to make",
                hints: ["leave out managed: false, and vfpool makes it"])
        }
        guard !pool.pfs.isEmpty else {
            throw Failure(.badSpec, "which PF pool \(pool.name) is of, is missing", hints: ["add it: pf: NAME"])
        }
        let selections = Set(pool.pfs.map { (pool.selection(of: $0) ?? .all).plain.words })
        guard selections.count == 1 else {
            throw Failure(
                .badSelection, "a pool is made of the same VFs of each of its PFs",
                hints: ["say vfs and exclude once, for all PFs of pool \(text: pool.name)"])
        }
        var pfs: [PhysicalFunction] = []
        for pf in pool.pfs { pfs.append(try options.pf(pf.word, chain.picture)) }
        var request = CreateRequest(
            pfs: pfs, name: pool.name, vlan: pool.vlan.value,
            portgroups: pool.portgroups.map {
                Portgroup(name: $0.name, vlan: $0.vlan.value, isDefault: $0.isDefault ?? false)
            },
            selection: pool.pfs.first.flatMap(pool.selection) ?? .all, order: pool.order ?? .interleaved,
            autostart: pool.autostart ?? true, settings: self.request(pool.settings.set), uuid: options.uuid())
        request.driverModel = pool.driverModel.value?.string
        request.iommufd = pool.iommufd.value
        for group in pool.portgroups where !group.settings.wanted.isEmpty {
            request.groupSettings.append((group.name, self.request(group.settings.set)))
        }
        try chain.add(try CreatePlanner.plan(chain.picture, request))
    }

    // MARK: A pool that is there

    func change(_ name: Name, _ chain: inout PlanChain) throws(Failure) {
        guard let network = chain.picture.network(name) else { return }
        guard pool.isManaged || !network.isManaged else {
            throw Failure(
                .poolDiffers, "pool \(name) is vfpool's, and a spec can't give it up",
                hints: ["leave out managed: false; what vfpool adopted, `vfpool undo` gives back"])
        }
        let adoption = pool.isManaged && !network.isManaged ? try adoption(network, chain.picture) : Plan()
        let adopts = Array(adoption.items.filter { !$0.isUpkeep }.prefix(1))
        let adopted = try chain.picture.after(adopts)
        let edit = try PoolEdit(pool, prunes: options.prunes, self.request, adopted, name, options.pf).plan(adopted)
        // A network's document is changed once in a change, so that it can be taken back.
        try chain.add(edit.isEmpty ? adoption : Self.joined(adoption, adopts.first, edit))
        if let autostart = pool.autostart, let now = chain.picture.network(name), now.autostart != autostart {
            try chain.add(Plan([Plan.Item(.setAutostart(network: name, autostart))]))
        }
    }

    private func adoption(_ network: NetworkState, _ state: State) throws(Failure) -> Plan {
        let pfs = state.pfs(of: network)
        guard !pfs.isEmpty else {
            throw Failure(
                .noSuchVF, "network \(network.name) hands out no VF of this host",
                hints: ["list the PFs that there are: `vfpool status`"])
        }
        return try CreatePlanner.plan(
            state, CreateRequest(pfs: pfs, name: network.name, adopt: true, uuid: options.uuid()))
    }

    private static func joined(_ adoption: Plan, _ adopts: Plan.Item?, _ edit: Plan) -> Plan {
        guard case .defineNetwork(let former)? = adopts?.step else { return edit }
        var whole =
            Plan(edit.items, warnings: adoption.warnings, notes: adoption.notes)
            + Plan(warnings: edit.warnings, notes: edit.notes)
        // The first time that its document is written, it is the one made by hand.
        guard
            let place = whole.items.firstIndex(where: { item in
                if case .defineNetwork = item.step { true } else { false }
            }), case .defineNetwork(var change) = whole.items[place].step
        else { return whole }
        change.before = former.before
        whole.items[place].step = .defineNetwork(change)
        whole.items[place].detail = [adopts?.detail, whole.items[place].detail].compactMap(\.self).joined(
            separator: "; ")
        return whole
    }

    private func request(_ change: SettingsChange) -> SettingsRequest {
        change.isEmpty ? .none : options.request(change)
    }
}

extension SettingsChange {
    /// What is set, without what is taken back: of something new there is nothing to take back.
    fileprivate var set: SettingsChange {
        var copy = self
        copy.removed = []
        return copy
    }
}
