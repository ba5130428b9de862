import CNetlink
import Glibc
import Text

/// The kernel's answer to "what is this netdev": its name, its MAC and the table of its virtual functions.
struct LinkMessage: Equatable {
    let name: Name
    let mac: MACAddress?
    /// What it is if it is no hardware: `bridge`, `bond`, `vlan`, `macvtap`, … (IFLA_INFO_KIND).
    let kind: String?
    /// Other names it has (`ip link property add … altname`, Linux 5.5).
    let alternativeNames: [Name]
    /// By the VF's index.
    let settings: [Int: VFSettings]

    /// Reads an RTM_NEWLINK message as it came from a netlink socket; nil for any other message.
    init?(parsing bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<nlmsghdr>.size, let start = bytes.baseAddress else { return nil }
        let header = UnsafeMutableRawPointer(mutating: start).assumingMemoryBound(to: nlmsghdr.self)
        guard header.pointee.nlmsg_type == RTM_NEWLINK, header.pointee.nlmsg_len <= bytes.count,
            nlmsg_valid_hdr(header, Int32(MemoryLayout<ifinfomsg>.size)) != 0, VFRows.areWhole(in: header),
            LinkKinds.end(in: header), let message = nlmsg_convert(header)
        else { return nil }
        defer { nlmsg_free(message) }
        alternativeNames = Self.alternativeNames(in: header)
        nlmsg_set_proto(message, NETLINK_ROUTE)
        var parsed: OpaquePointer?
        let result = nl_msg_parse(
            message,
            { object, parsed in
                nl_object_get(object)
                parsed?.assumingMemoryBound(to: OpaquePointer?.self).pointee = object
            }, &parsed)
        guard result >= 0, let link = parsed else { return nil }
        defer { rtnl_link_put(link) }
        name = rtnl_link_get_name(link).map { Name(String(cString: $0)) } ?? ""
        mac = rtnl_link_get_addr(link).flatMap { MACAddress(netlink: $0) }
        kind = rtnl_link_get_type(link).map { String(cString: $0) }
        // libnl looks through a list of VFs also where there is none.
        settings =
            VFRows.list(in: header) == nil
            ? [:] : Self.settings(of: link, most: bytes.count / MemoryLayout<nlattr>.size)
    }

    /// libnl 3.7 passes over them: IFLA_PROP_LIST, which holds them one after the other.
    static func alternativeNames(in message: UnsafeMutablePointer<nlmsghdr>) -> [Name] {
        guard let list = nlmsg_find_attr(message, Int32(MemoryLayout<ifinfomsg>.size), Int32(IFLA_PROP_LIST)) else {
            return []
        }
        var names: [Name] = []
        NetlinkAttributes.each(in: list) { attribute in
            guard nla_type(attribute) == Int32(IFLA_ALT_IFNAME), let text = nla_data(attribute) else { return }
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(nla_len(attribute))).prefix { $0 != 0 }
            names.append(Name(String(decoding: bytes, as: UTF8.self)))
        }
        return names
    }

    /// - Parameter most: there is no room for more VFs, whatever number of them is told.
    private static func settings(of link: OpaquePointer, most: Int) -> [Int: VFSettings] {
        var count: UInt32 = 0
        guard rtnl_link_get_num_vf(link, &count) == 0 else { return [:] }
        var settings: [Int: VFSettings] = [:]
        for index in 0..<min(count, UInt32(clamping: most)) {
            guard let row = rtnl_link_vf_get(link, index) else { continue }
            defer { rtnl_link_vf_put(row) }
            settings[Int(index)] = VFSettings(row)
        }
        return settings
    }
}

extension MACAddress {
    fileprivate init?(netlink address: OpaquePointer) {
        guard let bytes = nl_addr_get_binary_addr(address) else { return nil }
        self.init(bytes: UnsafeRawBufferPointer(start: bytes, count: Int(nl_addr_get_len(address))))
    }
}

extension VFSettings {
    /// A row of the table. Drivers leave out what they have no notion of: the value is then missing, or all ones.
    fileprivate init(_ row: OpaquePointer) {
        self.init()
        func value(_ get: (OpaquePointer, UnsafeMutablePointer<UInt32>) -> Int32) -> UInt32? {
            var value: UInt32 = 0
            return get(row, &value) == 0 && value != .max ? value : nil
        }
        var address: OpaquePointer?
        if rtnl_link_vf_get_addr(row, &address) == 0, let address { mac = MACAddress(netlink: address) }
        var vlans: UnsafeMutablePointer<nl_vf_vlans_t>?
        if rtnl_link_vf_get_vlans(row, &vlans) == 0, let vlans {
            defer { rtnl_link_vf_vlan_put(vlans) }
            // 4095 is mlx4's word for none: its guest tags for itself.
            if vlans.pointee.size > 0, let first = vlans.pointee.vlans?.pointee, 1...4094 ~= first.vf_vlan {
                vlan = Int(first.vf_vlan)
                qos = first.vf_vlan_qos > 0 ? Int(first.vf_vlan_qos) : nil
                if first.vf_vlan_proto == VLANProtocol.provider.etherType { vlanProtocol = .provider }
            }
        }
        trust = value { rtnl_link_vf_get_trust($0, $1) }.map { $0 != 0 }
        spoofCheck = value { rtnl_link_vf_get_spoofchk($0, $1) }.map { $0 != 0 }
        switch value({ rtnl_link_vf_get_linkstate($0, $1) }) {
        case UInt32(IFLA_VF_LINK_STATE_AUTO): linkState = .auto
        case UInt32(IFLA_VF_LINK_STATE_ENABLE): linkState = .enable
        case UInt32(IFLA_VF_LINK_STATE_DISABLE): linkState = .disable
        default: linkState = nil
        }
        var rate = nl_vf_rate()
        if rtnl_link_vf_get_rate(row, &rate) == 0 {
            let highest = rate.api == Int32(RTNL_LINK_VF_RATE_API_OLD.rawValue) ? rate.rate : rate.max_tx_rate
            maxRate = highest > 0 ? Int(highest) : nil
            minRate = rate.min_tx_rate > 0 ? Int(rate.min_tx_rate) : nil
        }
    }
}
