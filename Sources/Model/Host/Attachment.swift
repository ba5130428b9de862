package import SRIOV
package import Text

/// How one guest interface reaches the wire.
package enum Attachment: Sendable, Equatable {
    /// `<interface type='network'>`.
    case network(name: Name, portgroup: Name?)
    /// `<interface type='hostdev'>`: a fixed function; nil where the document names none.
    case hostdevInterface(PCIAddress?)
    /// Plain `<hostdev type='pci'>` of a function of a network port: libvirt knows no MAC.
    case hostdev(PCIAddress)
    /// `<interface type='bridge'>`.
    case bridge(Name)
    /// `<interface type='direct'>`: macvtap on a netdev.
    case direct(device: Name, mode: String)
    /// Any other type: `user`, `vhostuser`, `ethernet`, …
    case other(type: String)

    /// The function fixed by this attachment: a pin.
    package var pinnedAddress: PCIAddress? {
        switch self {
        case .hostdevInterface(let address): address
        case .hostdev(let address): address
        default: nil
        }
    }

    package var networkName: Name? {
        if case .network(let name, _) = self { name } else { nil }
    }
}
