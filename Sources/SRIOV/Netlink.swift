import CNetlink
import Glibc
import Text

/// A socket to the kernel's networking, in the network namespace of the thread that opens it.
///
/// nil is the kernel's "there is none"; what it could not be asked is an error.
final class Netlink {
    private let socket: OpaquePointer

    /// Room for one answer with counters: a table of 64 KiB, and what else is said of a netdev. One that is longer is an error.
    private static let roomForCounters = 96 * 1024

    /// - Parameter isForCounters: whether it asks for counters alone, again and again: each answer is then fetched at once, without a look
    ///   before at how long it is.
    init(isForCounters: Bool = false) throws(HostError) {
        guard let socket = nl_socket_alloc() else { throw HostError(Self.subject, ENOMEM) }
        do throws(HostError) {
            try Self.check(nl_connect(socket, NETLINK_ROUTE))
        } catch {
            nl_socket_free(socket)
            throw error
        }
        nl_socket_disable_auto_ack(socket)
        if isForCounters, nl_socket_set_msg_buf_size(socket, Self.roomForCounters) == 0 {
            nl_socket_disable_msg_peek(socket)
        }
        self.socket = socket
    }

    deinit { nl_socket_free(socket) }

    /// The IP addresses of all netdevs by the netdev's index (RTM_GETADDR), as `192.0.2.1/24`.
    ///
    /// Without IPv6 link-local ones: every netdev that is up has such an address, so it says nothing of use.
    static func addresses() throws(HostError) -> [Int: [String]] {
        try asked { (netlink) throws(HostError) in try netlink.addresses() }
    }

    /// What few netdevs have, by the netdev's index (RTM_GETLINK): those that have some of it.
    static func extras() throws(HostError) -> [Int: NetdevExtras] {
        try asked { (netlink) throws(HostError) in try netlink.extras() }
    }

    /// Asks for a list, and asks again where there was no room for it.
    private static func asked<List>(_ list: (Netlink) throws(HostError) -> List) throws(HostError) -> List {
        for _ in 0..<2 {
            do throws(HostError) {
                return try list(Netlink())
            } catch  where [ENOMEM, ENOBUFS, EINTR, EAGAIN].contains(error.number) {
                // The socket had no room for all that was told, and is no good any more. (A list that changed while it
                // was told, NLM_F_DUMP_INTR, is asked for anew by libnl itself.)
                continue
            }
        }
        return try list(Netlink())
    }

    private func addresses() throws(HostError) -> [Int: [String]] {
        var found: OpaquePointer?
        try Self.check(rtnl_addr_alloc_cache(socket, &found))
        guard let cache = found else { throw HostError(Self.subject, ENOMEM) }
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

    private func extras() throws(HostError) -> [Int: NetdevExtras] {
        var netdev = ifinfomsg()
        guard let request = nlmsg_alloc_simple(Int32(RTM_GETLINK), Int32(NLM_F_REQUEST | NLM_F_DUMP)) else {
            throw HostError(Self.subject, ENOMEM)
        }
        defer { nlmsg_free(request) }
        try Self.check(nlmsg_append(request, &netdev, MemoryLayout<ifinfomsg>.size, Int32(NLMSG_ALIGNTO)))
        try Self.check(nla_put_u32(request, Int32(IFLA_EXT_MASK), UInt32(RTEXT_FILTER_SKIP_STATS)))
        try Self.check(nl_send_auto(socket, request))
        let number = nlmsg_hdr(request).pointee.nlmsg_seq
        var extras: [Int: NetdevExtras] = [:]
        while true {
            var sender = sockaddr_nl()
            var answer: UnsafeMutablePointer<UInt8>?
            let count = nl_recv(socket, &sender, &answer, nil)
            defer { free(answer) }
            try Self.check(count)
            guard count > 0, let answer else { throw HostError(Self.subject, EIO) }
            var left = count
            var next: UnsafeMutablePointer<nlmsghdr>? = UnsafeMutableRawPointer(answer).assumingMemoryBound(
                to: nlmsghdr.self)
            while let header = next, nlmsg_ok(header, left) != 0 {
                let bytes = UnsafeRawBufferPointer(start: header, count: Int(left))
                // What an earlier question left behind is no answer to this one.
                if header.pointee.nlmsg_seq == number {
                    if let error = Self.refusal(header.pointee, bytes) { throw error }
                    if header.pointee.nlmsg_type == NLMSG_DONE { return extras }
                    if let (index, found) = NetdevExtras.read(header) { extras[index] = found }
                }
                next = nlmsg_next(header, &left)
            }
        }
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
    func link(index: Int) throws(HostError) -> LinkMessage? {
        guard let index = Int32(exactly: index), index > 0 else { return nil }
        return try link(index) { _ in 0 }
    }

    /// The counters of a netdev's VFs, or nil when there is no netdev of that index.
    func counters(index: Int) throws(HostError) -> VFCountersMessage? {
        guard let index = Int32(exactly: index), index > 0 else { return nil }
        return try answer(index, UInt32(RTEXT_FILTER_VF), { _ in 0 }) { VFCountersMessage(parsing: $0) }
    }

    /// The netdev that has this name or alternative name (`ip link property add … altname`, Linux 5.5).
    func link(named name: String) throws(HostError) -> LinkMessage? {
        do throws(HostError) {
            return try link(0) { nla_put_string($0, Int32(IFLA_ALT_IFNAME), name) }
        } catch {
            // Older kernels do not know of alternative names; no kernel of one that long.
            if [EINVAL, EOPNOTSUPP, ERANGE].contains(error.number) { return nil }
            throw error
        }
    }

    private func link(_ index: Int32, _ more: (OpaquePointer) -> Int32) throws(HostError) -> LinkMessage? {
        // Without the VFs' counters. With them the table of a PF with more than about 220 VFs outgrows the 64 KiB
        // that a netlink attribute can hold, and the kernel fails or cuts it.
        try answer(index, UInt32(RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS), more) {
            LinkMessage(parsing: UnsafeRawBufferPointer($0))
        }
    }

    /// RTM_GETLINK of one netdev.
    private func answer<Answer>(
        _ index: Int32, _ wanted: UInt32, _ more: (OpaquePointer) -> Int32,
        _ parse: (UnsafeMutableRawBufferPointer) -> Answer?
    ) throws(HostError) -> Answer? {
        guard let request = nlmsg_alloc_simple(Int32(RTM_GETLINK), 0) else { throw HostError(Self.subject, ENOMEM) }
        defer { nlmsg_free(request) }
        var netdev = ifinfomsg()
        netdev.ifi_index = index
        try Self.check(nlmsg_append(request, &netdev, MemoryLayout<ifinfomsg>.size, Int32(NLMSG_ALIGNTO)))
        try Self.check(nla_put_u32(request, Int32(IFLA_EXT_MASK), wanted))
        try Self.check(more(request))
        try Self.check(nl_send_auto(socket, request))
        let number = nlmsg_hdr(request).pointee.nlmsg_seq
        while true {
            var sender = sockaddr_nl()
            var answer: UnsafeMutablePointer<UInt8>?
            let count = nl_recv(socket, &sender, &answer, nil)
            defer { free(answer) }
            try Self.check(count)
            guard count > 0, let answer else { throw HostError(Self.subject, EIO) }
            let bytes = UnsafeMutableRawBufferPointer(start: answer, count: Int(count))
            guard bytes.count >= MemoryLayout<nlmsghdr>.size else { throw HostError(Self.subject, EIO) }
            let header = bytes.loadUnaligned(as: nlmsghdr.self)
            // What an earlier question left behind is no answer to this one.
            guard header.nlmsg_seq == number else { continue }
            if let error = Self.refusal(header, UnsafeRawBufferPointer(bytes)) {
                if error.isAbsence { return nil }
                throw error
            }
            guard let found = parse(bytes) else { throw HostError(Self.subject, EBADMSG) }
            return found
        }
    }

    /// The MAC burnt into a card, from its driver; nil when the driver knows none.
    func permanentMAC(of netdev: Name) throws(HostError) -> MACAddress? {
        var bytes: [UInt8] = [0, 0, 0, 0, 0, 0]
        if vfpool_permanent_mac(nl_socket_get_fd(socket), netdev.string, &bytes) != 0 {
            if [EOPNOTSUPP, EINVAL, EAFNOSUPPORT].contains(errno) { return nil }
            return try SystemFile.absent(netdev.string)
        }
        return MACAddress(bytes: bytes).flatMap { $0.isZero ? nil : $0 }
    }

    static func name(ofIndex index: Int) throws(HostError) -> Name? {
        guard let index = UInt32(exactly: index) else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard let name = if_indextoname(index, &buffer) else { return try SystemFile.absent(subject) }
        return Name(String(cString: name))
    }

    static func index(ofName name: Name) throws(HostError) -> Int? {
        let index = if_nametoindex(name.string)
        guard index > 0 else { return try SystemFile.absent(name.string) }
        return Int(index)
    }

    // MARK: Errors

    private static let subject = "netlink"

    /// The error that the kernel answered with, if it did.
    private static func refusal(_ header: nlmsghdr, _ bytes: UnsafeRawBufferPointer) -> HostError? {
        guard header.nlmsg_type == NLMSG_ERROR else { return nil }
        guard bytes.count >= MemoryLayout<nlmsghdr>.size + 4 else { return HostError(subject, EBADMSG) }
        let number = bytes.loadUnaligned(fromByteOffset: MemoryLayout<nlmsghdr>.size, as: Int32.self)
        return HostError(subject, -number)
    }

    /// libnl's number for a failure, 0 or more for success.
    private static func check(_ result: Int32) throws(HostError) {
        // libnl has no word for some, among them the want of a descriptor: the C library still has.
        let last = errno
        guard result < 0 else { return }
        throw HostError(subject, numbers[-result] ?? (last > 0 ? last : EIO))
    }

    private static let numbers: [Int32: Int32] = [
        NLE_INTR: EINTR, NLE_AGAIN: EAGAIN, NLE_NOMEM: ENOMEM, NLE_INVAL: EINVAL, NLE_RANGE: ERANGE,
        NLE_MSGSIZE: EMSGSIZE, NLE_OPNOTSUPP: EOPNOTSUPP, NLE_AF_NOSUPPORT: EAFNOSUPPORT, NLE_OBJ_NOTFOUND: ENOENT,
        NLE_MSG_OVERFLOW: EMSGSIZE, NLE_MSG_TRUNC: EMSGSIZE, NLE_BUSY: EBUSY, NLE_NOACCESS: EACCES, NLE_PERM: EPERM,
        NLE_NODEV: ENODEV, NLE_DUMP_INTR: EINTR,
    ]
}
