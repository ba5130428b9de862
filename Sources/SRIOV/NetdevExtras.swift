import CNetlink
import Text

/// What few netdevs have, and libnl passes over: other names, and an XDP program.
struct NetdevExtras: Equatable {
    var alternativeNames: [Name] = []
    /// By its number.
    var xdpProgram: Int?

    /// - Returns: with the netdev's index; nil for a message that is about no netdev, or one that has none of it.
    static func read(_ message: UnsafeMutablePointer<nlmsghdr>) -> (netdev: Int, extras: NetdevExtras)? {
        guard message.pointee.nlmsg_type == RTM_NEWLINK,
            nlmsg_valid_hdr(message, Int32(MemoryLayout<ifinfomsg>.size)) != 0,
            let netdev = nlmsg_data(message)?.loadUnaligned(as: ifinfomsg.self)
        else { return nil }
        let extras = NetdevExtras(
            alternativeNames: LinkMessage.alternativeNames(in: message), xdpProgram: xdpProgram(in: message))
        return extras == NetdevExtras() ? nil : (Int(netdev.ifi_index), extras)
    }

    /// The same of a message as it came from a netlink socket.
    static func read(parsing bytes: UnsafeMutableRawBufferPointer) -> (netdev: Int, extras: NetdevExtras)? {
        guard let header = bytes.baseAddress?.assumingMemoryBound(to: nlmsghdr.self),
            nlmsg_ok(header, Int32(clamping: bytes.count)) != 0
        else { return nil }
        return read(header)
    }

    private static func xdpProgram(in message: UnsafeMutablePointer<nlmsghdr>) -> Int? {
        guard let list = nlmsg_find_attr(message, Int32(MemoryLayout<ifinfomsg>.size), Int32(IFLA_XDP)),
            let first = nla_data(list)?.assumingMemoryBound(to: nlattr.self),
            let attached = nla_find(first, nla_len(list), Int32(IFLA_XDP_ATTACHED)), nla_len(attached) >= 1,
            nla_get_u8(attached) != XDP_ATTACHED_NONE
        else { return nil }
        // One of the card's and one of the driver's have numbers of their own: one is enough to be told.
        let kinds = [IFLA_XDP_PROG_ID, IFLA_XDP_DRV_PROG_ID, IFLA_XDP_SKB_PROG_ID, IFLA_XDP_HW_PROG_ID]
        let numbers = kinds.compactMap { kind -> Int? in
            guard let number = nla_find(first, nla_len(list), Int32(kind)), nla_len(number) >= 4 else { return nil }
            return Int(nla_get_u32(number))
        }
        return numbers.first ?? 0
    }
}
