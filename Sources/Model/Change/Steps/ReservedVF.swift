import SRIOV
package import Text

/// A step that reserves a VF in a running pool, or gives it back.
package struct ReservedVF: StepPayload {
    package let network: Name
    package let reservation: Reservation
    package let isMade: Bool

    package init(network: Name, _ reservation: Reservation, isMade: Bool) {
        self.network = network
        self.reservation = reservation
        self.isMade = isMade
    }

    package var subject: Subject { .network(network) }
    package var kind: StepRecord.Kind { isMade ? .reserve : .release }
    package var effect: StepEffect { isMade ? .add : .remove }

    package var action: String {
        isMade
            ? "reserve \(reservation.address) for \(reservation.ownerName)"
            : "release \(reservation.address), kept for \(reservation.ownerName)"
    }

    package var reversed: Step {
        isMade ? .release(network: network, reservation) : .reserve(network: network, reservation)
    }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) { record.reservation = reservation }

    package func apply(to state: inout State) {
        guard var changed = state.network(network) else { return }
        if isMade {
            changed.ports?.append(
                NetworkPortState(
                    uuid: reservation.uuid, ownerName: reservation.ownerName, ownerUUID: reservation.ownerUUID,
                    mac: MACAddress(reservation.mac), address: PCIAddress(reservation.address)))
        } else {
            changed.ports?.removeAll { $0.uuid == reservation.uuid }
        }
        state.replace(changed)
    }
}
