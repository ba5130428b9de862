import CNetlink

/// The attributes of a netlink message, and of attributes that hold others.
enum NetlinkAttributes {
    /// Those within one, none that reaches beyond it.
    static func each(in outer: UnsafeMutablePointer<nlattr>, _ body: (UnsafeMutablePointer<nlattr>) -> Void) {
        each(nla_data(outer)?.assumingMemoryBound(to: nlattr.self), nla_len(outer), body)
    }

    /// Those of a message about a netdev.
    static func each(ofLink message: UnsafeMutablePointer<nlmsghdr>, _ body: (UnsafeMutablePointer<nlattr>) -> Void) {
        let header = Int32(MemoryLayout<ifinfomsg>.size)
        each(nlmsg_attrdata(message, header), nlmsg_attrlen(message, header), body)
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
}
