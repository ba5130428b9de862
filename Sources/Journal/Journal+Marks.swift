package import Model
import Text
import XML

extension Journal {
    /// How many of the latest changes are looked through for what a network was: not all, for every `status` on a host with a
    /// network that is no pool of vfpool's does so.
    private static let reach = 128

    /// The picture, with the marks that pools had by the journal before something else defined their networks anew.
    ///
    /// A journal that can't be read, as without root, tells nothing.
    package func recalling(_ state: State) -> State {
        var state = state
        let unmarked = state.networks.indices.filter { state.networks[$0].mayHaveLostMark }
        let latest = latest(of: unmarked.map { ($0, state.networks[$0]) }, state.uri)
        for index in latest.released where state.networks[index].lostMark?.source == .running {
            state.networks[index].lostMark = nil
        }
        for (index, mark) in latest.marks where state.networks[index].lostMark?.element == nil {
            state.networks[index].lostMark = mark
        }
        return state
    }

    /// What the latest changes made of networks, by place.
    private struct Latest {
        /// The marks that they gave, by UUID, else by name.
        var marks: [Int: LostMark] = [:]
        /// What vfpool itself took away since is none of its pools any more, even while it runs with the mark.
        var released: Set<Int> = []
    }

    private func latest(of networks: [(index: Int, network: NetworkState)], _ uri: String) -> Latest {
        var open = networks
        var found = Latest()
        var left = Self.reach
        guard !open.isEmpty else { return found }
        let place = self.place(uri)
        _ = try? scan { _, result in
            left -= 1
            guard case .success(let entry) = result, place.isOrigin(of: entry.header) else { return left > 0 }
            for step in entry.stepsInPlace.reversed()
            where step.kind == .defineNetwork || step.kind == .undefineNetwork {
                for (index, network) in open where step.uuid == network.uuid || step.name == network.name {
                    open.removeAll { $0.index == index }
                    guard step.kind == .defineNetwork, let file = step.stored ?? step.after,
                        let text = try? document(file, of: entry), let parsed = try? Document(parsing: text)
                    else { continue }
                    let mark = LostMark(step.uuid == network.uuid ? .journal : .journalByName, parsed)
                    if mark.element != nil {
                        found.marks[index] = mark
                    } else if step.uuid == network.uuid {
                        found.released.insert(index)
                    }
                }
            }
            return left > 0 && !open.isEmpty
        }
        return found
    }
}
