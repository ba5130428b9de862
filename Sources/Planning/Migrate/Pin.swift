import Model
import SRIOV
import Text

/// One interface of a guest that has a function fixed, in whatever spelling.
struct Pin {
    enum Kind: Equatable {
        /// `<interface type='hostdev'>` or a plain `<hostdev>`.
        case function
        /// `<interface type='direct'>` in mode passthrough over a function's netdev, or of a network that gives it one.
        case macvtap
        /// `<interface type='network'>` of a hostdev network made by hand.
        case network(Name)
        /// A pool interface already, whose running counterpart has a function from elsewhere: for `--live`.
        case pending(Name)
    }

    var kind: Kind
    var interface: GuestInterface
    /// The function that is fixed; nil for a network's, which libvirt picks, but for a macvtap's that runs.
    var function: VirtualFunction?
    var port: PhysicalFunction?
    /// The other ports of a network's that has functions of several.
    var others: [PCIAddress] = []

    /// Whether its guest may have a function of the port.
    func isOn(_ port: String) -> Bool {
        ([self.port?.address].compactMap(\.self) + others).contains { $0.description == port }
    }
}

/// Finds pins, by look-ups that are made once for a picture.
struct PinFinder {
    private var byAddress: [PCIAddress: (port: Int, function: Int)] = [:]
    private let names: FunctionNames
    private let ports: [PhysicalFunction]
    /// Who has which function of each managed pool through a port of it; nil where ports can't be had.
    private var managed: [Name: [PCIAddress: String]] = [:]
    /// The ports of each hostdev network made by hand; none where it has no functions of this host.
    private var byHand: [Name: [PhysicalFunction]] = [:]
    /// The port of each network that hands out macvtaps over its functions.
    private var macvtaps: [Name: PhysicalFunction] = [:]

    init(_ state: State) {
        ports = state.ports
        names = FunctionNames(state)
        for (port, ported) in state.ports.enumerated() {
            for (place, function) in ported.functions.enumerated() {
                byAddress[function.address] = (port, place)
            }
        }
        for pool in state.pools where pool.isManaged {
            guard let ports = pool.guestPorts else { continue }
            managed[pool.name] = [:]
            for port in ports {
                if let address = port.address { managed[pool.name]?[address] = port.ownerUUID }
            }
        }
        for network in state.pools where !network.isManaged {
            byHand[network.name] = state.ports(of: network)
        }
        for network in state.networks where !network.isPool && network.settings.isPassthrough {
            let owners = network.settings.devices.compactMap { device in
                names.function(ofNetdev: device).flatMap { byAddress[$0]?.port }
            }
            let isOfOne = Set(owners).count == 1 && owners.count == network.settings.devices.count
            macvtaps[network.name] =
                network.settings.port.flatMap(state.port(ofNetdev:)) ?? (isOfOne ? state.ports[owners[0]] : nil)
        }
    }

    func function(_ address: PCIAddress) -> (port: PhysicalFunction, function: VirtualFunction)? {
        byAddress[address].map { (ports[$0.port], ports[$0.port].functions[$0.function]) }
    }

    /// The pins in what the guest's next start will use.
    func pins(of guest: Guest) -> [Pin] {
        guest.interfaces.compactMap { interface in
            switch interface.attachment {
            case .hostdevInterface, .hostdev:
                let found = interface.attachment.pinnedAddress.flatMap(function)
                return Pin(kind: .function, interface: interface, function: found?.function, port: found?.port)
            case .direct(let device, "passthrough"):
                guard let found = names.function(ofNetdev: device).flatMap(function) else { return nil }
                return Pin(kind: .macvtap, interface: interface, function: found.function, port: found.port)
            case .network(let name, _):
                if let port = macvtaps[name] {
                    let live = guest.live(for: interface)?.attachment
                    let device: Name? = if case .direct(let device, _) = live { device } else { nil }
                    let found = device.flatMap(names.function(ofNetdev:)).flatMap(function)
                    return Pin(kind: .macvtap, interface: interface, function: found?.function, port: port)
                }
                guard let ports = byHand[name] else { return nil }
                return Pin(
                    kind: .network(name), interface: interface, port: ports.first,
                    others: ports.dropFirst().map(\.address))
            default: return nil
            }
        }
    }

    /// Interfaces that wait for the guest's next start to be on their pool.
    func pending(of guest: Guest) -> [Pin] {
        guard guest.isActive else { return [] }
        return guest.interfaces.compactMap { interface in
            guard let name = interface.attachment.networkName, let held = managed[name],
                let address = guest.live(for: interface)?.attachment.pinnedAddress,
                held[address] != guest.uuid
            else { return nil }
            let found = function(address)
            return Pin(kind: .pending(name), interface: interface, function: found?.function, port: found?.port)
        }
    }

    /// Functions that the guest has in ways that can't be turned into a pool interface.
    func held(by guest: Guest) -> [(way: HeldDevice.Way, port: PhysicalFunction, function: VirtualFunction)] {
        guest.held.compactMap { device in
            names.function(device.target).flatMap(function).map { (device.way, $0.port, $0.function) }
        }
    }

    /// Functions that only the running guest has fixed: plugged for this run alone.
    func liveOnly(of guest: Guest) -> [PCIAddress] {
        guest.liveInterfaces.compactMap { live in
            guard let address = live.attachment.pinnedAddress, function(address) != nil else { return nil }
            let isKnown = guest.interfaces.contains { guest.live(for: $0) == live }
            return isKnown ? nil : address
        }
    }
}
