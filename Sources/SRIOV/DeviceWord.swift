package import Text

/// What a person's word for a PF or VF says by its form alone; whether there is such a device is another question.
package struct DeviceWord: Sendable {
    /// `0000:03:00.0`, `03:00.0`, or libvirt's node device `pci_0000_03_00_0`.
    package let address: PCIAddress?
    package let mac: MACAddress?
    /// Of libvirt's node device for a netdev, `net_eth3_a0_36_9f_03_00_00`, the part between, in which all but letters and
    /// digits is `_`.
    private let netdev: Name?

    package init(_ text: String) {
        address = PCIAddress(text) ?? PCIAddress(nodeDevice: text)
        mac = MACAddress(word: text)
        netdev = Self.netdev(text)
    }

    private static func netdev(_ text: String) -> Name? {
        guard let rest = text.without(prefix: "net_") else { return nil }
        let parts = rest.split(byte: "_", keepsEmpty: true)
        guard parts.count > 6, parts.suffix(6).allSatisfy({ hexadecimal($0.utf8, digits: 2...2) != nil }) else {
            return nil
        }
        return Name(parts.dropLast(6).joined(separator: "_"))
    }

    /// Whether the word is that of the netdev's node device.
    package func isNodeDevice(of name: Name) -> Bool {
        guard let netdev else { return false }
        return netdev.string.utf8.elementsEqual(
            name.string.utf8.map { $0.isLetter || $0.isDigit ? $0 : UInt8(ascii: "_") })
    }

    /// Whether it can be nothing but the name of a netdev, a network or a guest.
    package var isName: Bool { address == nil && mac == nil && netdev == nil }
}
