package import SRIOV
package import Text

/// One guest as it was read: what its next start will use, and what runs now.
package struct Guest: Sendable, Equatable {
    package var name: Name
    package var uuid: String
    package var isActive: Bool
    package var isPersistent: Bool
    /// Whether it is active only as the half of a live migration that does not run.
    package var isPausedForMigration = false
    package var autostart: Bool
    /// The inactive document, with secrets when the connection may see them; of a transient guest the live one.
    @Bytewise package var inactiveXML: String
    @Bytewise package var liveXML: String?
    /// Interfaces of the inactive document; none for a transient guest.
    package var interfaces: [GuestInterface]
    /// Interfaces of the live document: a pooled one says `hostdev` there and names no network.
    package var liveInterfaces: [GuestInterface]
    /// What else of the host the inactive document takes.
    package var held: [HeldDevice] = []
    /// What else of the host the running guest has.
    package var liveHeld: [HeldDevice] = []
    /// What people call it, by the inactive document.
    package var titles = Titles()
    /// Whether it wants IOMMUFD for all it has of the host's (libvirt 12.2.0); nil leaves it to libvirt.
    package var usesIOMMUFD: Bool?
    /// What the inactive document's metadata wants of VFs, by an interface's MAC.
    package var settings: [MACAddress: WantedSettings] = [:]

    package init(
        name: Name, uuid: String, isActive: Bool, isPersistent: Bool, autostart: Bool, inactiveXML: String,
        liveXML: String? = nil, interfaces: [GuestInterface], liveInterfaces: [GuestInterface] = []
    ) {
        self.name = name
        self.uuid = uuid
        self.isActive = isActive
        self.isPersistent = isPersistent
        self.autostart = autostart
        self.inactiveXML = inactiveXML
        self.liveXML = liveXML
        self.interfaces = interfaces
        self.liveInterfaces = liveInterfaces
    }

    /// Whether the guest's next start uses this network.
    package func points(at network: Name) -> Bool {
        interfaces.contains { $0.attachment.networkName == network }
    }

    /// The live counterpart of an interface: same MAC and, for half of a teaming pair, the same kind.
    package func live(for interface: GuestInterface) -> GuestInterface? {
        let sameMAC = liveInterfaces.filter {
            $0.mac != nil && $0.mac == interface.mac && $0.isPersistentHalf == interface.isPersistentHalf
        }
        if sameMAC.count <= 1 { return sameMAC.first ?? samePlace(interface) }
        return sameMAC.first { $0.guestAddress != nil && $0.guestAddress == interface.guestAddress } ?? sameMAC.first
    }

    /// A plain hostdev has no MAC: its guest-side address finds it, or the function it names where a place is not known.
    private func samePlace(_ interface: GuestInterface) -> GuestInterface? {
        let candidates = liveInterfaces.filter { interface.mac == nil || $0.mac == nil }
        if let place = interface.guestAddress, let same = candidates.first(where: { $0.guestAddress == place }) {
            return same
        }
        // Another device of the guest may have the function by now: it stands elsewhere.
        return candidates.first { live in
            guard let address = live.attachment.pinnedAddress, address == interface.attachment.pinnedAddress else {
                return false
            }
            return interface.guestAddress == nil || live.guestAddress == nil
        }
    }
}
