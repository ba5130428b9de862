package import SRIOV
package import Text
import XML

/// One interface of a running guest, as the document that plugs it.
package struct LiveDevice: Sendable, Equatable {
    package var guestName: Name
    package var guestUUID: String
    /// The `<interface>` or `<hostdev>` element.
    @Bytewise package var xml: String
    /// What finds the device again in the live document: its MAC, or the function of a plain hostdev.
    package var mac: MACAddress?
    package var address: PCIAddress?
    /// Half of a teaming pair: two interfaces with one MAC, told apart by this.
    package var isTeamed: Bool
    /// The half of such a pair that stays when the other is unplugged.
    package var isPersistentHalf: Bool
    /// Seconds to wait for the guest to give the device up.
    package var patience: Double

    package init(
        guestName: Name, guestUUID: String, xml: String, mac: MACAddress?, address: PCIAddress?,
        isTeamed: Bool = false, isPersistentHalf: Bool = false, patience: Double = 20
    ) {
        self.guestName = guestName
        self.guestUUID = guestUUID
        self.xml = xml
        self.mac = mac
        self.address = address
        self.isTeamed = isTeamed
        self.isPersistentHalf = isPersistentHalf
        self.patience = patience
    }
}

extension LiveDevice {
    /// The device as an interface of its guest.
    package func interfaces(functions: Set<PCIAddress>) throws(Failure) -> [GuestInterface] {
        try readable("guest \(guestName)") { () throws(XMLError) in
            [GuestReader.device(try Document(parsing: xml).root, functions: functions)].compactMap(\.self)
        }
    }

    /// Whether a live interface is this device.
    package func matches(_ interface: GuestInterface) -> Bool {
        if let mac {
            return interface.mac == mac && interface.isTeamed == isTeamed
                && interface.isPersistentHalf == isPersistentHalf
        }
        return address != nil && interface.mac == nil && interface.attachment.pinnedAddress == address
    }
}
