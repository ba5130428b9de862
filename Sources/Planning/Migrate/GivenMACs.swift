import Model
import SRIOV
import Text

/// The MACs that the user gave, each for one pin.
struct GivenMACs {
    private var macs: [String: [PCIAddress: MACAddress]] = [:]

    /// - Throws: `bad-mac`, `no-such-guest`, `no-such-interface`: a MAC that fits nothing is a mistake.
    init(_ request: MigrateRequest, _ state: State, _ finder: PinFinder) throws(Failure) {
        for given in request.macs {
            guard let mac = MACAddress(word: given.mac) else {
                throw Failure(.badMAC, "\(given.mac) is no MAC", hints: ["write it as 52:54:00:6d:90:01"])
            }
            let known = state.deviceNames.functions(Name(given.address))
            guard let address = DeviceWord(given.address).address ?? known.first, known.count < 2 else {
                throw Failure(
                    .noSuchVF, "there is no VF \(given.address)", hints: ["write its address as in `vfpool status`"])
            }
            let guest = try state.guest(named: given.guest)
            let pinned = finder.pins(of: guest).compactMap { pin in
                pin.kind == .function ? pin.interface.attachment.pinnedAddress : nil
            }
            guard pinned.contains(address) || guest.interfaces.contains(where: { $0.mac == mac }) else {
                throw Failure(
                    .noSuchInterface, "guest \(guest.name) is not pinned to VF \(address)",
                    hints: [
                        pinned.isEmpty
                            ? "it is pinned to none" : "it is pinned to \(text: Words.list(pinned.map(\.description)))"
                    ])
            }
            macs[guest.uuid, default: [:]][address] = mac
        }
    }

    subscript(guest: Guest, address: PCIAddress?) -> MACAddress? {
        address.flatMap { macs[guest.uuid]?[$0] }
    }
}
