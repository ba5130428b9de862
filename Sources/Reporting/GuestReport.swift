package import Model
package import Text

/// One guest's interfaces, as they are now and as the next start will have them.
package struct GuestReport: Sendable, Equatable {
    package var name: Name
    package var uuid: String
    package var isActive: Bool
    package var isPausedForMigration: Bool
    package var isPersistent: Bool
    package var autostart: Bool
    package var hasSavedState: Bool
    package var titles: Titles
    package var interfaces: [InterfaceReport]

    /// Why an interface's MAC can't be known.
    package static let noMAC = "the guest's document does not give it"

    /// Interfaces that change at the guest's next start, as far as pools and functions are concerned.
    package var pending: [InterfaceReport] { interfaces.filter(\.isPending) }
}

/// One interface of a guest: now, next, or both.
package struct InterfaceReport: Sendable, Equatable {
    /// As `bind --interface` counts it; nil for one that the next start will not have.
    package var index: Int?
    package var alias: Name?
    package var mac: String?
    package var vlan: Int?
    /// The VLAN that runs now, where it is another one.
    package var liveVLAN: Int?
    package var isTeamed: Bool
    /// The guest's NUMA nodes that its device belongs to.
    package var acpiNodes: Name?
    /// Nil when the guest is off, or does not have it yet.
    package var live: ConnectionReport?
    /// Nil when the next start will not have it.
    package var next: ConnectionReport?
    package var isPending: Bool
    /// The pool whose function a running guest has, without a PF of it: the pool was stopped meanwhile.
    package var lostPool: Name?

    /// What the next start changes, in words.
    package var change: String {
        let now = live?.words ?? "nothing"
        let later = next?.words ?? "nothing"
        guard now == later else { return "\(now) → \(later)" }
        guard let liveVLAN else { return now }
        return "\(now): VLAN \(liveVLAN) → \(vlan.map(String.init) ?? "none")"
    }
}

/// Where an interface leads.
package struct ConnectionReport: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case pool
        /// `<interface type='hostdev'>`.
        case hostdevInterface = "hostdev-interface"
        /// Plain `<hostdev>`.
        case hostdev
        case network, bridge, direct, other
    }

    package var kind: Kind
    /// The pool, network, bridge or netdev; the type of any other.
    package var name: Name?
    package var portgroup: Name?
    /// The function's PCI address, where there is one.
    package var address: String?
    /// The VFIO driver of the function, where it is or will be one.
    package var driver: FunctionDriver?

    package init(
        kind: Kind, name: Name? = nil, portgroup: Name? = nil, address: String? = nil, driver: FunctionDriver? = nil
    ) {
        self.kind = kind
        self.name = name
        self.portgroup = portgroup
        self.address = address
        self.driver = driver
    }

    /// `pool vfpool-eth3`, `VF 0000:03:10.2`, `bridge br0`.
    package var words: String {
        switch kind {
        case .pool, .network:
            "\(kind.rawValue) \(name ?? "?")" + (portgroup.map { ", portgroup \($0)" } ?? "")
        case .hostdevInterface: "VF \(address ?? "?")"
        case .hostdev: "VF \(address ?? "?") as plain hostdev"
        case .bridge: "bridge \(name ?? "?")"
        case .direct: "macvtap on \(name ?? "?")"
        case .other: "type \(name ?? "?")"
        }
    }

    /// What is beside it, where it is not the usual: `, driver mlx5_vfio_pci, IOMMUFD`.
    package var extras: String {
        (driver?.model.map { ", driver \($0)" } ?? "") + (driver?.iommufd == true ? ", IOMMUFD" : "")
    }

    var isAboutFunctions: Bool {
        switch kind {
        case .pool, .hostdevInterface, .hostdev: true
        case .network, .bridge, .direct, .other: false
        }
    }
}

extension GuestReport {
    var word: Name { CommandWord.guest(name, uuid) }
}
