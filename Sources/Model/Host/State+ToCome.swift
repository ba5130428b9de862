package import SRIOV
import Text

extension State {
    /// Whether a guest has a function of the port fixed that is only there when the port has more of them: then a pool must
    /// not start with whatever functions the port has by that time.
    package func awaitsFunctions(of port: PhysicalFunction) -> Bool {
        let count = port.functions.count
        guard let possible = port.possibleVFs, possible > count else { return false }
        let addresses = Set(port.functionAddresses(possible) ?? []).subtracting(port.functions.map(\.address))
        let own = [port.netdev].compactMap(\.self) + port.alternativeNames
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
                    case .function(let owner, let index): owner == port.address && index >= count
                    case .netdev(let name): isToCome(name)
                    case .vdpa: false
                    }
                }
        }
    }
}
