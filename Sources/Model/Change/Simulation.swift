package import SRIOV
import Text
import XML

extension State {
    /// The picture as it will be when these steps are done: what later steps of the same plan are made from.
    package func after(_ items: [Plan.Item]) throws(Failure) -> State {
        var state = self
        for item in items { try state.apply(item.step) }
        return state
    }

    private mutating func apply(_ step: Step) throws(Failure) {
        switch step {
        case .defineNetwork(let change):
            guard let after = change.after else { return }
            let old = network(change.name)
            self = replacing(
                try Self.network(change, after, old: old, canHavePorts: supportsPorts))
        case .undefineNetwork(let change):
            networks.removeAll { $0.name == change.name }
        case .startNetwork(let name):
            update(name) { network, state in
                network.isActive = true
                var live = network.configuration
                live?.addresses = state.startAddresses(network)
                network.live = live
                network.ports = state.supportsPorts ? [] : nil
            }
        case .stopNetwork(let name):
            update(name) { network, _ in
                network.isActive = false
                network.live = nil
                network.ports = network.ports.map { _ in [] }
            }
        case .writeFile: return
        case .setAutostart(let name, let on): update(name) { network, _ in network.autostart = on }
        case .reserve(let name, let reservation):
            update(name) { network, _ in
                network.ports?.append(
                    NetworkPortState(
                        uuid: reservation.uuid, ownerName: reservation.ownerName, ownerUUID: reservation.ownerUUID,
                        mac: MACAddress(reservation.mac), address: PCIAddress(reservation.address)))
            }
        case .release(let name, let reservation):
            update(name) { network, _ in network.ports?.removeAll { $0.uuid == reservation.uuid } }
        case .defineGuest(let change):
            guard var guest = guest(uuid: change.uuid), let after = change.after else { return }
            guest.inactiveXML = after
            guest.devices = try devices(after, of: "guest \(change.name)")
            self = replacing(guest)
        case .unplug(let device):
            guard var guest = guest(uuid: device.guestUUID) else { return }
            guest.liveInterfaces.removeAll { device.matches($0) }
            // Its port goes with it.
            let uuid = guest.uuid
            self = replacing(guest)
            for index in networks.indices where device.mac != nil && !device.isLasting {
                let reserved = Set(networks[index].reservations.map(\.uuid))
                networks[index].ports?.removeAll {
                    $0.ownerUUID == uuid && $0.mac == device.mac && !reserved.contains($0.uuid)
                }
            }
        case .setPF(let change): try set(change)
        case .plug(let device):
            guard var guest = guest(uuid: device.guestUUID) else { return }
            let plugged = try device.interfaces(functions: Set(functions.map(\.address)))
            guest.liveInterfaces += plugged.map { take(for: $0, of: guest) }
            self = replacing(guest)
        }
    }

    /// The pool's next function, as libvirt's allocator takes it: the first without a port.
    private mutating func take(for interface: GuestInterface, of guest: Guest) -> GuestInterface {
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

    private mutating func update(_ name: Name, _ change: (inout NetworkState, State) -> Void) {
        guard let index = networks.firstIndex(where: { $0.name == name }) else { return }
        var network = networks[index]
        change(&network, self)
        networks[index] = network
    }

    /// What libvirt will find when it starts the network: a port's functions, or the list.
    package func startAddresses(_ network: NetworkState) -> [PCIAddress] {
        guard let configuration = network.configuration else { return [] }
        guard let name = configuration.pfName else { return configuration.addresses }
        return pfs.first { $0.netdev == name || $0.otherNetdevs.contains(name) }?.functions.map(\.address) ?? []
    }

    private static func network(
        _ change: DocumentChange, _ after: String, old: NetworkState?, canHavePorts: Bool
    ) throws(Failure) -> NetworkState {
        let (configuration, settings) = try readable("network \(change.name)") { () throws(XMLError) in
            let document = try Document(parsing: after)
            return (NetworkReader.configuration(in: document), NetworkReader.settings(in: document))
        }
        var network =
            old
            ?? NetworkState(
                name: change.name, uuid: change.uuid, isActive: false, isPersistent: true, autostart: false,
                inactiveXML: after, ports: canHavePorts ? [] : nil)
        network.isPersistent = true
        network.inactiveXML = after
        network.configuration = configuration
        network.settings = settings
        return network
    }

    /// What a guest's document takes, in the light of this host's functions.
    package func devices(_ xml: String, of subject: String) throws(Failure) -> GuestDevices {
        let known = Set(functions.map(\.address))
        return try readable(subject) { () throws(XMLError) in
            try GuestReader.devices(in: Document(parsing: xml, only: GuestReader.part), functions: known)
        }
    }
}
