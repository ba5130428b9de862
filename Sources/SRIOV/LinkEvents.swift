import CNetlink
import Glibc

/// Hears that some netdev of this host changed (RTNLGRP_LINK): it came, went, or its link did.
package final class LinkEvents: Sendable {
    /// Can be read from when something was heard since `clear`, for `poll`.
    package let descriptor: Int32

    /// Nil where the kernel gives no such socket.
    package init?() {
        descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Self.flags, NETLINK_ROUTE)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_groups = 1 << (RTNLGRP_LINK.rawValue - 1)
        let isBound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size)) == 0
            }
        }
        // The one that was opened is closed by deinit only if this succeeds.
        guard isBound else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    private static let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    /// Reads away what there is. More than there was room for is as good as one.
    package func clear() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while recv(descriptor, &buffer, buffer.count, 0) > 0 || errno == ENOBUFS || errno == EINTR {}
    }
}
