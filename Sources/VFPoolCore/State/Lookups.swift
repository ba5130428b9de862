package import SRIOV

/// Look-ups that fail with the candidates.
extension State {
    /// - Throws: `no-such-pool`, `not-a-pool`.
    package func pool(named name: String) throws(Failure) -> NetworkState {
        guard let network = network(name) else {
            throw Failure(.noSuchPool, "there is no pool \(name)", hints: [poolsHint])
        }
        guard network.isPool else {
            throw Failure(.notAPool, "network \(name) is not a pool: it hands out no VFs", hints: [poolsHint])
        }
        return network
    }

    /// By name or UUID. - Throws: `no-such-guest`.
    package func guest(named name: String) throws(Failure) -> Guest {
        if let guest = guest(name) { return guest }
        let near = guests.map(\.name).filter { $0.hasPrefix(name.prefix(2)) }
        throw Failure(
            .noSuchGuest, "there is no guest \(name)",
            hints: near.isEmpty
                ? ["list them: `virsh list --all`"] : ["did you mean \(text: Words.list(near, last: "or"))?"])
    }

    private var poolsHint: Hint {
        let names = pools.map(\.name)
        return names.isEmpty ? "make one: `vfpool create PF`" : "pools here: \(text: names.joined(separator: ", "))"
    }

    /// The function with this address. - Throws: `no-such-vf`.
    package func function(_ text: String) throws(Failure) -> (port: PhysicalFunction, function: VirtualFunction) {
        for port in ports {
            for function in port.functions
            where PCIAddress(text) == function.address || "\(port.title):\(function.index)" == text {
                return (port, function)
            }
        }
        throw Failure(
            .noSuchVF, "there is no virtual function \(text)",
            hints: ["list them: `vfpool status`; name one by PCI address, or as PF:INDEX"])
    }

    /// The pool that covers a function, preferring managed ones.
    package func poolCovering(_ address: PCIAddress) -> [NetworkState] {
        pools.filter { pool in
            coverage(of: pool).contains { $0.address == address }
        }
    }
}
