package import SRIOV
import Text

/// A device of the host that a guest has fixed and that is not there: its card was moved or taken out, the bus was numbered
/// anew, or its PF has fewer VFs.
package struct MissingDevice: Equatable {
    package var address: PCIAddress
    /// What of the guest has it; nil for what is no interface, as an argument of QEMU's.
    package var interface: GuestInterface?
    /// Which function of which PF it would be if that had more of them.
    package var place: Place?

    package struct Place: Equatable {
        package var pf: PhysicalFunction
        var index: Int
    }

    /// What to do, most likely first.
    package func hints(_ guest: Guest, _ state: State) -> [Hint] {
        var hints: [Hint] = []
        if let place {
            hints.append(
                "it is VF \(place.index) of \(text: place.pf.title), which has \(text: Words.count(place.pf.enabledVFs, "VF")): `vfpool resize \(shell: place.pf.title) \(shell: String(place.index + 1))`"
            )
        }
        guard let interface else { return hints + ["give it another: `virsh edit \(shell: guest.word)`"] }
        let needsMAC = interface.mac == nil
        hints += state.pools.sorted { $0.name < $1.name }.prefix(4).map { (pool) -> Hint in
            needsMAC
                ? "put it on a pool: `vfpool bind \(shell: guest.word) --pool \(shell: pool.word) --interface \(shell: address.description) --mac MAC`"
                : "put it on a pool: `vfpool bind \(shell: guest.word) --pool \(shell: pool.word) --interface \(shell: interface.selector(of: guest))`"
        }
        if state.pools.isEmpty {
            hints.append(
                "make a pool for it: `vfpool create PF`, or give it another: `virsh edit \(shell: guest.word)`")
        }
        return hints
    }
}

extension State {
    /// What the guest's next start needs and does not find; nothing where the host's devices are not known.
    package func missingDevices(of guest: Guest) -> [MissingDevice] {
        guard let devices, guest.isPersistent else { return [] }
        let interfaces = guest.interfaces.compactMap { interface in
            interface.attachment.pinnedAddress.map { MissingDevice(address: $0, interface: interface) }
        }
        let held = guest.held.compactMap { device -> MissingDevice? in
            guard case .device(let address) = device.target else { return nil }
            if case .hostdev(let interface) = device.way {
                return MissingDevice(address: address, interface: interface)
            }
            return MissingDevice(address: address)
        }
        return (interfaces + held).filter { !devices.contains($0.address) }.map { device in
            var device = device
            device.place =
                pfs.lazy.compactMap { pf -> MissingDevice.Place? in
                    guard let possible = pf.possibleVFs, possible > pf.enabledVFs,
                        let index = pf.functionAddresses(possible)?.firstIndex(of: device.address)
                    else { return nil }
                    return MissingDevice.Place(pf: pf, index: index)
                }.first
            return device
        }
    }
}
