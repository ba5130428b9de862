package import SRIOV
package import Text

/// Look-ups that fail with the candidates.
extension State {
    /// The network that a person's word means: by UUID where it has the form of one, then by name, as virsh looks them up.
    package func networkMeant(by word: Name) -> NetworkState? {
        let uuid = UUIDText.normal(word.string)
        return uuid.flatMap { uuid in networks.first { $0.uuid == uuid } } ?? network(word)
    }

    /// The guest that a person's word means: by UUID where it has the form of one, then by name, as virsh looks them up.
    package func guestMeant(by word: Name) -> Guest? {
        UUIDText.normal(word.string).flatMap { guest(uuid: $0) } ?? guests.first { $0.name == word }
    }

    /// By UUID or name. - Throws: `no-such-pool`, `not-a-pool`.
    package func pool(named name: Name) throws(Failure) -> NetworkState {
        guard let network = networkMeant(by: name) else {
            throw Failure(.noSuchPool, "there is no pool \(name)", hints: [poolsHint])
        }
        guard network.isPool else {
            throw Failure(.notAPool, "network \(network.name) is not a pool: it hands out no VFs", hints: [poolsHint])
        }
        return network
    }

    /// By UUID or name. - Throws: `no-such-guest`.
    package func guest(named name: Name) throws(Failure) -> Guest {
        if let guest = guestMeant(by: name) { return guest }
        let near = guests.map(\.name).filter { $0.string.hasPrefix(bytes: name.string.prefix(2)) }
        throw Failure(
            .noSuchGuest, "there is no guest \(name)",
            hints: near.isEmpty
                ? ["list them: `virsh list --all`"] : ["did you mean \(text: Words.list(near, last: "or"))?"])
    }

    private var poolsHint: Hint {
        let names = pools.map(\.name)
        return names.isEmpty ? "make one: `vfpool create PF`" : "pools here: \(text: Words.list(names, most: 12))"
    }

    /// The function that a person named, by any word that `DeviceNames` knows. - Throws: `no-such-vf`.
    package func function(_ text: String) throws(Failure) -> (pf: PhysicalFunction, function: VirtualFunction) {
        let found = deviceNames.functions(Name(text))
        for pf in pfs {
            for function in pf.functions where found == [function.address] { return (pf, function) }
        }
        throw Failure(
            .noSuchVF, "there is no virtual function \(text)",
            hints: ["list them: `vfpool status`; name one by PCI address or netdev, or as PF:INDEX"])
    }

    /// PFs that a guest's next start takes away from the host, with all their functions.
    package func pfs(heldWholeBy guest: Guest) -> [PhysicalFunction] {
        let pinned = guest.interfaces.compactMap(\.attachment.pinnedAddress)
        let held = guest.held.compactMap { device in
            if case .device(let address) = device.target { address } else { nil }
        }
        let addresses = Set(pinned + held)
        return addresses.isEmpty ? [] : pfs.filter { addresses.contains($0.address) }
    }

    /// The pools that cover a function.
    package func poolCovering(_ address: PCIAddress) -> [NetworkState] {
        pools.filter { pool in
            coverage(of: pool).contains { $0.address == address }
        }
    }
}
