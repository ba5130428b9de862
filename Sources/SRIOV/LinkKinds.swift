import CNetlink

/// What a netdev is, and what it is to its bridge or bond, in a message of the kernel's.
enum LinkKinds {
    private static let types = [Int32(IFLA_INFO_KIND), Int32(IFLA_INFO_SLAVE_KIND)]

    /// Whether libnl can be given the message: it reads the second of these words up to its NUL, be there one or not (3.7).
    static func end(in message: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        var doEnd = true
        NetlinkAttributes.each(ofLink: message) { info in
            guard nla_type(info) == Int32(IFLA_LINKINFO) else { return }
            NetlinkAttributes.each(in: info) { word in
                guard types.contains(nla_type(word)) else { return }
                let bytes = UnsafeRawBufferPointer(start: nla_data(word), count: Int(nla_len(word)))
                if !bytes.contains(0) { doEnd = false }
            }
        }
        return doEnd
    }
}
