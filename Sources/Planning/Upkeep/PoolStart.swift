import Model
import SRIOV
import Text
import XML

/// Starts a pool so that it never hands out what others hold.
///
/// The live pool is to cover all its functions, with reservations on the held ones; the persistent document only the
/// safe ones. A network starts from its persistent document, so that one covers all while it starts.
enum PoolStart {
    /// - Parameters:
    ///   - defined: the step that defines the network, when it is new; it comes first.
    ///   - state: the picture in which the network is defined; on return, the one after these steps.
    static func items(
        _ name: Name, defined: Plan.Item?, _ state: inout State, starts: Bool
    ) throws(Failure) -> [Plan.Item] {
        guard let running = state.network(name) else { return [] }
        // Stopped before it is redefined: taken back, it is started only when its document is the old one again.
        var items = starts && running.isActive ? try stopping(running, state) : []
        state = try state.after(items)
        guard let pool = state.network(name) else { return [] }
        let all = try covering(pool, state)
        let safe =
            try PoolAlignment.persistentDocument(pool, state, state.claims)?.step.documentChange?.after
            ?? pool.inactiveXML
        // Without ports there are no reservations: then the live pool, too, has only the safe functions.
        let first = starts && state.supportsPorts ? all : safe
        var definition: [Plan.Item] = []
        if let defined, let change = defined.step.documentChange {
            definition.append(
                Plan.Item(
                    .defineNetwork(DocumentChange(name: name, uuid: change.uuid, before: nil, after: first)),
                    detail: defined.detail))
        } else if !first.isSame(as: pool.inactiveXML) {
            definition.append(
                Plan.Item(
                    .defineNetwork(
                        DocumentChange(name: name, uuid: pool.uuid, before: pool.inactiveXML, after: first)),
                    detail: "covers all its VFs while it starts", isUpkeep: true))
        }
        items += definition
        state = try state.after(definition)
        guard starts else { return items }
        let start = [Plan.Item(.startNetwork(name))]
        items += start
        state = try state.after(start)
        let upkeep =
            try state.network(name).map { (pool) throws(Failure) in try PoolAlignment.items(pool, state) } ?? []
        state = try state.after(upkeep)
        return items + upkeep
    }

    /// The document that covers all the pool's functions, whoever holds them.
    private static func covering(_ pool: NetworkState, _ state: State) throws(Failure) -> String {
        // libvirt can't list a PF's functions while the netdev of one is in another network namespace: then the whole
        // network would not start. Without that one, listed by address, it does.
        let covered = state.coverage(of: pool).filter { !$0.hostUses.contains(.otherNamespace) }
        guard let configuration = pool.configuration, let mark = configuration.mark, !covered.isEmpty
        else { return pool.inactiveXML }
        let pfs = PoolPFs(mark, in: state.pfs)
        guard pfs.pfs.contains(where: { $0.netdev != nil }) else { return pool.inactiveXML }
        let functions =
            NextStart.whole(mark, pfs, covered).map { PoolDocument.Functions.pf($0) }
            ?? .addresses(pfs.arranged(covered, listed: configuration.addresses))
        guard PoolDocument.functions(of: configuration) != functions else { return pool.inactiveXML }
        return try readable("network \(pool.name)") { () throws(XMLError) in
            let document = try Document(parsing: pool.inactiveXML)
            try PoolDocument.set(functions, in: document)
            return document.serialized()
        }
    }

    /// The steps that stop a pool of which no guest has a VF, so that each can be taken back: stopping forgets reservations.
    static func stopping(_ pool: NetworkState, _ state: State) throws(Failure) -> [Plan.Item] {
        var items = try [asItRuns(pool, state)].compactMap(\.self)
        items += pool.reservations.compactMap { port in
            // What is gone, libvirt defines no network with: put back, the pool does not have it.
            port.address.flatMap { address in
                state.function(at: address) == nil
                    ? nil
                    : Plan.Item(.release(network: pool.name, Reservation(port: port, address: address)), isUpkeep: true)
            }
        }
        items.append(Plan.Item(.stopNetwork(pool.name), detail: "no guest has a VF of it"))
        return items
    }

    /// The step that makes the persistent document start what runs now; nil where it does. Without it, a pool that is
    /// stopped could not be put back: its reservations need the functions that its next start would leave out.
    private static func asItRuns(_ pool: NetworkState, _ state: State) throws(Failure) -> Plan.Item? {
        guard pool.isPersistent, !pool.reservations.isEmpty, let live = pool.live?.addresses else { return nil }
        let present = live.filter { state.function(at: $0) != nil }
        let next = state.startAddresses(pool)
        guard live != next, present != next else { return nil }
        let isOfSeveral = pool.configuration?.mark?.isOfSeveral ?? false
        let functions: PoolDocument.Functions =
            if let pf = state.pfs(of: pool).first, let netdev = pf.netdev, netdev.isDeviceName, !isOfSeveral,
                live == pf.functions.map(\.address)
            {
                .pf(netdev)
            } else {
                .addresses(present)
            }
        let after = try readable("network \(pool.name)") { () throws(XMLError) in
            let document = try Document(parsing: pool.inactiveXML)
            try PoolDocument.set(functions, in: document)
            return document.serialized()
        }
        return Plan.Item(
            .defineNetwork(
                DocumentChange(name: pool.name, uuid: pool.uuid, before: pool.inactiveXML, after: after)),
            detail: "covers what runs now, so that it can be put back", isUpkeep: true)
    }
}
