import CNetlink

/// The rows of a VF table in a message of the kernel's.
enum VFRows {
    /// The attributes within one, none that reaches beyond it.
    static func each(_ outer: UnsafeMutablePointer<nlattr>, _ body: (UnsafeMutablePointer<nlattr>) -> Void) {
        each(nla_data(outer)?.assumingMemoryBound(to: nlattr.self), nla_len(outer), body)
    }

    private static func each(
        _ first: UnsafeMutablePointer<nlattr>?, _ length: Int32, _ body: (UnsafeMutablePointer<nlattr>) -> Void
    ) {
        var left = length
        var next = first
        while let attribute = next, nla_ok(attribute, left) != 0 {
            body(attribute)
            next = nla_next(attribute, &left)
        }
    }

    /// The table, if the message has one.
    static func list(in message: UnsafeMutablePointer<nlmsghdr>) -> UnsafeMutablePointer<nlattr>? {
        nlmsg_find_attr(message, Int32(MemoryLayout<ifinfomsg>.size), Int32(IFLA_VFINFO_LIST))
    }

    /// Whether libnl can be given the message: of a list of VLANs without one it makes none, and then writes into it (3.7).
    static func areWhole(in message: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        let header = Int32(MemoryLayout<ifinfomsg>.size)
        var areWhole = true
        // libnl takes the last of several tables.
        each(nlmsg_attrdata(message, header), nlmsg_attrlen(message, header)) { table in
            guard Int(nla_type(table)) == IFLA_VFINFO_LIST else { return }
            each(table) { row in
                each(row) { attribute in
                    if Int(nla_type(attribute)) == IFLA_VF_VLAN_LIST, !holdsVLAN(attribute) { areWhole = false }
                }
            }
        }
        return areWhole
    }

    private static func holdsVLAN(_ list: UnsafeMutablePointer<nlattr>) -> Bool {
        var count = 0
        each(list) { vlan in
            if Int(nla_type(vlan)) == IFLA_VF_VLAN_INFO, nla_len(vlan) >= MemoryLayout<ifla_vf_vlan_info>.size {
                count += 1
            }
        }
        return count > 0
    }
}
