package import SRIOV
package import Text

/// Whether a PF of a marked pool is still the PF that it was made for.
package struct PFIdentity: Sendable {
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
    package func sure(in pfs: [PhysicalFunction]) -> PhysicalFunction? {
        guard let mac = mark.mac else { return nil }
        let same = pfs.filter { $0.permanentMAC == mac }
        // Two functions of one card may share a MAC; the slot then decides.
        return same.first { $0.address == mark.address } ?? same.first
    }

    /// The permanent MAC decides; the PCI address where no MAC is known; the name last.
    package func pf(in pfs: [PhysicalFunction]) -> PhysicalFunction? {
        if let match = sure(in: pfs) { return match }
        if let address = mark.address, let match = pfs.first(where: { $0.address == address }) { return match }
        return mark.device.flatMap { name in pfs.first { $0.netdev == name } }
    }

    package func verdict(in pfs: [PhysicalFunction]) -> Verdict {
        guard let pf = pf(in: pfs) else { return .missing }
        if let mac = mark.mac, let found = pf.permanentMAC, found != mac {
            return .replaced(expected: mac, found: found)
        }
        if let name = mark.device, let found = pf.netdev, found != name { return .renamed(from: name, to: found) }
        if let address = mark.address, pf.address != address { return .moved(from: address, to: pf.address) }
        return .same
    }
}

extension PFIdentity.Verdict {
    /// Another card's functions are nobody's to hand out.
    package var allowsUpkeep: Bool {
        switch self {
        case .same, .renamed, .moved: true
        case .replaced, .missing: false
        }
    }
}
