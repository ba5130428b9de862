package import SRIOV
package import Text

/// One PF of a pool as vfpool's mark records it, whatever the PF is called after a reboot.
package struct PFMark: Sendable, Equatable {
    /// Its netdev name when the pool was made.
    package var device: Name?
    /// Its PCI address when the pool was made.
    package var address: PCIAddress?
    /// Its permanent MAC, which tells a renamed PF from another card.
    package var mac: MACAddress?
    /// Which of its functions the pool covers.
    package var selection: VFSelection

    package init(device: Name?, address: PCIAddress?, mac: MACAddress?, selection: VFSelection = .all) {
        self.device = device
        self.address = address
        self.mac = mac
        self.selection = selection
    }

    package init(_ pf: PhysicalFunction, _ selection: VFSelection = .all) {
        self.init(
            device: pf.netdev, address: pf.address, mac: pf.permanentMAC ?? pf.mac, selection: selection)
    }

    /// What people call it, by what is recorded.
    package var title: String { device?.string ?? address?.description ?? "unknown" }
}
