import CNetlink
import Glibc
package import Text

/// The table of a PF's virtual functions, to be read and changed through netlink.
///
/// One change a message, so that an answer is about one thing. The messages are made with libnl's own functions for
/// attributes: its `rtnl_link_vf_set_vlans` sends the protocol in the host's byte order, which no kernel takes (3.7).
package final class VFTable {
    package let pf: Name
    private let index: Int32
    private let reading: Netlink
    private let writing: OpaquePointer

    /// - Throws: kind `missing` where there is no such netdev.
    package init(pf: Name) throws(VFTableError) {
        let reading: Netlink
        let index: Int
        do throws(HostError) {
            reading = try Netlink()
            guard let found = try Netlink.index(ofName: pf) else {
                throw HostError("there is no netdev \(pf)", ENODEV)
            }
            index = found
        } catch {
            throw error.number == ENODEV
                ? VFTableError(.missing, error.path) : VFTableError(.other, "can't ask the kernel: \(error.words)")
        }
        guard let socket = nl_socket_alloc() else { throw VFTableError(.other, "there is no memory") }
        let result = nl_connect(socket, NETLINK_ROUTE)
        guard result == 0 else {
            nl_socket_free(socket)
            throw VFTableError(netlink: result)
        }
        self.pf = pf
        self.index = Int32(clamping: index)
        self.reading = reading
        writing = socket
    }

    deinit { nl_socket_free(writing) }

    /// What the driver says of one function.
    ///
    /// - Throws: kind `missing` where the PF has none of that number.
    package func settings(of function: Int) throws(VFTableError) -> VFSettings {
        let link: LinkMessage?
        do throws(HostError) {
            link = try reading.link(index: Int(index))
        } catch {
            throw VFTableError(.other, "the VF table of \(pf) can't be read: \(error.words)")
        }
        guard let settings = link?.settings[function] else {
            throw VFTableError(.missing, "\(pf) has no VF \(function)")
        }
        return settings
    }

    /// Tells the driver (RTM_SETLINK), and waits for its answer.
    package func apply(_ change: VFChange, to function: Int) throws(VFTableError) {
        guard let function = UInt32(exactly: function), let request = nlmsg_alloc_simple(Int32(RTM_SETLINK), 0) else {
            throw VFTableError(.missing, "there is no VF \(function)")
        }
        defer { nlmsg_free(request) }
        var netdev = ifinfomsg()
        netdev.ifi_index = index
        guard nlmsg_append(request, &netdev, MemoryLayout<ifinfomsg>.size, Int32(NLMSG_ALIGNTO)) == 0,
            nested(Int32(IFLA_VFINFO_LIST), in: request, { put(change, function, in: request) })
        else { throw VFTableError(.other, "the message is too long") }
        let sent = nl_send_auto(writing, request)
        guard sent >= 0 else { throw VFTableError(netlink: sent) }
        let result = nl_wait_for_ack(writing)
        guard result >= 0 else { throw VFTableError(netlink: result) }
    }

    private func put(_ change: VFChange, _ function: UInt32, in request: OpaquePointer) -> Bool {
        nested(Int32(IFLA_VF_INFO), in: request) {
            switch change {
            case .trust(let on):
                put(IFLA_VF_TRUST, ifla_vf_trust(vf: function, setting: on ? 1 : 0), in: request)
            case .spoofCheck(let on):
                put(IFLA_VF_SPOOFCHK, ifla_vf_spoofchk(vf: function, setting: on ? 1 : 0), in: request)
            case .rate(let min, let max):
                put(
                    IFLA_VF_RATE,
                    ifla_vf_rate(
                        vf: function, min_tx_rate: UInt32(clamping: min), max_tx_rate: UInt32(clamping: max)),
                    in: request)
            case .linkState(let state):
                put(IFLA_VF_LINK_STATE, ifla_vf_link_state(vf: function, link_state: state.number), in: request)
            case .vlan(let id, let qos, let tag):
                nested(Int32(IFLA_VF_VLAN_LIST), in: request) {
                    put(
                        IFLA_VF_VLAN_INFO,
                        ifla_vf_vlan_info(
                            vf: function, vlan: UInt32(clamping: id), qos: UInt32(clamping: qos),
                            vlan_proto: tag.etherType.bigEndian), in: request)
                }
            }
        }
    }

    private func put<Value: BitwiseCopyable>(_ type: Int, _ value: Value, in request: OpaquePointer) -> Bool {
        withUnsafeBytes(of: value) { nla_put(request, Int32(type), Int32($0.count), $0.baseAddress) == 0 }
    }

    /// An attribute around others.
    private func nested(_ type: Int32, in request: OpaquePointer, _ body: () -> Bool) -> Bool {
        guard let start = nla_nest_start(request, type) else { return false }
        let isComplete = body()
        nla_nest_end(request, start)
        return isComplete
    }
}

extension VFSettings.LinkState {
    fileprivate var number: UInt32 {
        switch self {
        case .auto: UInt32(IFLA_VF_LINK_STATE_AUTO)
        case .enable: UInt32(IFLA_VF_LINK_STATE_ENABLE)
        case .disable: UInt32(IFLA_VF_LINK_STATE_DISABLE)
        }
    }
}

extension VFTableError {
    /// libnl's number, which stands for the kernel's `errno`.
    fileprivate init(netlink number: Int32) {
        let kind: Kind =
            switch -number {
            case NLE_OPNOTSUPP, NLE_PROTO_MISMATCH: .notSupported
            case NLE_INVAL, NLE_RANGE: .invalid
            case NLE_PERM, NLE_NOACCESS: .notPermitted
            case NLE_BUSY, NLE_AGAIN: .busy
            case NLE_NODEV, NLE_OBJ_NOTFOUND: .missing
            default: .other
            }
        self.init(kind, nl_geterror(number).map { String(cString: $0) } ?? "error \(-number)")
    }
}
