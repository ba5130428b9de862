package import SRIOV
package import Text
import XML

/// Plans a pool of a port's functions: defined, reserved where others hold functions, started, starting at boot.
package enum Create {
    /// - Throws: what libvirt would only say at guest start, or never: see `Failure.Code`, "The port" and "Pools".
    package static func plan(_ state: State, _ request: CreateRequest) throws(Failure) -> Plan {
        try CardLimits.check(request.port)
        if let resize = request.resize { return try plan(state, request, after: resize) }
        try CreateChecks.check(request)
        let notes = try SettingsChecks.check(
            request.wish, request.wish.change.wanted, request.port, state, subject: "the pool")
        let target = try target(state, request)
        try CreateChecks.checkOverlap(state, request, target)
        var plan = if let target { try existing(target, state, request) } else { try new(state, request) }
        guard !plan.isEmpty else { return plan }
        plan.notes += notes + CreateChecks.netdevs(request.port)
        plan.warnings += SettingsChecks.warnings(request.wish, [])
        return plan
    }

    /// The port gets its VFs first; the pool is planned from the picture that this will leave.
    private static func plan(
        _ state: State, _ request: CreateRequest, after resize: ResizeRequest
    ) throws(Failure) -> Plan {
        try ResizeChecks.check(state, resize)
        var picture = state
        let items = try Resize.items(&picture, resize)
        var rest = try plan(picture, request.afterResize)
        guard !items.isEmpty else { return rest }
        // Groups of VFs that are not there yet are not known, which is not "none".
        if resize.count != resize.port.enabledVFs { rest.warnings.removeAll { $0.code == .noGroup } }
        let (warnings, notes) = ResizeAdvice.advice(state, resize)
        return Plan(items, warnings: warnings.filter { !rest.warnings.map(\.code).contains($0.code) }, notes: notes)
            + rest
    }

    /// The VFIO driver that a template of the user's own names.
    package static func driverModel(inTemplate text: String?) -> String? {
        text.flatMap { try? Document(parsing: $0) }.flatMap { NetworkReader.settings(in: $0).driverModel }
    }

    package static func defaultName(_ port: PhysicalFunction) -> Name { "vfpool-\(port.title)" }

    /// The network that the request means, if there is one.
    private static func target(_ state: State, _ request: CreateRequest) throws(Failure) -> NetworkState? {
        let title = request.port.title
        let name = request.name ?? defaultName(request.port)
        if request.adopt, request.name == nil, state.network(name) == nil {
            let pools = state.pools(of: request.port)
            let byHand = pools.filter { !$0.isManaged }
            guard byHand.count <= 1 else {
                throw Failure(
                    .ambiguousPool, "several networks on \(title) could be adopted",
                    hints: byHand.map { "adopt it: `vfpool create \(shell: title) --adopt --name \(shell: $0.name)`" })
            }
            // Adopted before: then there is nothing left to do.
            if let found = byHand.first ?? (pools.count == 1 ? pools.first : nil) { return found }
        }
        guard let network = state.network(name) else {
            guard !request.adopt else {
                throw Failure(
                    .noSuchNetwork, "there is no network on \(title) to adopt",
                    hints: ["make one: `vfpool create \(shell: title)`"])
            }
            return nil
        }
        guard network.isPool, state.pools(of: request.port).contains(where: { $0.name == name }) else {
            let what = network.isPool ? "a pool of another port" : "not a pool"
            throw Failure(
                .nameTaken, "network \(name) exists, and is \(what)",
                hints: ["choose another name: `vfpool create \(shell: title) --name NAME`"])
        }
        guard network.isManaged || request.adopt else {
            throw Failure(
                .nameTaken, "network \(name) exists, and vfpool did not make it",
                hints: state.takeover(network, request.port) + [
                    "or choose another name: `vfpool create \(shell: title) --name NAME`"
                ])
        }
        return network
    }

    // MARK: A new pool

    private static func new(_ state: State, _ request: CreateRequest) throws(Failure) -> Plan {
        let name = request.name ?? defaultName(request.port)
        try CreateChecks.checkNew(name)
        let document = try CreateDocument.new(request)
        if let model = NetworkReader.settings(in: document).driverModel { try DriverModel.check(model, state) }
        let define = Plan.Item(
            .defineNetwork(
                // The root alone: the template's comments are for its readers.
                DocumentChange(name: name, uuid: request.uuid, before: nil, after: document.root.canonical())),
            detail: "a pool of \(CreateChecks.count(request.selection, request.port)) of \(request.port.title)")
        var picture = try state.after([define])
        var items = try PoolStart.items(name, defined: define, &picture, starts: request.start)
        if request.autostart { items.append(Plan.Item(.setAutostart(network: name, true))) }
        try Schemas.check(networksIn: items)
        let (warnings, notes) = CreateChecks.advice(state, request)
        return Plan(items, warnings: warnings, notes: notes)
    }

    // MARK: A pool that is there

    private static func existing(
        _ network: NetworkState, _ state: State, _ request: CreateRequest
    ) throws(Failure) -> Plan {
        var items: [Plan.Item] = []
        var picture = state
        if let mark = network.configuration?.mark,
            case .replaced(let expected, let found) = PortIdentity(mark).verdict(in: state.ports)
        {
            throw Failure(
                .portReplaced, "pool \(network.name) was made for another card in the place of \(request.port.title)",
                cause: "its permanent MAC is \(found), not \(expected)",
                hints: ["if that is as it should be, make it anew: `vfpool delete \(shell: network.word)` first"]
            )
        }
        if network.isManaged {
            if !request.adopt || request.hasSettings || !request.wish.isEmpty { try checkSame(network, request) }
        } else {
            let item = try adoption(network, state, request)
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
        try Schemas.check(networksIn: items)
        guard !items.isEmpty else { return Plan() }
        let (warnings, notes) = CreateChecks.advice(state, request)
        return Plan(items, warnings: warnings, notes: notes)
    }

    private static func adoption(
        _ network: NetworkState, _ state: State, _ request: CreateRequest
    ) throws(Failure) -> Plan.Item {
        try CreateChecks.checkAdoptable(network, state, request)
        let own = Set(request.port.functions.map(\.address))
        if let foreign = network.configuration?.addresses.first(where: { !own.contains($0) }) {
            throw Failure(
                .poolDiffers,
                "network \(network.name) also hands out \(foreign), which is no VF of \(request.port.title)",
                hints: state.takeover(network, request.port))
        }
        let covered = IndexSet(state.coverage(of: network).map(\.index))
        let all = IndexSet(request.port.functions.map(\.index))
        let selection = covered == all ? VFSelection.all : VFSelection(included: covered, excluded: IndexSet())
        let pattern = try Templates.fill(try Templates.network(nil, name: nil), [])
        // One that had the mark before gets it back, with the VFs that it had and what was wanted of them.
        let former = MarkRestoration.canRestore(network, state) ? network.lostMark?.element : nil
        let document = try readable("network \(network.name)") { () throws(XMLError) in
            let document = try Document(parsing: network.inactiveXML)
            // libvirt takes any name in a document that nobody checks, as one made by hand.
            if let name = network.configuration?.portName, !name.isDeviceName {
                try PoolDocument.set(.addresses(state.coverage(of: network).map(\.address)), in: document)
            }
            if let former {
                try PoolDocument.putMark(Document(parsing: former).root, in: document)
                return document
            }
            try PoolDocument.setMark(CreateDocument.mark(request.port, selection), from: pattern, in: document)
            return document
        }
        if let mark = PoolDocument.markElement(in: document.root) { try CreateDocument.want(request, in: mark) }
        return Plan.Item(
            .defineNetwork(
                DocumentChange(
                    name: network.name, uuid: network.uuid, before: network.inactiveXML, after: document.serialized())),
            detail: "adopted: carries vfpool's mark from now on")
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
        if let selection = configuration.mark?.selection, selection != request.selection {
            differences.append("it has \(CreateChecks.count(selection, request.port))")
        }
        if let model = request.driverModel, network.settings.driverModel != model {
            differences.append("VFIO driver \(network.settings.driverModel ?? "by libvirt's choice"), not \(model)")
        }
        let wanted = configuration.wanted.general
        if request.wish.change.applied(to: wanted) != wanted {
            differences.append("of its VFs it wants \(wanted.isEmpty ? "nothing" : wanted.summary)")
        }
        guard differences.isEmpty else {
            throw Failure(
                .poolDiffers, "pool \(network.name) exists with other settings: \(differences.joined(separator: "; "))",
                hints: [
                    "change it with `virsh net-edit \(shell: network.word)`, VF settings with `vfpool set`",
                    "or make it anew when no guest uses it: `vfpool delete \(shell: network.word)`",
                ])
        }
    }
}
