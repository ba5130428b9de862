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

    /// A network whose latest change is looked for.
    private struct Sought {
        let index: Int
        let network: NetworkState
        /// The change whose undo took its mark away: what counts is what was so before that.
        var undone: Name?

        func isMeant(by step: StepRecord) -> Bool { step.uuid == network.uuid || step.name == network.name }
    }

    private func latest(of networks: [(index: Int, network: NetworkState)], _ uri: String) -> Latest {
        var open = networks.map { Sought(index: $0.index, network: $0.network) }
        var found = Latest()
        var left = Self.reach
        guard !open.isEmpty else { return found }
        let place = self.place(uri)
        _ = try? scan { name, result in
            left -= 1
            var passed: Set<Int> = []
            for place in open.indices where open[place].undone == Name(name.text) {
                open[place].undone = nil
                passed.insert(open[place].index)
            }
            guard case .success(let entry) = result, place.isOrigin(of: entry.header) else { return left > 0 }
            for step in entry.stepsInPlace.reversed()
            where step.kind == .defineNetwork || step.kind == .undefineNetwork {
                for sought in open
                where sought.undone == nil && !passed.contains(sought.index) && sought.isMeant(by: step) {
                    open.removeAll { $0.index == sought.index }
                    guard step.kind == .defineNetwork, let file = step.stored ?? step.after,
                        let text = try? document(file, of: entry), let parsed = try? Document(parsing: text)
                    else { continue }
                    let isSame = step.uuid == sought.network.uuid
                    let mark = LostMark(isSame ? .journal : .journalByName, parsed)
                    if mark.element != nil {
                        found.marks[sought.index] = mark
                        found.released.remove(sought.index)
                    } else if isSame {
                        found.released.insert(sought.index)
                        // Its mark may have been lost before the change that was undone gave it one again.
                        guard let undone = entry.header.undoes else { continue }
                        open.append(Sought(index: sought.index, network: sought.network, undone: Name(undone)))
                    }
                }
            }
            return left > 0 && !open.isEmpty
        }
        return found
    }
}
