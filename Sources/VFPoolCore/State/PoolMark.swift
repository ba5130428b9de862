package import SRIOV
package import Text

/// vfpool's mark in a network's metadata: which port the pool belongs to, whatever the port is called after a reboot.
///
/// Stored as `<pool xmlns="urn:vfpool:1"><pf dev= address= mac=/><functions include= exclude=/></pool>`.
package struct PoolMark: Sendable, Equatable {
    /// The namespace of everything vfpool writes into metadata.
    package static let namespace = "urn:vfpool:1"

    /// The port's netdev name when the pool was made.
    package var device: Name?
    /// The port's PCI address when the pool was made.
    package var address: PCIAddress?
    /// The port's permanent MAC, which tells a renamed port from another card.
    package var mac: MACAddress?
    /// Which of the port's functions the pool covers.
    package var selection: VFSelection

    package init(device: Name?, address: PCIAddress?, mac: MACAddress?, selection: VFSelection = .all) {
        self.device = device
        self.address = address
        self.mac = mac
        self.selection = selection
    }
}
