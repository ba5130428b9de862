import Model
import SRIOV
import Spec
import Text
import XML

/// Changes a pool that is there: its VLAN, portgroups, part of its PFs and driver. A running pool is restarted for it where no
/// guest has a VF of it; else it has it from its next start on.
struct PoolEdit {
    private let pool: PoolSpec
    private let prunes: Bool
    /// What goes with wanted settings.
    private let request: (SettingsChange) -> SettingsRequest
    private let name: Name
    /// The mark as it is to be.
    private let mark: PoolMark?

    /// - Parameter pf: finds a PF by a person's word.
    /// - Throws: `pool-differs` for other PFs: that is another pool.
    init(
        _ pool: PoolSpec, prunes: Bool, _ request: @escaping (SettingsChange) -> SettingsRequest, _ state: State,
        _ name: Name,
        _ pf: (Name, State) throws(Failure) -> PhysicalFunction
    ) throws(Failure) {
        self.pool = pool
        self.prunes = prunes
        self.request = request
        self.name = name
        guard let network = state.network(name) else {
            mark = nil
            return
        }
        let observed = Observation(state, boot: nil)
        let members = observed.members(of: network)
        var parts: [Int: VFSelection] = [:]
        for said in pool.pfs {
            guard let place = members.firstIndex(where: { $0.isMeant(by: said.word, observed.pfs(said.word)) }) else {
                // Why there is none of that name says more.
                _ = try pf(said.word, state)
                throw Self.otherPFs(network, members)
            }
            parts[place] = said.selection
        }
        guard pool.pfs.isEmpty || pool.pfs.count == members.count else { throw Self.otherPFs(network, members) }
        var mark = network.configuration?.mark
        for index in mark?.pfs.indices ?? 0..<0 {
            guard let wanted = parts[index] ?? pool.selection, wanted.plain != mark?.pfs[index].selection.plain else {
                continue
            }
            mark?.pfs[index].selection = wanted
        }
        if let order = pool.order, mark?.isOfSeveral ?? false { mark?.order = order }
        self.mark = mark
    }

    private static func otherPFs(_ network: NetworkState, _ members: [Observation.Member]) -> Failure {
        Failure(
            .poolDiffers,
            "pool \(network.name) is of \(Words.list(members.map { $0.pf?.title ?? $0.word })): of other PFs it is another pool",
            hints: [
                "make a pool of another name and move the guests to it",
                "or recreate it when no guest uses it: `vfpool delete \(shell: network.word)`",
            ])
    }

    func plan(_ state: State) throws(Failure) -> Plan {
        guard let network = state.network(name), let configuration = network.configuration else { return Plan() }
        let after = try readable("network \(name)") { () throws(XMLError) in
            let document = try Document(parsing: network.inactiveXML)
            try state.removeMissing(from: document)
            return document
        }
        guard try edit(after, configuration) else { return Plan() }
        guard network.isManaged else {
            throw Failure(
                .notManaged, "network \(name) is a pool that vfpool did not make, so vfpool does not change it",
                hints: state.takeover(network))
        }
        guard network.showsPersistent else {
            throw Failure(
                .unsupported, "the persistent document of the running pool \(name) can't be read here",
                hints: ["stop it first, when no guest uses it: `virsh net-destroy \(shell: network.word)`"])
        }
        try check(state, network, after)
        let (answer, warnings) = try checkSettings(state, network, after)
        let restarts = network.isActive && PoolRestart.isIdle(network, state, state.claims)
        // Stopped before it is redefined: taken back, it is started only when its document is the old one again.
        var items = restarts ? try PoolStart.stopping(network, state).map(\.asUpkeep) : []
        var picture = try state.after(items)
        guard let now = picture.network(name) else { return Plan() }
        let change = DocumentChange(
            name: name, uuid: network.uuid, before: now.inactiveXML, after: after.serialized())
        var define = [Plan.Item(.defineNetwork(change), detail: detail(configuration))]
        define[0].trials = answer.trials
        picture = try picture.after(define)
        items += define
        if restarts {
            items += try PoolStart.items(name, defined: nil, &picture, starts: true).map(\.asUpkeep)
        } else {
            items += try Upkeep.items(picture).filter { $0.step.network == name }
        }
        try Grammars.check(networksIn: items, state)
        let users = Set((network.guestPorts ?? []).map(\.ownerName)).sorted()
        let notes: [Note] =
            network.isActive && !restarts
            ? [
                "pool \(name) is in use\(users.isEmpty ? "" : " by guest \(Words.list(users))"): the change takes effect when it is restarted, which `vfpool reconcile` does once no guest uses it"
            ] : []
        return Plan(items, warnings: warnings, notes: answer.notes + notes)
    }

    // MARK: The document

    /// - Returns: whether anything is changed.
    private func edit(_ document: Document, _ now: PoolConfiguration) throws(Failure) -> Bool {
        let root = document.root
        var isChanged = false
        if pool.vlan.differs(from: SpecVLAN(now.vlan, now.trunk)) {
            try setVLAN(pool.vlan, in: root, of: "pool \(name)")
            isChanged = true
        }
        for group in pool.portgroups where try edit(group, root, now) { isChanged = true }
        if pool.hasNoOtherPortgroups || prunes && pool.saysPortgroups {
            for element in root.all("portgroup")
            where !pool.portgroups.contains(where: { $0.name == element[name: "name"] }) {
                element.remove()
                isChanged = true
            }
        }
        if pool.driverModel.differs(from: now.driver.model) || pool.iommufd.differs(from: now.driver.iommufd) {
            editDriver(root)
            isChanged = true
        }
        if let mark, mark != now.mark, let element = PoolDocument.markElement(in: root) {
            PoolDocument.fill(try filling(element), with: mark)
            isChanged = true
        }
        for (group, change) in changes {
            let found = group.map { now.wanted.portgroups[$0] ?? WantedSettings() } ?? now.wanted.general
            let wanted = change.applied(to: found)
            guard wanted != found else { continue }
            if let element = PoolDocument.markElement(in: root) {
                try SettingsDocument.set(wanted, portgroup: group, in: element)
            }
            isChanged = true
        }
        return isChanged
    }

    /// A mark of all VFs has no place for a part of them.
    private func filling(_ element: Element) throws(Failure) -> Element {
        guard mark?.isOfSeveral == false, element.first("functions") == nil,
            let functions = PoolDocument.markElement(in: try CreateDocument.pattern().root)?.first("functions")
        else { return element }
        _ = element.append(functions)
        return element
    }

    private func edit(
        _ group: PoolSpec.Group, _ root: Element, _ now: PoolConfiguration
    ) throws(Failure) -> Bool {
        let subject = "portgroup \(group.name) of pool \(name)"
        if group.isRemoved {
            let elements = root.all("portgroup").filter { $0[name: "name"] == group.name }
            for element in elements { element.remove() }
            return !elements.isEmpty
        }
        guard let element = root.all("portgroup").first(where: { $0[name: "name"] == group.name }),
            let found = now.portgroups.first(where: { $0.name == group.name })
        else {
            if group.isDefault ?? false { clearDefaults(root) }
            PoolDocument.add(
                Portgroup(
                    name: group.name, vlan: try PoolMaking.tag(group.vlan, subject), isDefault: group.isDefault ?? false
                ),
                to: root)
            return true
        }
        var isChanged = false
        if group.vlan.differs(from: SpecVLAN(found.vlan, found.trunk)) {
            try setVLAN(group.vlan, in: element, of: subject)
            isChanged = true
        }
        if let isDefault = group.isDefault, isDefault != found.isDefault {
            if isDefault { clearDefaults(root) }
            element[attribute: "default"] = isDefault ? "yes" : nil
            isChanged = true
        }
        return isChanged
    }

    /// There is one default; another takes its place.
    private func clearDefaults(_ root: Element) {
        for element in root.all("portgroup") { element[attribute: "default"] = nil }
    }

    private func setVLAN(_ vlan: Said<SpecVLAN>, in parent: Element, of subject: String) throws(Failure) {
        if let id = try PoolMaking.tag(vlan, subject) {
            PoolDocument.setVLAN(id, in: parent)
        } else {
            parent.first("vlan")?.remove()
        }
    }

    private func editDriver(_ root: Element) {
        guard let forward = root.first("forward") else { return }
        let driver = forward.first("driver") ?? forward.addChild("driver", before: forward.children.first)
        if driver[attribute: "name"] == nil { driver[attribute: "name"] = "vfio" }
        if pool.driverModel != .nothing { driver[name: "model"] = pool.driverModel.value }
        if pool.iommufd != .nothing { driver[attribute: "iommufd"] = pool.iommufd.value.map { $0 ? "yes" : "no" } }
    }

    /// What is said of VF settings: of the pool, and of its portgroups.
    private var changes: [(portgroup: Name?, change: SettingsChange)] {
        [(nil, pool.settings)] + pool.portgroups.filter { !$0.isRemoved }.map { ($0.name, $0.settings) }
    }

    // MARK: Checks

    private func checkSettings(
        _ state: State, _ network: NetworkState, _ after: Document
    ) throws(Failure) -> (answer: SettingsChecks.Answer, warnings: [Diagnostic]) {
        var answer = SettingsChecks.Answer()
        guard let next = NetworkReader.configuration(in: after)?.wanted else { return (answer, []) }
        var warnings: [Diagnostic] = []
        for (group, change) in changes where !change.isEmpty {
            let request = request(change)
            let wanted = group.map { next.portgroups[$0] ?? WantedSettings() } ?? next.general
            let subject = "pool \(name)" + (group.map { ", portgroup \($0)" } ?? "")
            let own = try SettingsChecks.check(
                request, wanted.over(next.general), state.pfs(of: network), state, subject: subject)
            answer.notes += own.notes.filter { !answer.notes.contains($0) }
            answer.trials += own.trials
            warnings += SettingsChecks.warnings(request, of: [network], state).filter { !warnings.contains($0) }
        }
        return (answer, warnings)
    }

    private func check(_ state: State, _ network: NetworkState, _ after: Document) throws(Failure) {
        guard let next = NetworkReader.configuration(in: after) else { return }
        try CreateChecks.checkSettings(
            vlans: ([next.vlan] + next.portgroups.map(\.vlan)).compactMap(\.self), portgroups: next.portgroups,
            hasTrunk: false)
        if let problem = next.problems(NetworkReader.settings(in: after), state.coverage(of: network)).first {
            throw Failure(.cannotCarry, "no guest could start on pool \(name): \(problem)")
        }
        if pool.driverModel.differs(from: network.configuration?.driver.model),
            let model = pool.driverModel.value
        {
            try DriverModel.check(model.string, state)
        }
        for member in mark.map({ PoolPFs($0, in: state.pfs).own }) ?? [] {
            guard let pf = member.pf,
                let former = network.configuration?.mark?.pfs.first(where: { $0.isOf(member.mark) }),
                former.selection != member.mark.selection
            else { continue }
            let request = CreateRequest(
                pfs: [pf], name: name, selection: member.mark.selection, uuid: network.uuid)
            try CreateChecks.check(request)
            try CreateChecks.checkOverlap(state, request, network)
        }
        let gone = Set(network.configuration?.portgroups.map(\.name) ?? []).subtracting(next.portgroups.map(\.name))
        let users = state.guests.filter { guest in
            guest.interfaces.contains { interface in
                guard case .network(name, let group?) = interface.attachment else { return false }
                return gone.contains(group)
            }
        }
        guard users.isEmpty else {
            throw Failure(
                .poolInUse,
                "portgroup \(Words.list(gone.sorted())) of pool \(name) is used by guest \(Words.list(users.map(\.name)))",
                hints: ["put their interfaces on another portgroup first"])
        }
    }

    private func detail(_ now: PoolConfiguration) -> String {
        var parts: [String] = []
        if pool.vlan.differs(from: SpecVLAN(now.vlan, now.trunk)) {
            parts.append(pool.vlan.value.map { "VLAN \($0.words)" } ?? "no VLAN")
        }
        if !pool.portgroups.isEmpty { parts.append("portgroups \(Words.list(pool.portgroups.map(\.name)))") }
        if let mark, mark != now.mark { parts.append("VFs \(Words.list(mark.pfs.map(\.selection.words)))") }
        let said = changes.filter { !$0.change.isEmpty }.map { group, change in
            (group.map { "portgroup \($0): " } ?? "") + change.summary
        }
        parts += said
        return parts.isEmpty ? "by the spec" : parts.joined(separator: ", ")
    }
}

extension PFMark {
    fileprivate func isOf(_ other: PFMark) -> Bool {
        device == other.device && address == other.address && mac == other.mac
    }
}
