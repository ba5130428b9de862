package import Model
import SRIOV
package import Text
import XML

/// A guest as a live migration takes it along: by its running document, or by that of its next start.
package struct MovingGuest: Sendable {
    let guest: Guest
    let interfaces: [MovingInterface]
    /// Devices of the host that are no VFs known here, and that libvirt may refuse to take along.
    let hostDevices: [HostDevice]

    /// A `<hostdev>`.
    struct HostDevice: Sendable, Equatable {
        /// `pci 0000:06:00.0`, `mdev`.
        var title: String
        /// Whether it is held by VFIO, so that the rule of VFs is its rule, too.
        var isVFIO: Bool
    }

    package init(_ guest: Guest, _ state: State) {
        self.guest = guest
        let document = try? Document(parsing: guest.liveXML ?? guest.inactiveXML)
        let claims = state.claims
        let found = guest.isActive ? guest.liveInterfaces : guest.interfaces
        let interfaces = found.map { interface in
            let element = document.flatMap { try? $0.selectOne(interface.path) }
            var moving = MovingInterface(interface: interface, vlan: interface.vlan, ownVLAN: Fact(interface.vlan))
            moving.model = element?.first("model")?[attribute: "type"]
            let address = interface.attachment.pinnedAddress
            moving.driver =
                interface.driver.model?.string ?? (guest.isActive ? address.flatMap(state.function)?.driver : nil)
            if moving.isTransient, let document, let element {
                moving.placeProblem = Self.placeProblem(interface, element, guest, document)
            }
            Self.follow(&moving, source: element?.first("source"), guest, state, claims)
            return moving
        }
        self.interfaces = interfaces
        hostDevices = document.map { Self.hostDevices($0, interfaces.map(\.interface.path)) } ?? []
    }

    /// Names of bridges and netdevs that its interfaces lead to.
    package var netdevs: Set<Name> { Set(interfaces.compactMap(\.netdev)) }

    /// Names of networks that they are on.
    package var networks: Set<Name> { Set(interfaces.compactMap(\.network)) }

    private static func placeProblem(
        _ interface: GuestInterface, _ element: Element, _ guest: Guest, _ document: Document
    ) -> String? {
        do throws(Failure) {
            try PairPlaces(guest, document).check(element, interface)
            return nil
        } catch {
            return error.message
        }
    }

    /// Finds out where the interface gets what it has: the document of a running guest names no pool.
    private static func follow(
        _ moving: inout MovingInterface, source: Element?, _ guest: Guest, _ state: State, _ claims: ClaimIndex
    ) {
        let interface = moving.interface
        if case .network(let name, let portgroup) = interface.attachment {
            moving.network = name
            moving.portgroup = portgroup
        } else if let address = interface.attachment.pinnedAddress {
            guard let pool = pool(of: address, guest, claims) else {
                moving.fixed = address
                return
            }
            moving.network = pool
        } else if let name = source?[name: "network"] {
            // A network that is a bridge of the host shows as that bridge.
            moving.network = name
            moving.portgroup = source?[name: "portgroup"]
        }
        guard let network = moving.network.flatMap(state.network) else { return }
        let port = network.guestPorts?.first {
            $0.ownerUUID == guest.uuid && $0.mac == interface.mac
                && $0.address == interface.attachment.pinnedAddress
        }
        let configured = guest.interfaces.first {
            $0.mac == interface.mac && $0.isPersistentHalf == interface.isPersistentHalf
                && $0.attachment.networkName == network.name
        }
        if moving.portgroup == nil, guest.isActive {
            moving.portgroup = port?.portgroup ?? configured?.portgroup
        }
        let given = network.runningVLAN(portgroup: moving.portgroup)
        if guest.isActive { moving.ownVLAN = ownVLAN(interface, configured, given: given) }
        moving.vlan = interface.vlan ?? port?.vlan ?? moving.ownVLAN.value ?? given
        if moving.driver == nil { moving.driver = network.settings.driverModel }
    }

    private static func pool(of address: PCIAddress, _ guest: Guest, _ claims: ClaimIndex) -> Name? {
        for claim in claims[address] where claim.guestUUID == guest.uuid {
            if case .pool(let name) = claim.kind { return name }
        }
        return nil
    }

    /// What a running guest's document shows may be its own or its network's word; that of its next start tells.
    private static func ownVLAN(_ interface: GuestInterface, _ configured: GuestInterface?, given: Int?) -> Fact<Int> {
        if let configured { return Fact(configured.vlan) }
        guard let vlan = interface.vlan, vlan == given else { return Fact(interface.vlan) }
        return .unknown("whether the guest's document or its network says VLAN \(vlan)")
    }

    private static func hostDevices(_ document: Document, _ known: [String]) -> [HostDevice] {
        let all = GuestReader.domain(in: document)?.first("devices")?.all("hostdev") ?? []
        return all.enumerated().compactMap { number, element in
            let isKnown = known.contains(bytes: "//domain/devices/hostdev[\(number + 1)]")
            let type = element[attribute: "type"] ?? ""
            // QEMU takes USB devices as unplugged and plugged again, and the half of a pair likewise.
            let isAllowed = type == "usb" || element.first("teaming")?[attribute: "type"] == "transient"
            if isKnown || isAllowed { return nil }
            let address = GuestReader.pinnedFunction(element).map { " \($0)" } ?? ""
            return HostDevice(title: type + address, isVFIO: ["pci", "mdev"].contains(type))
        }
    }
}

extension GuestInterface {
    /// The portgroup that it names.
    fileprivate var portgroup: Name? {
        if case .network(_, let portgroup) = attachment { portgroup } else { nil }
    }
}
