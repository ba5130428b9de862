package import SRIOV
import Text

extension State {
    /// Whether a guest has a function of the PF fixed that is only there when the PF has more of them: then a pool must
    /// not start with whatever functions the PF has by that time.
    package func awaitsFunctions(of pf: PhysicalFunction) -> Bool {
        let count = pf.functions.count
        guard let possible = pf.possibleVFs, possible > count else { return false }
        let addresses = Set(pf.functionAddresses(possible) ?? []).subtracting(pf.functions.map(\.address))
        let own = [pf.netdev].compactMap(\.self) + pf.alternativeNames
        func isToCome(_ netdev: Name) -> Bool {
            guard let (name, index) = FunctionNames.usualPlace(netdev), own.contains(name) else { return false }
            return (count..<possible).contains(index)
        }
        return guests.contains { guest in
            guest.interfaces.contains { interface in
                if case .direct(let device, _) = interface.attachment { return isToCome(device) }
                return interface.attachment.pinnedAddress.map(addresses.contains) ?? false
            }
                || guest.held.contains { device in
                    switch device.target {
                    case .device(let address): addresses.contains(address)
                    case .function(let owner, let index): owner == pf.address && index >= count
                    case .netdev(let name): isToCome(name)
                    case .vdpa: false
                    }
                }
        }
    }
}
