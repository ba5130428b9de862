import CNetlink
import Glibc

/// A socket to devlink, the kernel's word on a card as a whole: generic netlink, by libnl's own functions for messages, for
/// which libnl-genl is not needed.
final class Devlink {
    private let socket: OpaquePointer
    private var family: Int32 = 0

    /// Nil where the kernel has no devlink, or can't be asked.
    init?() {
        guard let socket = nl_socket_alloc() else { return nil }
        self.socket = socket
        guard nl_connect(socket, NETLINK_GENERIC) == 0 else { return nil }
        nl_socket_disable_auto_ack(socket)
        let question = [(Int32(CTRL_ATTR_FAMILY_NAME), "devlink")]
        guard
            case .value(let family) = ask(
                Int32(GENL_ID_CTRL), UInt8(CTRL_CMD_GETFAMILY), question, for: Int32(CTRL_ATTR_FAMILY_ID))
        else { return nil }
        self.family = Int32(family)
    }

    deinit { nl_socket_free(socket) }

    /// Whether the card's switch is under the host's control, VF by VF (`devlink dev eswitch show pci/…`); nil where that
    /// can't be told: the kernel answers to root alone.
    func isSwitchdev(_ address: PCIAddress) -> Bool? {
        let question = [
            (Int32(DEVLINK_ATTR_BUS_NAME.rawValue), "pci"),
            (Int32(DEVLINK_ATTR_DEV_NAME.rawValue), address.description),
        ]
        let mode = Int32(DEVLINK_ATTR_ESWITCH_MODE.rawValue)
        return switch ask(family, UInt8(DEVLINK_CMD_ESWITCH_GET.rawValue), question, for: mode) {
        case .value(let mode): UInt32(mode) != DEVLINK_ESWITCH_MODE_LEGACY.rawValue
        // A card without a switch, or whose driver knows of no devlink.
        case .refused(EOPNOTSUPP), .refused(ENODEV): false
        case .refused, .nothing: nil
        }
    }

    /// The VFs' places at the switches of all cards; nil where they can't be told.
    func ports() -> [DevlinkPort]? {
        guard let request = nlmsg_alloc_simple(family, Int32(NLM_F_REQUEST | NLM_F_DUMP)) else { return nil }
        defer { nlmsg_free(request) }
        var header = genlmsghdr(cmd: UInt8(DEVLINK_CMD_PORT_GET.rawValue), version: 1, reserved: 0)
        guard nlmsg_append(request, &header, MemoryLayout<genlmsghdr>.size, Int32(NLMSG_ALIGNTO)) == 0,
            nl_send_auto(socket, request) >= 0
        else { return nil }
        let number = nlmsg_hdr(request).pointee.nlmsg_seq
        var ports: [DevlinkPort] = []
        while true {
            var sender = sockaddr_nl()
            var answer: UnsafeMutablePointer<UInt8>?
            let count = nl_recv(socket, &sender, &answer, nil)
            defer { free(answer) }
            guard count > 0, let answer else { return nil }
            var left = count
            var next: UnsafeMutablePointer<nlmsghdr>? = UnsafeMutableRawPointer(answer).assumingMemoryBound(
                to: nlmsghdr.self)
            while let message = next, nlmsg_ok(message, left) != 0 {
                let head = message.pointee
                if head.nlmsg_seq == number {
                    // Part of a list that changed while it was told is no list.
                    guard head.nlmsg_type != NLMSG_ERROR, Int32(head.nlmsg_flags) & NLM_F_DUMP_INTR == 0 else {
                        return nil
                    }
                    if head.nlmsg_type == NLMSG_DONE { return Self.hasFailed(message) ? nil : ports }
                    if let port = DevlinkPort(message) { ports.append(port) }
                }
                next = nlmsg_next(message, &left)
            }
        }
    }

    /// Whether a list ends with an error.
    private static func hasFailed(_ end: UnsafeMutablePointer<nlmsghdr>) -> Bool {
        guard nlmsg_datalen(end) >= 4, let number = nlmsg_data(end)?.loadUnaligned(as: Int32.self) else { return false }
        return number != 0
    }

    private enum Answer {
        case value(UInt16)
        /// The C library's `errno`.
        case refused(Int32)
        case nothing
    }

    /// Asks with texts, and waits for the number of 16 bits that an attribute of the answer has.
    private func ask(_ type: Int32, _ command: UInt8, _ texts: [(Int32, String)], for attribute: Int32) -> Answer {
        guard let request = nlmsg_alloc_simple(type, 0) else { return .nothing }
        defer { nlmsg_free(request) }
        var header = genlmsghdr(cmd: command, version: 1, reserved: 0)
        let size = MemoryLayout<genlmsghdr>.size
        guard nlmsg_append(request, &header, size, Int32(NLMSG_ALIGNTO)) == 0,
            texts.allSatisfy({ nla_put_string(request, $0.0, $0.1) == 0 }), nl_send_auto(socket, request) >= 0
        else { return .nothing }
        let number = nlmsg_hdr(request).pointee.nlmsg_seq
        while true {
            var sender = sockaddr_nl()
            var text: UnsafeMutablePointer<UInt8>?
            let count = nl_recv(socket, &sender, &text, nil)
            defer { free(text) }
            guard let text, Int(count) >= MemoryLayout<nlmsghdr>.size else { return .nothing }
            let bytes = UnsafeMutableRawBufferPointer(start: text, count: Int(count))
            let answer = bytes.loadUnaligned(as: nlmsghdr.self)
            // What an earlier question left behind is no answer to this one.
            guard answer.nlmsg_seq == number else { continue }
            guard answer.nlmsg_len <= bytes.count else { return .nothing }
            guard answer.nlmsg_type != NLMSG_ERROR else {
                guard bytes.count >= MemoryLayout<nlmsghdr>.size + 4 else { return .nothing }
                return .refused(-bytes.loadUnaligned(fromByteOffset: MemoryLayout<nlmsghdr>.size, as: Int32.self))
            }
            return text.withMemoryRebound(to: nlmsghdr.self, capacity: 1) { message in
                guard let found = nlmsg_find_attr(message, Int32(size), attribute), nla_len(found) >= 2 else {
                    return .nothing
                }
                return .value(nla_get_u16(found))
            }
        }
    }
}
