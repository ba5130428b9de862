import Model
import SRIOV
import TestSupport
import XML

/// A network port's document, as libvirt hands it out, and the one that vfpool makes of it.
struct PortTarget: FuzzTarget {
    private let mutation = MarkupMutation(seeds: FuzzInputs.seeds("port"))

    func mutated(_ input: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        mutation.mutated(input, &generator)
    }

    func run(_ input: [UInt8]) throws -> Bool {
        guard let document = try? Document(parsing: input) else { return false }
        try DocumentEdits.check(document)
        guard let port = NetworkReader.port(in: document) else { return false }
        _ = Reservation.isReservation(port, of: FuzzHost.poolUUID)
        guard let address = port.address else { return true }
        // Made again of what was read, it says the same.
        let reservation = Reservation(port: port, address: address)
        guard let made = try FuzzHost.asked({ try Templates.port(reservation) }) else { return true }
        let again = NetworkReader.port(in: try Document(parsing: made))
        try require(
            again?.address == address && again?.ownerName == port.ownerName, "a port is read otherwise: \(made)")
        return true
    }
}
