import CNetlink
import Text

/// The VFs' counters in the kernel's answer to "what is this netdev" (IFLA_VF_STATS), read here: libnl knows none of what was dropped.
struct VFCountersMessage: Equatable {
    let name: Name
    /// By the VF's index; nil where the table can't be read as a whole: more VFs than the kernel's message has room for.
    let counters: [Int: VFCounters]?

    /// Reads an RTM_NEWLINK message as it came from a netlink socket; nil for any other message.
    init?(parsing bytes: UnsafeMutableRawBufferPointer) {
        guard let header = bytes.baseAddress?.assumingMemoryBound(to: nlmsghdr.self),
            bytes.count >= MemoryLayout<nlmsghdr>.size, nlmsg_ok(header, Int32(clamping: bytes.count)) != 0,
            header.pointee.nlmsg_type == RTM_NEWLINK
        else { return nil }
        let size = Int32(MemoryLayout<ifinfomsg>.size)
        guard nlmsg_valid_hdr(header, size) != 0 else { return nil }
        name = nlmsg_find_attr(header, size, Int32(IFLA_IFNAME)).map(Self.text) ?? ""
        guard let number = nlmsg_find_attr(header, size, Int32(IFLA_NUM_VF)), nla_len(number) >= 4 else {
            counters = [:]
            return
        }
        let list = nlmsg_find_attr(header, size, Int32(IFLA_VFINFO_LIST))
        let rows = list.map(Self.rows) ?? [:]
        // An attribute has 64 KiB at most. A longer table was cut, or its length is what was left of it.
        counters = rows.count == Int(nla_get_u32(number)) ? rows : nil
    }

    private static func text(_ attribute: UnsafeMutablePointer<nlattr>) -> Name {
        let bytes = UnsafeRawBufferPointer(start: nla_data(attribute), count: Int(max(0, nla_len(attribute))))
        return Name(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
    }

    private static func rows(_ list: UnsafeMutablePointer<nlattr>) -> [Int: VFCounters] {
        var rows: [Int: VFCounters] = [:]
        NetlinkAttributes.each(in: list) { row in
            guard nla_type(row) == Int32(IFLA_VF_INFO) else { return }
            var index: UInt32?
            var counters: VFCounters?
            NetlinkAttributes.each(in: row) { attribute in
                switch Int(nla_type(attribute)) {
                // Each of a VF's begins with its number; this one is always there.
                case IFLA_VF_MAC where nla_len(attribute) >= 4: index = nla_get_u32(attribute)
                case IFLA_VF_STATS: counters = VFCounters(attribute)
                default: break
                }
            }
            if let index, let counters { rows[Int(index)] = counters }
        }
        return rows
    }
}

extension VFCounters {
    fileprivate init(_ statistics: UnsafeMutablePointer<nlattr>) {
        self.init()
        var found: [Int: UInt64] = [:]
        NetlinkAttributes.each(in: statistics) { attribute in
            guard nla_len(attribute) >= 8, let data = nla_data(attribute) else { return }
            // They need not stand where such a number does.
            found[Int(nla_type(attribute))] = data.loadUnaligned(as: UInt64.self)
        }
        receivedPackets = found[IFLA_VF_STATS_RX_PACKETS]
        transmittedPackets = found[IFLA_VF_STATS_TX_PACKETS]
        receivedBytes = found[IFLA_VF_STATS_RX_BYTES]
        transmittedBytes = found[IFLA_VF_STATS_TX_BYTES]
        receivedDropped = found[IFLA_VF_STATS_RX_DROPPED]
        transmittedDropped = found[IFLA_VF_STATS_TX_DROPPED]
    }
}
