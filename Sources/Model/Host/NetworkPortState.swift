package import SRIOV
package import Text

/// One guest interface's claim on a network, with the function it got (libvirt 5.5.0, `virNetworkPort`).
package struct NetworkPortState: Sendable, Equatable {
    package var uuid: String
    package var ownerName: Name
    package var ownerUUID: String
    package var mac: MACAddress?
    /// The function plugged, for `<plug type='hostdev-pci'>`.
    package var address: PCIAddress?
    package var portgroup: Name?
    package var vlan: Int?

    package init(
        uuid: String, ownerName: Name, ownerUUID: String, mac: MACAddress?, address: PCIAddress?,
        portgroup: Name? = nil, vlan: Int? = nil
    ) {
        self.uuid = uuid
        self.ownerName = ownerName
        self.ownerUUID = ownerUUID
        self.mac = mac
        self.address = address
        self.portgroup = portgroup
        self.vlan = vlan
    }
}
