import SRIOV
import Text
import XML

/// Puts vfpool's mark back into networks that something else defined anew, with what it keeps out.
enum MarkRestoration {
    static func items(_ state: State) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        for network in state.networks.sorted(by: { $0.name < $1.name }) where isOurs(network, state) {
            guard let element = network.lostMark?.element else { continue }
            let after = try readable("network \(network.name)") { () throws(XMLError) in
                let document = try Document(parsing: network.inactiveXML)
                try PoolDocument.putMark(Document(parsing: element).root, in: document)
                try state.removeMissing(from: document)
                return document.serialized()
            }
            items.append(
                Plan.Item(
                    .defineNetwork(
                        DocumentChange(
                            name: network.name, uuid: network.uuid, before: network.inactiveXML, after: after)),
                    detail: "vfpool's mark is put back: something else defined it anew", isUpkeep: true))
        }
        return items
    }

    /// Whether `reconcile` does it: not of another network of that name, which may be meant to be none of vfpool's.
    static func isOurs(_ network: NetworkState, _ state: State) -> Bool {
        canRestore(network, state) && network.lostMark?.source != .journalByName
    }

    /// Only where it is known what the mark said, and it still fits: the network hands out VFs of the PFs that it was made for
    /// alone, and no other pool does.
    static func canRestore(_ network: NetworkState, _ state: State) -> Bool {
        guard network.hasLostMark, network.isPersistent, network.showsPersistent, let mark = network.lostMark?.mark
        else { return false }
        let pfs = PoolPFs(mark, in: state.ports)
        let present = state.ports(of: network).map(\.address)
        guard pfs.allowsUpkeep, !present.isEmpty, Set(present).isSubset(of: pfs.ports.map(\.address)) else {
            return false
        }
        let own = Set(pfs.functions.map(\.address))
        return !state.pools.contains { other in
            other.name != network.name && state.coverage(of: other).contains { own.contains($0.address) }
        }
    }
}
