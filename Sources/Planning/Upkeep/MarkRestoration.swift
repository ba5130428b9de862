import Model
import SRIOV
import Text
import XML

/// Puts vfpool's mark back into networks that something else defined anew, with what it keeps out.
enum MarkRestoration {
    static func items(_ state: State) throws(Failure) -> [Plan.Item] {
        var items: [Plan.Item] = []
        for network in state.networks.sorted(by: { $0.name < $1.name }) where LostMark.isPutBack(network, state) {
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
                    detail: "vfpool's mark is put back: another program redefined it", isUpkeep: true))
        }
        return items
    }
}
