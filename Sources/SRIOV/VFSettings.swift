/// What a PF's driver will do with one virtual function's packets: a row of the kernel's VF table.
///
/// From `RTM_GETLINK` with `IFLA_VFINFO_LIST` (what `ip link show` prints as `vf 0 …`). nil: not set, or not told.
package struct VFSettings: Sendable, Equatable {
    /// Whether the VF sees its PF's link, or one that is always up or down (`IFLA_VF_LINK_STATE`).
    package enum LinkState: String, Sendable, CaseIterable, Codable {
        case auto, enable, disable
    }

    /// The administrative MAC; all zero until someone sets one.
    package var mac: MACAddress?
    /// 1…4094. nil: untagged.
    package var vlan: Int?
    /// The VLAN's priority, 1…7.
    package var qos: Int?
    package var vlanProtocol: VLANProtocol
    package var trust: Bool?
    package var spoofCheck: Bool?
    package var linkState: LinkState?
    /// Mbit/s. nil: no limit.
    package var maxRate: Int?
    /// Mbit/s. nil: no minimum.
    package var minRate: Int?

    package init(
        mac: MACAddress? = nil, vlan: Int? = nil, qos: Int? = nil, vlanProtocol: VLANProtocol = .customer,
        trust: Bool? = nil, spoofCheck: Bool? = nil, linkState: LinkState? = nil, maxRate: Int? = nil,
        minRate: Int? = nil
    ) {
        self.mac = mac
        self.vlan = vlan
        self.qos = qos
        self.vlanProtocol = vlanProtocol
        self.trust = trust
        self.spoofCheck = spoofCheck
        self.linkState = linkState
        self.maxRate = maxRate
        self.minRate = minRate
    }
}
