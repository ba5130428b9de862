package import Model
package import SRIOV
package import Spec
package import Text
import XML

/// What `vfpool rewrite` was asked for.
package struct RewriteRequest: Sendable {
    package var pool: Name
    package var portgroup: Name?
    package var vlan: Int?
    /// MACs, aliases, indices or VFs' addresses; none means every one with a fixed VF.
    package var interfaces: [String] = []
    /// The MAC of an interface whose document has none.
    package var mac: MACAddress?
    package var drop: Set<String> = []
    /// What is known of the host that the guest is for.
    package var host: KnownHost?

    package init(pool: Name) { self.pool = pool }
}

/// Points a guest's document at a pool, by the planner of bind, without a host: the document is held against what is known of one.
package enum GuestRewrite {
    package struct Result {
        /// As it was, where there is nothing to change.
        package var document: String
        package var plan: Plan

        /// What was changed, and what is to be known of it.
        package var notes: [String] {
            plan.items.filter { !$0.isUpkeep }.compactMap(\.detail) + plan.notes.map(\.text)
        }
    }

    /// - Throws: what `bind` throws; `invalid-document`.
    package static func plan(_ text: String, _ request: RewriteRequest) throws(Failure) -> Result {
        do throws(Failure) {
            var result = try result(text, request)
            result.plan.warnings = result.plan.warnings.map { $0.told(.rewrite) }
            return result
        } catch {
            throw error.told(.rewrite)
        }
    }

    private static func result(_ text: String, _ request: RewriteRequest) throws(Failure) -> Result {
        let functions = try functions(text, request)
        let state = try state(text, functions, request)
        let guest = state.guests[0]
        let pinned = guest.interfaces.filter { $0.attachment.pinnedAddress != nil }
        var plan = Plan()
        var picture = state
        let selectors =
            request.interfaces.isEmpty
            ? pinned.map { $0.mac?.description ?? $0.attachment.pinnedAddress?.description ?? String($0.index) }
            : request.interfaces
        for selector in selectors {
            let part = try BindPlanner.plan(
                picture,
                BindRequest(
                    guest: guest.word, pool: request.pool, interfaces: [selector],
                    mac: Self.mac(selector, guest, request),
                    vlan: request.vlan, portgroup: request.portgroup, drop: request.drop))
            picture = try picture.after(part.items)
            plan = plan + part
        }
        // The host is made up, so what is said of it is not.
        plan.warnings.removeAll { !told.contains($0.code) }
        plan.notes = plan.notes.deduplicated
        return Result(document: picture.guests[0].inactiveXML, plan: plan)
    }

    private static let told: Set<Diagnostic.Code> = [
        .vlanChanges, .virtualportLost, .staysWithVF, .plainHostdev, .failoverPath,
    ]

    /// The given one is for an interface that has none.
    private static func mac(_ selector: String, _ guest: Guest, _ request: RewriteRequest) -> MACAddress? {
        guard let mac = request.mac, MACAddress(word: selector) == nil else { return nil }
        return mac
    }

    /// VFs that the document fixes: those of hostdev interfaces are VFs, those of plain hostdevs where that is known, or said.
    private static func functions(_ text: String, _ request: RewriteRequest) throws(Failure) -> [PCIAddress] {
        let interfaces = try readable("the guest") { () throws(XMLError) in
            try GuestReader.interfaces(in: Document(parsing: text), functions: nil)
        }
        let said = Set(request.interfaces.compactMap { PCIAddress($0) })
        let found = interfaces.compactMap { interface -> PCIAddress? in
            switch interface.attachment {
            case .hostdevInterface(let address): address
            case .hostdev(let address):
                said.contains(address) || request.host?.functions.contains(address) ?? false ? address : nil
            default: nil
            }
        }
        return Set(found).sorted()
    }

    // MARK: A host for it

    private static func state(
        _ text: String, _ functions: [PCIAddress], _ request: RewriteRequest
    ) throws(Failure) -> State {
        let document = try readable("the guest") { () throws(XMLError) in try Document(parsing: text) }
        let (name, uuid) = (document.root.first("name")?.text, document.root.first("uuid")?.text)
        var guest = Guest(
            name: Name(name ?? "guest"), uuid: uuid.flatMap { UUIDText.normal($0) } ?? Self.uuid, isActive: false,
            isPersistent: true, autostart: false, inactiveXML: text, interfaces: [])
        // Where no document's device can be.
        let place = PCIAddress(domain: .max, bus: .max, slot: 31, function: 7)
        let pf = PhysicalFunction(
            netdev: "pf", address: place, enabledVFs: functions.count, isUp: true,
            functions: functions.enumerated().map { VirtualFunction(index: $0, address: $1) })
        var state = State(
            uri: "rewrite:///", isLocal: false, networks: [try pool(request, pf)], guests: [], pfs: [pf])
        guest.devices = try state.devices(text, of: "the guest")
        guest.interfaces = try readable("the guest") { () throws(XMLError) in
            try GuestReader.interfaces(in: document, functions: Set(functions))
        }
        state.guests = [guest]
        return state
    }

    private static let uuid = "76667000-0000-8000-8000-000000000001"

    private static func pool(_ request: RewriteRequest, _ pf: PhysicalFunction) throws(Failure) -> NetworkState {
        let known = request.host?.pools.first { $0.name == request.pool }
        if let host = request.host, known == nil {
            throw Failure(
                .noSuchPool, "there is no pool \(request.pool) on that host",
                hints: [
                    "pools there: \(text: host.pools.isEmpty ? "none" : Words.list(host.pools.map(\.name), most: 12))"
                ])
        }
        var portgroups = known?.portgroups ?? []
        if let name = request.portgroup, known == nil {
            portgroups.append(Portgroup(name: name, vlan: nil, isDefault: false))
        }
        var create = CreateRequest(
            pfs: [pf], name: request.pool, vlan: known?.vlan, portgroups: portgroups, uuid: Self.poolUUID)
        create.start = false
        let document = try CreateDocument.new(create)
        var pool = NetworkState(
            name: request.pool, uuid: Self.poolUUID, isActive: true, isPersistent: true, autostart: true,
            inactiveXML: document.serialized(), configuration: NetworkReader.configuration(in: document), ports: [])
        pool.settings = NetworkReader.settings(in: document)
        pool.live = pool.configuration
        pool.live?.addresses = pf.functions.map(\.address)
        return pool
    }

    private static let poolUUID = "76667000-0000-8000-8000-000000000002"
}

extension [Note] {
    fileprivate var deduplicated: [Note] {
        var found: [Note] = []
        for note in self where !found.contains(note) { found.append(note) }
        return found
    }
}
