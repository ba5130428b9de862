import SRIOV
import Text

/// Networks made by hand that hand out VFs of several PFs, where a pool has one.
extension State {
    /// The ports whose functions a network hands out.
    func ports(of network: NetworkState) -> [PhysicalFunction] {
        if let port = port(of: network), network.isManaged || network.configuration?.portName != nil { return [port] }
        let listed = Set(coverage(of: network).map(\.address))
        return ports.filter { port in port.functions.contains { listed.contains($0.address) } }
    }

    /// What to do about a network made by hand that is in the way, or that others' VFs are not reserved in: to take it over,
    /// or to make a pool of each of its ports.
    func takeover(_ network: NetworkState, _ port: PhysicalFunction?) -> [Hint] {
        let all = ports(of: network)
        guard all.count > 1 else {
            guard let port = port ?? all.first else { return [] }
            return ["take it over: `vfpool create \(shell: port.title) --name \(shell: network.name) --adopt`"]
        }
        return separation(network, all)
    }

    private func separation(_ network: NetworkState, _ ports: [PhysicalFunction]) -> [Hint] {
        let name = network.word
        var command: ShellCommand = "virsh net-undefine \(shell: name)"
        if network.isActive {
            command =
                network.isPersistent
                ? "virsh net-destroy \(shell: name) && virsh net-undefine \(shell: name)"
                : "virsh net-destroy \(shell: name)"
        }
        for port in ports { command = "\(shell: command) && vfpool create \(shell: port.title)" }
        return [
            "a pool has one PF; when no guest runs on it, make one of each: `\(shell: command)`",
            "then put its guests on them: `vfpool bind GUEST --pool NAME`",
        ]
    }
}
