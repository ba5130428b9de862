import CNetlink

/// The rows of a VF table in a message of the kernel's.
enum VFRows {
    /// The table, if the message has one.
    static func list(in message: UnsafeMutablePointer<nlmsghdr>) -> UnsafeMutablePointer<nlattr>? {
        nlmsg_find_attr(message, Int32(MemoryLayout<ifinfomsg>.size), Int32(IFLA_VFINFO_LIST))
    }

    /// Whether libnl can be given the message: of a list of VLANs without one it makes none, and then writes into it (3.7).
    static func areWhole(in message: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        var areWhole = true
        // libnl takes the last of several tables.
        NetlinkAttributes.each(ofLink: message) { table in
            guard Int(nla_type(table)) == IFLA_VFINFO_LIST else { return }
            NetlinkAttributes.each(in: table) { row in
                NetlinkAttributes.each(in: row) { attribute in
                    if Int(nla_type(attribute)) == IFLA_VF_VLAN_LIST, !holdsVLAN(attribute) { areWhole = false }
                }
            }
        }
        return areWhole
    }

    private static func holdsVLAN(_ list: UnsafeMutablePointer<nlattr>) -> Bool {
        var count = 0
        NetlinkAttributes.each(in: list) { vlan in
            if Int(nla_type(vlan)) == IFLA_VF_VLAN_INFO, nla_len(vlan) >= MemoryLayout<ifla_vf_vlan_info>.size {
                count += 1
            }
        }
        return count > 0
    }
}
