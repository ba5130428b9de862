import Glibc
package import Model
package import SRIOV

/// The kernel's rules for the number of a port's VFs.
extension PretendHost {
    func value(_ attribute: PortChange.Attribute, of port: PCIAddress) -> Int? {
        guard let port = ports.first(where: { $0.address == port }) else { return nil }
        return switch attribute {
        case .count: port.enabledVFs
        case .hostDrivers: port.probesDrivers.map { $0 ? 1 : 0 }
        }
    }

    /// From one number to another only through 0; nobody who has a VF is asked.
    package mutating func set(
        _ attribute: PortChange.Attribute, of port: PCIAddress, to value: Int
    ) throws(HostError) {
        guard let index = ports.firstIndex(where: { $0.address == port }) else { throw HostError("\(port)", ENOENT) }
        guard attribute == .count else {
            ports[index].probesDrivers = value == 1
            return
        }
        let current = ports[index].enabledVFs
        if current == value { return }
        guard current == 0 || value == 0 else { throw HostError("\(port)", EBUSY) }
        guard value <= ports[index].possibleVFs ?? 0, let addresses = ports[index].functionAddresses(value) else {
            throw HostError("\(port)", ERANGE)
        }
        let probes = ports[index].probesDrivers ?? true
        ports[index].enabledVFs = value
        ports[index].functions = addresses.enumerated().map { number, address in
            VirtualFunction(
                index: number, address: address, driver: probes ? "ixgbevf" : nil, iommuGroup: 900 + number,
                groupMembers: 1)
        }
    }

    func users(of port: PCIAddress) -> [String] {
        let functions = ports.first { $0.address == port }?.functions ?? []
        let running = guests.values.sorted { $0.name < $1.name }.flatMap { guest in
            functions.filter { guest.held.contains($0.address) }.map { "VF \($0.index) (\(guest.name))" }
        }
        return running + functions.filter { !$0.hostUses.isEmpty }.map { "VF \($0.index) (the host)" }
    }
}
