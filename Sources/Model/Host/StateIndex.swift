package import SRIOV
import Synchronization

/// Something that is worked out of a picture when it is first asked for, and then known.
final class Once<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func get(_ make: () -> Value) -> Value {
        if let known = value.withLock({ $0 }) { return known }
        // Not under the lock: one thing is worked out of another. Who comes at the same time does it, too.
        let made = make()
        value.withLock { $0 = made }
        return made
    }
}

/// What is looked up of a picture's PFs again and again.
struct PFIndex: Sendable {
    let places = Once<[PCIAddress: FunctionIndices]>()
    let addresses = Once<Set<PCIAddress>>()
    let functionNames = Once<FunctionNames>()
    let deviceNames = Once<DeviceNames>()
}

/// Where a function stands in a picture.
struct FunctionIndices: Sendable {
    let pf: Int
    let function: Int
}

extension State {
    /// Who holds which function.
    package var claims: ClaimIndex { claimIndex.get { ClaimIndex(self) } }

    /// Which function documents mean by other names than its address.
    package var functionNames: FunctionNames { pfIndex.functionNames.get { FunctionNames(pfs) } }

    /// What people call PFs and functions.
    package var deviceNames: DeviceNames { pfIndex.deviceNames.get { DeviceNames(pfs) } }

    /// All functions of all PFs.
    package var functionAddresses: Set<PCIAddress> { pfIndex.addresses.get { Set(functions.map(\.address)) } }

    /// Guests whose next start has an interface with this MAC.
    package func guests(with mac: MACAddress) -> [Guest] {
        let places = guestsByMAC.get {
            var places: [MACAddress: [Int]] = [:]
            for (place, guest) in guests.enumerated() {
                for mac in Set(guest.interfaces.compactMap(\.mac)) { places[mac, default: []].append(place) }
            }
            return places
        }
        return (places[mac] ?? []).map { guests[$0] }
    }

    /// A function with its PF.
    package func place(of address: PCIAddress) -> (pf: PhysicalFunction, function: VirtualFunction)? {
        let places = pfIndex.places.get {
            var places: [PCIAddress: FunctionIndices] = [:]
            for (pf, owner) in pfs.enumerated() {
                for (index, function) in owner.functions.enumerated() where places[function.address] == nil {
                    places[function.address] = FunctionIndices(pf: pf, function: index)
                }
            }
            return places
        }
        return places[address].map { (pfs[$0.pf], pfs[$0.pf].functions[$0.function]) }
    }

    package func function(at address: PCIAddress) -> VirtualFunction? { place(of: address)?.function }

    /// The PF that a function belongs to.
    package func pf(of address: PCIAddress) -> PhysicalFunction? { place(of: address)?.pf }
}
