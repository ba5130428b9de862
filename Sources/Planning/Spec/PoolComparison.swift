import Model
import SRIOV
import Spec
import Text

/// Pools as they are, and as a spec says.
struct PoolComparison {
    private let observed: Observation
    private let options: SpecOptions

    init(_ observed: Observation, _ options: SpecOptions) {
        self.observed = observed
        self.options = options
    }

    func differences(_ pools: [PoolSpec]) -> [Comparison] { pools.map(compare) }

    private func compare(_ pool: PoolSpec) -> Comparison {
        let state = observed.state
        let making = PoolMaking(pool, options)
        guard let network = state.networkMeant(by: pool.name) else {
            let of = pool.pfs.isEmpty ? "" : " of \(Words.list(pool.pfs.map(\.word)))"
            return Comparison(
                difference: Difference(
                    .pool(pool.name), .missing, remark: "a pool\(of) is not there", origin: pool.origin)
            ) { (chain) throws(Failure) in try making.create(&chain) }
        }
        guard let found = observed.spec(of: network) else {
            let failure = Failure(
                network.isPool ? .unsupported : .nameTaken,
                network.isPool
                    ? "network \(network.name) is transient: it ends when it is stopped"
                    : "network \(network.name) exists, and is not a pool",
                hints: network.isPool
                    ? ["define it first, from a file: `virsh net-define FILE`"] : ["choose another name for the pool"])
            return Comparison(
                difference: Difference(.pool(pool.name), .blocked, failure: failure, origin: pool.origin), make: nil)
        }
        let fields = fields(pool, found, network)
        guard !fields.isEmpty else { return waiting(pool, network) }
        return Comparison(difference: Difference(.pool(pool.name), .differs, fields, origin: pool.origin)) {
            (chain) throws(Failure) in try making.change(network.name, &chain)
        }
    }

    /// A running pool keeps what it started with.
    private func waiting(_ pool: PoolSpec, _ network: NetworkState) -> Comparison {
        guard PoolRestart.isOutdated(network, observed.state) else { return .same }
        let difference = Difference(
            .pool(pool.name), .waits,
            remark: "the running pool has former settings until it is restarted, when no guest uses it",
            origin: pool.origin)
        return Comparison(difference: difference) { (chain) throws(Failure) in
            try chain.add(Plan(try Upkeep.items(chain.picture)))
        }
    }

    // MARK: Fields

    private func fields(_ pool: PoolSpec, _ found: PoolSpec, _ network: NetworkState) -> [Difference.Field] {
        var fields: [Difference.Field] = []
        func add(_ name: String, _ old: String?, _ new: String?) { fields.append(.init(name, old, new)) }
        if pool.isManaged != found.isManaged { add("managed", found.isManaged.word, pool.isManaged.word) }
        let members = observed.members(of: network)
        let places = pool.pfs.map { pf in
            members.firstIndex { $0.isMeant(by: pf.word, observed.pfs(pf.word)) }
        }
        if !pool.pfs.isEmpty, places.contains(nil) || Set(places).count != members.count {
            add("pf", Words.list(members.map { $0.pf?.title ?? $0.word }), Words.list(pool.pfs.map(\.word)))
        }
        for (index, member) in members.enumerated() {
            let own = places.firstIndex(of: index).flatMap { pool.pfs[$0].selection }
            guard let wanted = (own ?? pool.selection)?.plain, wanted != member.selection else { continue }
            let name = members.count == 1 ? "vfs" : "vfs of \(member.pf?.title ?? member.word)"
            add(name, member.selection.words, wanted.words)
        }
        if let order = pool.order, let now = found.order, order != now { add("order", now.rawValue, order.rawValue) }
        if pool.vlan.differs(from: found.vlan.value) {
            add("vlan", found.vlan.value?.words, pool.vlan.value?.words)
        }
        if let active = pool.isToRun, active != network.isActive {
            add("active", network.isActive.word, active.word)
        }
        if let autostart = pool.autostart, autostart != found.autostart {
            add("autostart", found.autostart?.word, autostart.word)
        }
        if pool.driverModel.differs(from: found.driverModel.value) {
            add("driverModel", found.driverModel.value?.string, pool.driverModel.value?.string)
        }
        if pool.iommufd.differs(from: found.iommufd.value) {
            add("iommufd", found.iommufd.value?.word, pool.iommufd.value?.word)
        }
        fields += SettingsComparison.fields(pool.settings, found.settings.wanted, "settings")
        for group in pool.portgroups {
            fields += Self.fields(group, found.portgroups.first { $0.name == group.name })
        }
        if pool.hasNoOtherPortgroups || options.prunes && pool.saysPortgroups {
            for group in found.portgroups where !pool.portgroups.contains(where: { $0.name == group.name }) {
                add("portgroups.\(group.name)", "there", nil)
            }
        }
        return fields
    }

    private static func fields(_ group: PoolSpec.Group, _ found: PoolSpec.Group?) -> [Difference.Field] {
        let name = "portgroups.\(group.name)"
        guard !group.isRemoved else { return found == nil ? [] : [.init(name, "there", nil)] }
        guard let found else { return [.init(name, nil, "there")] }
        var fields: [Difference.Field] = []
        if group.vlan.differs(from: found.vlan.value) {
            fields.append(
                .init("\(name).vlan", found.vlan.value?.words, group.vlan.value?.words))
        }
        if let isDefault = group.isDefault, isDefault != found.isDefault {
            fields.append(.init("\(name).default", found.isDefault?.word, isDefault.word))
        }
        return fields + SettingsComparison.fields(group.settings, found.settings.wanted, "\(name).settings")
    }
}

/// VF settings as they are said, and as a spec says.
enum SettingsComparison {
    static func fields(_ change: SettingsChange, _ found: WantedSettings, _ name: String) -> [Difference.Field] {
        WantedSettings.Name.allCases.compactMap { setting in
            let now = found[setting]
            if let wanted = change.wanted[setting] {
                return wanted.isSame(as: now ?? "") ? nil : .init("\(name).\(setting.key)", now, wanted)
            }
            return change.removed.contains(setting) && now != nil ? .init("\(name).\(setting.key)", now, nil) : nil
        }
    }
}
