/// One thing that a PF's driver is told about a virtual function: an attribute of `IFLA_VF_INFO`.
package enum VFChange: Sendable, Equatable {
    /// Whether the guest may change its MAC and receive what is meant for others (`IFLA_VF_TRUST`).
    case trust(Bool)
    /// Whether packets with another MAC or VLAN than the VF's own are dropped (`IFLA_VF_SPOOFCHK`).
    case spoofCheck(Bool)
    /// Mbit/s, 0 for none; the kernel takes both together (`IFLA_VF_RATE`).
    case rate(min: Int, max: Int)
    /// `IFLA_VF_LINK_STATE`.
    case linkState(VFSettings.LinkState)
    /// 0 for untagged; the kernel takes all three together (`IFLA_VF_VLAN_LIST`).
    case vlan(Int, qos: Int, VLANProtocol)
}
