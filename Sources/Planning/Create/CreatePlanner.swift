package import Model
package import SRIOV
package import Text
import XML

/// Plans a pool of a PF's functions: defined, reserved where others hold functions, started, starting at boot.
package enum CreatePlanner {
    /// - Throws: what libvirt would only say at guest start, or never: see `Failure.Code`, "The PF" and "Pools".
    package static func plan(_ state: State, _ asked: CreateRequest) throws(Failure) -> Plan {
        for pf in asked.pfs { try CardLimits.check(pf) }
        guard asked.resizes.isEmpty else { return try planAfterResizes(state, asked) }
        try CreateChecks.check(asked)
        let target = try target(state, asked)
        let request = asked.adopting(target, state)
        for pf in request.pfs where !asked.pfs.contains(pf) { try CardLimits.check(pf) }
        var answer = try SettingsChecks.check(
            request.settings, request.settings.change.wanted, request.pfs, state, subject: "the pool")
        for (group, settings) in request.groupSettings {
            let own = try SettingsChecks.check(
                settings, settings.change.wanted.over(request.settings.change.wanted), request.pfs, state,
                subject: "portgroup \(group)")
            answer.notes += own.notes
            answer.trials += own.trials
        }
        try CreateChecks.checkOverlap(state, request, target)
        try AlikePFs.check(request, target, state)
        var plan = if let target { try existing(target, state, request) } else { try new(state, request) }
        guard !plan.isEmpty else { return plan }
        plan.notes += answer.notes + request.pfs.flatMap(CreateChecks.netdevs)
        plan.items[0].trials = answer.trials
        plan.warnings += SettingsChecks.warnings(
            request.settings.isEmpty ? request.groupSettings.first?.settings ?? .none : request.settings, [])
        return plan
    }

    /// The PFs get their VFs first; the pool is planned from the picture that this will leave.
    private static func planAfterResizes(_ state: State, _ request: CreateRequest) throws(Failure) -> Plan {
        var picture = state
        var first = Plan()
        for resize in request.resizes {
            try ResizeChecks.check(picture, resize)
            let items = try ResizePlanner.items(&picture, resize)
            guard !items.isEmpty else { continue }
            let (warnings, notes) = ResizeAdvice.advice(state, resize)
            first = first + Plan(items, warnings: warnings, notes: notes.filter { !first.notes.contains($0) })
        }
        var rest = try plan(picture, request.afterResize)
        guard !first.isEmpty else { return rest }
        // Groups of VFs that are not there yet are not known, which is not "none".
        if request.resizes.contains(where: { $0.count != $0.pf.enabledVFs }) {
            rest.warnings.removeAll { $0.code == .noGroup }
        }
        let said = rest.warnings.map(\.code)
        first.warnings.removeAll { said.contains($0.code) }
        return first + rest
    }

    /// The VFIO driver that a template of the user's own names.
    package static func driverModel(inTemplate text: String?) -> String? {
        text.flatMap { try? Document(parsing: $0) }.flatMap { NetworkReader.settings(in: $0).driverModel }
    }

    package static func defaultName(_ pfs: [PhysicalFunction]) -> Name {
        Name((["vfpool"] + pfs.map(\.title.string)).joined(separator: "-"))
    }

    /// The network that the request means, if there is one.
    private static func target(_ state: State, _ request: CreateRequest) throws(Failure) -> NetworkState? {
        let title = Words.list(request.titles)
        let name = request.name ?? defaultName(request.pfs)
        let pools = state.pools.filter { pool in
            let own = Set(state.pfs(of: pool).map(\.address))
            return request.pfs.allSatisfy { own.contains($0.address) }
        }
        if request.adopt, request.name == nil, state.network(name) == nil {
            let byHand = pools.filter { !$0.isManaged }
            guard byHand.count <= 1 else {
                throw Failure(
                    .ambiguousPool, "several networks on \(title) could be adopted",
                    hints: byHand.map { "adopt it: `\(shell: request.command) --adopt --name \(shell: $0.name)`" })
            }
            // Adopted before: then there is nothing left to do.
            if let found = byHand.first ?? (pools.count == 1 ? pools.first : nil) { return found }
        }
        guard let network = state.network(name) else {
            guard !request.adopt else {
                throw Failure(
                    .noSuchNetwork, "there is no network on \(title) to adopt",
                    hints: ["make one: `\(shell: request.command)`"])
            }
            return nil
        }
        guard network.isPool, pools.contains(where: { $0.name == name }) else {
            let what = network.isPool ? of(network, state, request) : "not a pool"
            throw Failure(
                .nameTaken, "network \(name) exists, and is \(what)",
                hints: ["choose another name: `\(shell: request.command) --name NAME`"])
        }
        guard network.isManaged || request.adopt else {
            throw Failure(
                .nameTaken, "network \(name) exists, and vfpool did not make it",
                hints: state.takeover(network) + [
                    "or choose another name: `\(shell: request.command) --name NAME`"
                ])
        }
        return network
    }

    private static func of(_ network: NetworkState, _ state: State, _ request: CreateRequest) -> String {
        let own = state.pfs(of: network).map(\.title)
        return request.pfs.count == 1 && own.count < 2
            ? "a pool of another PF" : "a pool of \(own.isEmpty ? "other PFs" : Words.list(own))"
    }

    // MARK: A new pool

    private static func new(_ state: State, _ request: CreateRequest) throws(Failure) -> Plan {
        let name = request.name ?? defaultName(request.pfs)
        try CreateChecks.checkNew(name)
        let document = try CreateDocument.new(request)
        if let model = NetworkReader.settings(in: document).driverModel { try DriverModel.check(model, state) }
        let define = Plan.Item(
            .defineNetwork(
                // The root alone: the template's comments are for its readers.
                DocumentChange(name: name, uuid: request.uuid, before: nil, after: document.root.canonical())),
            detail: "a pool of \(CreateChecks.count(request))")
        var picture = try state.after([define])
        var items = try PoolStart.items(name, defined: define, &picture, starts: request.start)
        if request.autostart { items.append(Plan.Item(.setAutostart(network: name, true))) }
        try Grammars.check(networksIn: items, state)
        let (warnings, notes) = CreateChecks.advice(state, request)
        return Plan(items, warnings: warnings, notes: notes)
    }

    // MARK: A pool that is there

    private static func existing(
        _ network: NetworkState, _ state: State, _ request: CreateRequest
    ) throws(Failure) -> Plan {
        var items: [Plan.Item] = []
        var picture = state
        for lost in network.configuration?.mark.map({ PoolPFs($0, in: state.pfs).lost }) ?? [] {
            guard case .replaced(let expected, let found) = lost.verdict else { continue }
            throw Failure(
                .pfReplaced,
                "pool \(network.name) was made for another card in the place of \(lost.pf?.title ?? Name(lost.mark.title))",
                cause: "its permanent MAC is \(found), not \(expected)",
                hints: ["if that is intended, recreate it: `vfpool delete \(shell: network.word)` first"]
            )
        }
        if network.isManaged {
            if !request.adopt || request.hasSettings || !request.settings.isEmpty { try checkSame(network, request) }
        } else {
            let item = try Adoption.item(network, state, request)
            items.append(item)
            picture = try picture.after([item])
        }
        // Adopting takes a network as it is: neither started nor made to start at boot by the way.
        let isAdopted = request.adopt
        if request.start, !network.isActive, !isAdopted {
            items += try PoolStart.items(network.name, defined: nil, &picture, starts: true)
        } else {
            items += try Upkeep.items(picture).filter { $0.step.network == network.name }
        }
        if request.autostart, !network.autostart, !isAdopted {
            items.append(Plan.Item(.setAutostart(network: network.name, true)))
        }
        try Grammars.check(networksIn: items, state)
        guard !items.isEmpty else { return Plan() }
        let (warnings, notes) = CreateChecks.advice(state, request)
        return Plan(items, warnings: warnings, notes: notes)
    }

    /// A pool made with other arguments is not silently left, nor silently changed.
    private static func checkSame(_ network: NetworkState, _ request: CreateRequest) throws(Failure) {
        guard let configuration = network.configuration, request.template == nil else { return }
        var differences: [String] = []
        if configuration.vlan != request.vlan {
            differences.append(
                "VLAN \(configuration.vlan.map(String.init) ?? "none"), not \(request.vlan.map(String.init) ?? "none")")
        }
        if Set(configuration.portgroups) != Set(request.portgroups) {
            let names = configuration.portgroups.map(\.name).joined(separator: ", ")
            differences.append("portgroups: \(names.isEmpty ? "none" : names)")
        }
        if let mark = configuration.mark {
            differences += Self.differences(mark, request)
        }
        if let model = request.driverModel, network.settings.driverModel != model {
            differences.append("VFIO driver \(network.settings.driverModel ?? "by libvirt's choice"), not \(model)")
        }
        let wanted = configuration.wanted.general
        if request.settings.change.applied(to: wanted) != wanted {
            differences.append("VF settings \(wanted.isEmpty ? "none" : wanted.summary)")
        }
        guard differences.isEmpty else {
            throw Failure(
                .poolDiffers, "pool \(network.name) exists with other settings: \(differences.joined(separator: "; "))",
                hints: [
                    "change it with `virsh net-edit \(shell: network.word)`, VF settings with `vfpool set`",
                    "or recreate it when no guest uses it: `vfpool delete \(shell: network.word)`",
                ])
        }
    }

    private static func differences(_ mark: PoolMark, _ request: CreateRequest) -> [String] {
        let members = PoolPFs(mark, in: request.pfs).members
        guard members.count == request.pfs.count, members.allSatisfy({ $0.pf != nil }) else {
            return ["it is of \(Words.list(mark.pfs.map(\.title)))"]
        }
        if mark.isOfSeveral, mark.order != request.order {
            return ["its VFs are \(mark.order == .numa ? "listed by NUMA node" : "not listed by NUMA node")"]
        }
        return members.filter { $0.mark.selection != request.selection }.compactMap { member in
            member.pf.map { pf in
                "it has \(CreateChecks.count(member.mark.selection, pf))"
                    + (mark.isOfSeveral ? " of \(pf.title)" : "")
            }
        }
    }
}
