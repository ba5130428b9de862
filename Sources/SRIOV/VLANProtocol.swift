/// The Ethernet type that a VLAN's tag carries: the customer's (802.1Q) or the provider's around it (802.1ad).
package enum VLANProtocol: String, Sendable, CaseIterable, Codable {
    case customer = "802.1Q"
    case provider = "802.1ad"

    /// ETH_P_8021Q, ETH_P_8021AD.
    var etherType: UInt16 { self == .customer ? 0x8100 : 0x88A8 }
}
