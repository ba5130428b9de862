package import Model
package import SRIOV
package import Text

/// What should be of a guest: interfaces on pools, known by their MACs.
package struct GuestSpec: Sendable, Equatable {
    package struct Interface: Sendable, Equatable {
        package var mac: MACAddress
        package var pool: Name
        package var portgroup: Said<Name> = .nothing
        /// Its own, which goes before its portgroup's and its pool's.
        package var vlan: Said<SpecVLAN> = .nothing
        package var settings = SettingsChange()
        /// The network or bridge of the card that stays when the VF is unplugged.
        package var failover: Said<Name> = .nothing
        package var origin: Origin?

        package init(_ mac: MACAddress, pool: Name) {
            self.mac = mac
            self.pool = pool
        }
    }

    package var name: Name
    package var interfaces: [Interface]
    package var origin: Origin?

    package init(_ name: Name, _ interfaces: [Interface] = [], origin: Origin? = nil) {
        self.name = name
        self.interfaces = interfaces
        self.origin = origin
    }
}
