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
            pfs: pfs, name: pool.name, vlan: try Self.tag(pool.vlan, "pool \(pool.name)"),
            portgroups: try groups.map { (group) throws(Failure) in
                Portgroup(
                    name: group.name, vlan: try Self.tag(group.vlan, "portgroup \(group.name) of pool \(pool.name)"),
                    isDefault: group.isDefault ?? false)
            },
            selection: pool.pfs.first.flatMap(pool.selection) ?? .all, order: pool.order ?? .interleaved,
            autostart: pool.autostart ?? true, settings: self.request(pool.settings.set), uuid: options.uuid())
        request.start = pool.active ?? true
        request.driverModel = pool.driverModel.value?.string
        request.iommufd = pool.iommufd.value
        for group in groups where !group.settings.wanted.isEmpty {
            request.groupSettings.append((group.name, self.request(group.settings.set)))
        }
        do throws(Failure) {
            try chain.add(try CreatePlanner.plan(chain.picture, request))
        } catch {
            throw renamed(error, chain.picture)
        }
    }

    private var groups: [PoolSpec.Group] { pool.portgroups.filter { !$0.isRemoved } }

    /// - Throws: `vlan-trunk`.
    static func tag(_ vlan: Said<SpecVLAN>, _ subject: String) throws(Failure) -> Int? {
        if vlan.value?.trunk != nil { throw CreateChecks.trunk(subject) }
        return vlan.value?.tag
    }

    /// VFs that another pool has: it may be this one by its former name.
    private func renamed(_ failure: Failure, _ state: State) -> Failure {
        guard [.poolExists, .overlappingVFs].contains(failure.code) else { return failure }
        let pfs = pool.pfs.compactMap { try? options.pf($0.word, state).address }
        let others = state.pools.filter { other in
            other.isManaged && state.pfs(of: other).contains { pfs.contains($0.address) }
        }
        guard let other = others.first else { return failure }
        let users = state.guests.filter { $0.points(at: other.name) }.map(\.name)
        var renamed = Failure(
            failure.code, failure.message,
            cause: "a pool can't be renamed: of another name it is another pool, and no VF is in two")
        renamed.hints =
            users.isEmpty
            ? [
                "to have it by the new name, delete the former first: `vfpool delete \(shell: other.word)`, or add `--prune`"
            ]
            : [
                "keep the name \(text: other.name) in the spec",
                "or take \(text: Words.list(users.map { "guest \($0)" })) off it, and add `--prune`: `vfpool unbind GUEST`, then apply the spec",
            ]
        return renamed
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
        try run(name, &chain)
    }

    /// Starts or stops it.
    private func run(_ name: Name, _ chain: inout PlanChain) throws(Failure) {
        guard let active = pool.isToRun, let network = chain.picture.network(name), network.isActive != active else {
            return
        }
        guard network.isManaged else {
            throw Failure(
                .notManaged,
                "network \(name) is a pool that vfpool did not make, so vfpool does not \(active ? "start" : "stop") it",
                hints: active
                    ? ["start it: `virsh net-start \(shell: network.word)`"]
                    : ["stop it, when no guest uses it: `virsh net-destroy \(shell: network.word)`"])
        }
        var picture = chain.picture
        guard active else {
            let users = Set((network.guestPorts ?? []).map(\.ownerName)).sorted()
            guard PoolRestart.isIdle(network, picture, picture.claims) else {
                throw Failure(
                    .poolInUse,
                    "pool \(name) can't be stopped: \(users.isEmpty ? "who has VFs of it is not known" : "it is used by guest \(Words.list(users))")",
                    hints: users.isEmpty ? [] : ["shut the guests down first"])
            }
            return try chain.add(Plan(try PoolStart.stopping(network, picture)))
        }
        guard !picture.coverage(of: network).isEmpty else {
            throw Failure(
                .noVFsEnabled, "pool \(name) can't be started: its PF has no VFs now",
                hints: ["say of the PF how many it is to have: pfs: {PF: {vfs: NUMBER}}"])
        }
        if let problem = picture.problems(of: network).first {
            throw Failure(.cannotCarry, "no guest could start on pool \(name): \(problem)")
        }
        try chain.add(Plan(try PoolStart.items(name, defined: nil, &picture, starts: true)))
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
