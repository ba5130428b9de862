package import SRIOV
package import Text

/// Whether a PF of a marked pool is still the PF that it was made for.
package struct PortIdentity: Sendable {
    package enum Verdict: Sendable, Equatable {
        case same
        /// The same card under another name, or in another slot.
        case renamed(from: Name, to: Name)
        case moved(from: PCIAddress, to: PCIAddress)
        /// Another card answers to the pool's name or stands in its slot.
        case replaced(expected: MACAddress, found: MACAddress)
        case missing
    }

    private let mark: PFMark

    package init(_ mark: PFMark) { self.mark = mark }

    /// The one with the permanent MAC.
    package func sure(in ports: [PhysicalFunction]) -> PhysicalFunction? {
        guard let mac = mark.mac else { return nil }
        let same = ports.filter { $0.permanentMAC == mac }
        // Two functions of one card may share a MAC; the slot then decides.
        return same.first { $0.address == mark.address } ?? same.first
    }

    /// The permanent MAC decides; the PCI address where no MAC is known; the name last.
    package func port(in ports: [PhysicalFunction]) -> PhysicalFunction? {
        if let match = sure(in: ports) { return match }
        if let address = mark.address, let match = ports.first(where: { $0.address == address }) { return match }
        return mark.device.flatMap { name in ports.first { $0.netdev == name } }
    }

    package func verdict(in ports: [PhysicalFunction]) -> Verdict {
        guard let port = port(in: ports) else { return .missing }
        if let mac = mark.mac, let found = port.permanentMAC, found != mac {
            return .replaced(expected: mac, found: found)
        }
        if let name = mark.device, let found = port.netdev, found != name { return .renamed(from: name, to: found) }
        if let address = mark.address, port.address != address { return .moved(from: address, to: port.address) }
        return .same
    }
}

extension PortIdentity.Verdict {
    /// Another card's functions are nobody's to hand out.
    package var allowsUpkeep: Bool {
        switch self {
        case .same, .renamed, .moved: true
        case .replaced, .missing: false
        }
    }
}
