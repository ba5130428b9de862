import CNetlink
import Glibc
import Text

/// A socket to the kernel's networking, in the network namespace of the thread that opens it.
final class Netlink {
    private let socket: OpaquePointer

    init?() {
        guard let socket = nl_socket_alloc() else { return nil }
        guard nl_connect(socket, NETLINK_ROUTE) == 0 else {
            nl_socket_free(socket)
            return nil
        }
        nl_socket_disable_auto_ack(socket)
        self.socket = socket
    }

    deinit { nl_socket_free(socket) }

    /// The IP addresses of all netdevs by the netdev's index (RTM_GETADDR), as `192.0.2.1/24`.
    ///
    /// Without IPv6 link-local ones: every netdev that is up has such an address, so it says nothing of use.
    func addresses() -> [Int: [String]] {
        var found: OpaquePointer?
        guard rtnl_addr_alloc_cache(socket, &found) == 0, let cache = found else { return [:] }
        defer { nl_cache_free(cache) }
        var addresses: [Int: [String]] = [:]
        var next = nl_cache_get_first(cache)
        while let entry = next {
            next = nl_cache_get_next(entry)
            guard let local = rtnl_addr_get_local(entry) else { continue }
            let family = rtnl_addr_get_family(entry)
            guard family == AF_INET || family == AF_INET6, !Self.isLinkLocal(local, family) else { continue }
            addresses[Int(rtnl_addr_get_ifindex(entry)), default: []].append(Self.text(local))
        }
        return addresses.mapValues { $0.sorted() }
    }

    private static func text(_ address: OpaquePointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            nl_addr2str(address, buffer.baseAddress, buffer.count).map { String(cString: $0) } ?? ""
        }
    }

    /// fe80::/10.
    private static func isLinkLocal(_ address: OpaquePointer, _ family: Int32) -> Bool {
        guard family == AF_INET6, nl_addr_get_len(address) == 16, let bytes = nl_addr_get_binary_addr(address) else {
            return false
        }
        let head = bytes.loadUnaligned(as: (UInt8, UInt8).self)
        return head.0 == 0xFE && head.1 & 0xC0 == 0x80
    }

    /// A netdev and its VF table, or nil when there is none of that index.
    func link(index: Int) -> LinkMessage? {
        guard let index = Int32(exactly: index), index > 0 else { return nil }
        return link(index) { _ in 0 }
    }

    /// The netdev that has this name or alternative name (`ip link property add … altname`, Linux 5.5).
    func link(named name: String) -> LinkMessage? {
        link(0) { nla_put_string($0, Int32(IFLA_ALT_IFNAME), name) }
    }

    /// RTM_GETLINK of one netdev.
    private func link(_ index: Int32, _ more: (OpaquePointer) -> Int32) -> LinkMessage? {
        guard let request = nlmsg_alloc_simple(Int32(RTM_GETLINK), 0) else { return nil }
        defer { nlmsg_free(request) }
        var netdev = ifinfomsg()
        netdev.ifi_index = index
        // Without the VFs' counters. With them the table of a port with more than about 220 VFs outgrows the 64 KiB
        // that a netlink attribute can hold, and the kernel fails or cuts it.
        let wanted = UInt32(RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS)
        guard nlmsg_append(request, &netdev, MemoryLayout<ifinfomsg>.size, Int32(NLMSG_ALIGNTO)) == 0,
            nla_put_u32(request, Int32(IFLA_EXT_MASK), wanted) == 0, more(request) == 0,
            nl_send_auto(socket, request) >= 0
        else { return nil }
        var sender = sockaddr_nl()
        var answer: UnsafeMutablePointer<UInt8>?
        let count = nl_recv(socket, &sender, &answer, nil)
        defer { free(answer) }
        guard count > 0, let answer else { return nil }
        return LinkMessage(parsing: UnsafeRawBufferPointer(start: answer, count: Int(count)))
    }

    /// The MAC burnt into a card, from its driver; nil when the driver knows none.
    func permanentMAC(of netdev: Name) -> MACAddress? {
        let bytes = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 6) { buffer -> [UInt8]? in
            vfpool_permanent_mac(nl_socket_get_fd(socket), netdev.string, buffer.baseAddress) == 0 ? Array(buffer) : nil
        }
        return bytes.flatMap { MACAddress(bytes: $0) }.flatMap { $0.isZero ? nil : $0 }
    }

    static func name(ofIndex index: Int) -> Name? {
        guard let index = UInt32(exactly: index) else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(IF_NAMESIZE)) { buffer in
            if_indextoname(index, buffer.baseAddress).map { Name(String(cString: $0)) }
        }
    }
}
