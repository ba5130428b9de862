import SRIOV

/// A step that plugs an interface into a running guest, or unplugs it.
package struct DevicePlug: StepPayload {
    package let device: LiveDevice
    package let isPlugged: Bool

    package init(device: LiveDevice, isPlugged: Bool) {
        self.device = device
        self.isPlugged = isPlugged
    }

    package var subject: Subject { .guest(device.guestName) }
    package var kind: StepRecord.Kind { isPlugged ? .plug : .unplug }
    package var effect: StepEffect { .change }
    package var action: String { "\(isPlugged ? "plug" : "unplug") \(title) now" }
    package var reversed: Step { isPlugged ? .unplug(device) : .plug(device) }

    private var title: String {
        let name = device.mac?.description ?? device.address?.description ?? "device"
        return device.isPersistentHalf ? "the persistent interface of \(name)" : name
    }

    package func write(to record: inout StepRecord, _ files: inout StepFiles) {
        record.uuid = device.guestUUID
        record.mac = device.mac?.description
        record.address = device.address?.description
        record.isTeamed = device.isTeamed
        record.isPersistentHalf = device.isPersistentHalf ? true : nil
        record.after = files.keep(device.xml, "guest", record, "device")
    }

    package func apply(to state: inout State) throws(Failure) {
        guard var guest = state.guest(uuid: device.guestUUID) else { return }
        if isPlugged {
            let plugged = try device.interfaces(functions: state.functionAddresses)
            guest.liveInterfaces += plugged.map { state.take(for: $0, of: guest) }
            state.replace(guest)
            return
        }
        guest.liveInterfaces.removeAll { device.matches($0) }
        state.replace(guest)
        // Its port goes with it.
        guard device.mac != nil, !device.isPersistentHalf else { return }
        for index in state.networks.indices {
            let reserved = Set(state.networks[index].reservations.map(\.uuid))
            state.networks[index].ports?.removeAll {
                $0.ownerUUID == guest.uuid && $0.mac == device.mac && !reserved.contains($0.uuid)
            }
        }
    }
}

extension State {
    /// The pool's next function, as libvirt's allocator takes it: the first without a port.
    fileprivate mutating func take(for interface: GuestInterface, of guest: Guest) -> GuestInterface {
        guard let index = networks.firstIndex(where: { $0.name == interface.attachment.networkName }),
            let live = networks[index].live, let ports = networks[index].ports
        else { return interface }
        let taken = Set(ports.compactMap(\.address))
        guard let address = live.addresses.first(where: { !taken.contains($0) }) else { return interface }
        networks[index].ports?.append(
            NetworkPortState(
                uuid: "planned \(address)", ownerName: guest.name, ownerUUID: guest.uuid, mac: interface.mac,
                address: address))
        var plugged = interface
        plugged.attachment = .hostdevInterface(address)
        return plugged
    }
}
