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
    var pf: PhysicalFunction?
    /// The other ports of a network's that has functions of several.
    var others: [PCIAddress] = []

    /// Whether its guest may have a function of the PF.
    func isOn(_ pf: String) -> Bool {
        ([self.pf?.address].compactMap(\.self) + others).contains { $0.description == pf }
    }
}

/// Finds pins, by look-ups that are made once for a picture.
struct PinFinder {
    private let state: State
    private let names: FunctionNames
    /// Who has which function of each managed pool through a port of it; nil where ports can't be had.
    private var managed: [Name: [PCIAddress: String]] = [:]
    /// The PFs of each hostdev network made by hand; none where it has no functions of this host.
    private var byHand: [Name: [PhysicalFunction]] = [:]
    /// The PF of each network that hands out macvtaps over its functions.
    private var macvtaps: [Name: PhysicalFunction] = [:]

    init(_ state: State) {
        self.state = state
        names = state.functionNames
        for pool in state.pools where pool.isManaged {
            guard let ports = pool.guestPorts else { continue }
            managed[pool.name] = [:]
            for port in ports {
                if let address = port.address { managed[pool.name]?[address] = port.ownerUUID }
            }
        }
        for network in state.pools where !network.isManaged {
            byHand[network.name] = state.pfs(of: network)
        }
        for network in state.networks where !network.isPool && network.settings.isPassthrough {
            let owners = network.settings.devices.compactMap { device in
                names.function(ofNetdev: device).flatMap(state.pf(of:))
            }
            let isOfOne = Set(owners.map(\.address)).count == 1 && owners.count == network.settings.devices.count
            macvtaps[network.name] =
                network.settings.pf.flatMap(state.pf(ofNetdev:)) ?? (isOfOne ? owners[0] : nil)
        }
    }

    func function(_ address: PCIAddress) -> (pf: PhysicalFunction, function: VirtualFunction)? {
        state.place(of: address)
    }

    /// The pins in what the guest's next start will use.
    func pins(of guest: Guest) -> [Pin] {
        guest.interfaces.compactMap { interface in
            switch interface.attachment {
            case .hostdevInterface, .hostdev:
                let found = interface.attachment.pinnedAddress.flatMap(function)
                return Pin(kind: .function, interface: interface, function: found?.function, pf: found?.pf)
            case .direct(let device, "passthrough"):
                guard let found = names.function(ofNetdev: device).flatMap(function) else { return nil }
                return Pin(kind: .macvtap, interface: interface, function: found.function, pf: found.pf)
            case .network(let name, _):
                if let pf = macvtaps[name] {
                    let live = guest.live(for: interface)?.attachment
                    let device: Name? = if case .direct(let device, _) = live { device } else { nil }
                    let found = device.flatMap(names.function(ofNetdev:)).flatMap(function)
                    return Pin(kind: .macvtap, interface: interface, function: found?.function, pf: pf)
                }
                guard let pfs = byHand[name] else { return nil }
                return Pin(
                    kind: .network(name), interface: interface, pf: pfs.first,
                    others: pfs.dropFirst().map(\.address))
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
            return Pin(kind: .pending(name), interface: interface, function: found?.function, pf: found?.pf)
        }
    }

    /// Functions that the guest has in ways that can't be turned into a pool interface.
    func held(by guest: Guest) -> [(way: HeldDevice.Way, pf: PhysicalFunction, function: VirtualFunction)] {
        guest.held.compactMap { device in
            names.function(device.target).flatMap(function).map { (device.way, $0.pf, $0.function) }
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
