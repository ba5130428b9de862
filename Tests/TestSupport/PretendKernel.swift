import Glibc
package import Model
package import SRIOV

/// The kernel's rules for the number of a PF's VFs.
extension PretendHost {
    func value(_ attribute: PFChange.Attribute, of pf: PCIAddress) -> Int? {
        guard let pf = pfs.first(where: { $0.address == pf }) else { return nil }
        return switch attribute {
        case .count: pf.enabledVFs
        case .hostDrivers: pf.probesDrivers.map { $0 ? 1 : 0 }
        }
    }

    /// From one number to another only through 0; nobody who has a VF is asked.
    package mutating func set(
        _ attribute: PFChange.Attribute, of pf: PCIAddress, to value: Int
    ) throws(HostError) {
        guard let index = pfs.firstIndex(where: { $0.address == pf }) else { throw HostError("\(pf)", ENOENT) }
        guard attribute == .count else {
            pfs[index].probesDrivers = value == 1
            return
        }
        let current = pfs[index].enabledVFs
        if current == value { return }
        guard current == 0 || value == 0 else { throw HostError("\(pf)", EBUSY) }
        guard value <= pfs[index].possibleVFs ?? 0, let addresses = pfs[index].functionAddresses(value) else {
            throw HostError("\(pf)", ERANGE)
        }
        let probes = pfs[index].probesDrivers ?? true
        pfs[index].enabledVFs = value
        pfs[index].functions = addresses.enumerated().map { number, address in
            VirtualFunction(
                index: number, address: address, driver: probes ? "ixgbevf" : nil, iommuGroup: 900 + number,
                groupMembers: 1)
        }
    }

    func users(of pf: PCIAddress) -> [String] {
        let functions = pfs.first { $0.address == pf }?.functions ?? []
        let running = guests.values.sorted { $0.name < $1.name }.flatMap { guest in
            functions.filter { guest.held.contains($0.address) }.map { "VF \($0.index) (\(guest.name))" }
        }
        return running + functions.filter { !$0.hostUses.isEmpty }.map { "VF \($0.index) (the host)" }
    }
}
