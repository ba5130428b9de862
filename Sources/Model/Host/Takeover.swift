package import SRIOV
import Text

extension State {
    /// What to do about a network made by hand that is in the way, or that others' VFs are not reserved in: to take it over,
    /// with all PFs that it hands out VFs of.
    package func takeover(_ network: NetworkState, _ pf: PhysicalFunction? = nil) -> [Hint] {
        let own = pfs(of: network)
        guard let first = own.first ?? pf else { return [] }
        var command: ShellCommand = "vfpool create \(shell: first.title)"
        for other in own.dropFirst() { command = "\(shell: command) \(shell: other.title)" }
        return ["take it over: `\(shell: command) --name \(shell: network.name) --adopt`"]
    }
}
