import SRIOV
import XML

extension PFChange {
    /// The PF as it will be: with as many functions as planned, where they are planned to be.
    package func apply(to state: inout State) throws(Failure) {
        guard let index = state.pfs.firstIndex(where: { $0.address.description == address }) else { return }
        guard attribute == .count else {
            state.pfs[index].probesDrivers = after == 1
            return
        }
        let addresses = (functionsAfter ?? []).compactMap { PCIAddress($0) }
        let node = state.pfs[index].numaNode
        state.devices?.subtract(state.pfs[index].functions.map(\.address))
        state.devices?.formUnion(addresses)
        state.pfs[index].enabledVFs = after
        state.pfs[index].functions = addresses.enumerated().map { number, address in
            VirtualFunction(index: number, address: address, numaNode: node)
        }
        try state.readHostdevsAgain()
    }
}

extension State {
    /// Which plain hostdevs are interfaces depends on which devices are functions.
    fileprivate mutating func readHostdevsAgain() throws(Failure) {
        for index in guests.indices
        where guests[index].inactiveXML.holds(bytes: "<hostdev") && guests[index].isPersistent {
            guests[index].devices = try devices(guests[index].inactiveXML, of: "guest \(guests[index].name)")
        }
        for index in guests.indices {
            guard let live = guests[index].liveXML, live.holds(bytes: "<hostdev") else { continue }
            guests[index].liveDevices = try devices(live, of: "guest \(guests[index].name)")
        }
    }
}
