import Model
import SRIOV
import Text

/// What to say of networks that hand out macvtaps over the VFs of a pool.
enum MacvtapNetworks {
    static func warnings(
        _ pf: PhysicalFunction, _ functions: [VirtualFunction], _ state: State, _ claims: ClaimIndex
    ) -> [Diagnostic] {
        var held: [Name: [Int]] = [:]
        for function in functions {
            for case .network(let name) in claims[function.address].map(\.kind) {
                held[name, default: []].append(function.index)
            }
        }
        return held.sorted { $0.key < $1.key }.map { name, indices in
            Diagnostic(
                .macvtapNetwork,
                "network \(name) gives its guests macvtaps over \(Words.vfs(indices)) of \(pf.title): the pool can't have them while that network runs or starts at boot",
                hints: hints(name, state))
        }
    }

    private static func hints(_ name: Name, _ state: State) -> [Hint] {
        let word = ShellWord(state.word(ofNetwork: name))
        let stop: Hint =
            "when no guest uses it: `virsh net-destroy \(shell: word)`, `virsh net-autostart \(shell: word) --disable`, then `vfpool reconcile`"
        guard state.guests.contains(where: { $0.points(at: name) }) else { return [stop] }
        return ["move its guests to the pool: `vfpool migrate --all --include-macvtap`", stop]
    }
}
