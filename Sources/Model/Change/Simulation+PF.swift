import SRIOV
import XML

extension State {
    /// The PF as it will be: with as many functions as planned, where they are planned to be.
    mutating func set(_ change: PFChange) throws(Failure) {
        guard let index = pfs.firstIndex(where: { $0.address.description == change.address }) else { return }
        guard change.attribute == .count else {
            pfs[index].probesDrivers = change.after == 1
            return
        }
        let addresses = (change.functionsAfter ?? []).compactMap { PCIAddress($0) }
        devices?.subtract(pfs[index].functions.map(\.address))
        devices?.formUnion(addresses)
        pfs[index].enabledVFs = change.after
        pfs[index].functions = addresses.enumerated().map { number, address in
            VirtualFunction(index: number, address: address, numaNode: pfs[index].numaNode)
        }
        try readHostdevsAgain()
    }

    /// Which plain hostdevs are interfaces depends on which devices are functions.
    private mutating func readHostdevsAgain() throws(Failure) {
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
