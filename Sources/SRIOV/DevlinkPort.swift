import CNetlink
import Text

/// A VF's place at its card's switch, as devlink tells it of a card in switchdev mode.
struct DevlinkPort: Equatable {
    /// The PF's address.
    let card: PCIAddress
    /// The `2` of `devlink port show pci/0000:03:00.0/2`.
    let number: Int
    let vf: Int
    /// Whether what is inside the VF may be handed over (`devlink port function set … migratable`, Linux 6.2); nil where the
    /// card has no such switch.
    let isMigratable: Bool?

    /// Reads a DEVLINK_CMD_PORT_NEW message as it came from a netlink socket; nil for any other message, and for what is no VF
    /// of this host: other ports, and VFs of the host that a card with processors of its own is plugged into.
    init?(_ message: UnsafeMutablePointer<nlmsghdr>) {
        let size = Int32(MemoryLayout<genlmsghdr>.size)
        guard nlmsg_valid_hdr(message, size) != 0,
            let head = nlmsg_data(message)?.loadUnaligned(as: genlmsghdr.self),
            head.cmd == UInt8(DEVLINK_CMD_PORT_NEW.rawValue)
        else { return nil }
        func find(_ attribute: devlink_attr, _ least: Int32) -> UnsafeMutablePointer<nlattr>? {
            guard let found = nlmsg_find_attr(message, size, Int32(attribute.rawValue)), nla_len(found) >= least else {
                return nil
            }
            return found
        }
        guard let bus = find(DEVLINK_ATTR_BUS_NAME, 1), Self.text(bus).isSame(as: "pci"),
            let card = find(DEVLINK_ATTR_DEV_NAME, 1).flatMap({ PCIAddress(Self.text($0)) }),
            let flavour = find(DEVLINK_ATTR_PORT_FLAVOUR, 2),
            UInt32(nla_get_u16(flavour)) == DEVLINK_PORT_FLAVOUR_PCI_VF.rawValue,
            let number = find(DEVLINK_ATTR_PORT_INDEX, 4), let vf = find(DEVLINK_ATTR_PORT_PCI_VF_NUMBER, 2)
        else { return nil }
        if let external = find(DEVLINK_ATTR_PORT_EXTERNAL, 1), nla_get_u8(external) != 0 { return nil }
        self.card = card
        self.number = Int(nla_get_u32(number))
        self.vf = Int(nla_get_u16(vf))
        isMigratable = find(DEVLINK_ATTR_PORT_FUNCTION, 4).flatMap(Self.isMigratable)
    }

    /// The same of a message as it came from a netlink socket.
    static func read(parsing bytes: UnsafeMutableRawBufferPointer) -> DevlinkPort? {
        guard let header = bytes.baseAddress?.assumingMemoryBound(to: nlmsghdr.self),
            nlmsg_ok(header, Int32(clamping: bytes.count)) != 0
        else { return nil }
        return DevlinkPort(header)
    }

    /// Of what is told of the VF itself: two words of bits, what is on and what there is.
    private static func isMigratable(_ function: UnsafeMutablePointer<nlattr>) -> Bool? {
        guard let first = nla_data(function)?.assumingMemoryBound(to: nlattr.self),
            let found = nla_find(first, nla_len(function), Int32(VFPOOL_DEVLINK_FUNCTION_CAPABILITIES)),
            nla_len(found) >= 8, let words = nla_data(found)
        else { return nil }
        let (on, known) = words.loadUnaligned(as: (UInt32, UInt32).self)
        let bit = UInt32(VFPOOL_DEVLINK_MIGRATABLE)
        return known & bit == 0 ? nil : on & bit != 0
    }

    private static func text(_ attribute: UnsafeMutablePointer<nlattr>) -> String {
        let bytes = UnsafeRawBufferPointer(start: nla_data(attribute), count: Int(nla_len(attribute)))
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
